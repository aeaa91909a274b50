import Faults
import Volumes

/// How far around a mask given by `--within` voxels are separated too, though not reported: the
/// field map's choice between water and fat rests on neighbours. With three echoes a voxel's own
/// data hardly decide, and context is wanted from further away.
struct Surroundings {
  /// Voxels in plane and across slices.
  var inPlane: Int
  var across: Int

  init(echoes: Int) { (inPlane, across) = echoes > 3 ? (16, 4) : (32, 8) }
}

extension SignalVoxels {
  /// Those of these voxels that lie in a mask or around it; all of them without a mask.
  ///
  /// - Parameters:
  ///   - mask: shape (x, y, z).
  ///   - echoes: number of echoes.
  /// - Throws: `no-signal` where none lies in the mask itself.
  package func around(_ mask: [Bool]?, echoes: Int) throws(SeparationError) -> SignalVoxels {
    guard let mask else { return self }
    guard indices.contains(where: { mask[Int($0)] }) else { throw SeparationError(.noSignal) }
    let reach = Surroundings(echoes: echoes)
    let near = grown(mask, grid: grid, inPlane: reach.inPlane, across: reach.across)
    return chosen { near[$0] }
  }

  /// Whole slices, evenly spread, at most eight: enough to tell the sign of phase by the smoothness
  /// of the field in plane.
  func sampledSlices() -> SignalVoxels {
    let step = max(1, grid.nz / 8)
    let plane = grid.nx * grid.ny
    return chosen { ($0 / plane) % step == step / 2 }
  }
}

/// A mask with a box of voxels around each of its own, axis by axis.
package func grown(_ mask: [Bool], grid: VoxelGrid, inPlane: Int, across: Int) -> [Bool] {
  let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
  var out = mask
  out.withUnsafeMutableBufferPointer { out in
    for row in 0..<(ny * nz) { growLine(out, from: row * nx, count: nx, step: 1, by: inPlane) }
    for z in 0..<nz {
      for x in 0..<nx {
        growLine(out, from: x + z * nx * ny, count: ny, step: nx, by: inPlane)
      }
    }
    for column in 0..<(nx * ny) {
      growLine(out, from: column, count: nz, step: nx * ny, by: across)
    }
  }
  return out
}

/// Grows a mask along one line both ways: onward first, then back. What the first pass adds lies
/// behind the mask's own voxels, so that it adds nothing more on the way back.
private func growLine(
  _ mask: UnsafeMutableBufferPointer<Bool>, from start: Int, count: Int, step: Int, by reach: Int
) {
  for order in [stride(from: 0, to: count, by: 1), stride(from: count - 1, to: -1, by: -1)] {
    var left = 0
    for i in order {
      let at = start + i * step
      if mask[at] {
        left = reach
      } else if left > 0 {
        left -= 1
        mask[at] = true
      }
    }
  }
}

extension SeparatedMaps {
  /// Leaves nothing outside a mask but the bit that says so.
  mutating func clear(outside mask: [Bool]?) {
    guard let mask else { return }
    func cleared(_ volume: Volume<Float>?) -> Volume<Float>? {
      guard var volume else { return nil }
      for i in mask.indices where !mask[i] { volume.values[i] = .nan }
      return volume
    }
    fatFraction = cleared(fatFraction) ?? fatFraction
    (fatFractionSD, r2star, fieldMap) = (
      cleared(fatFractionSD), cleared(r2star), cleared(fieldMap)
    )
    (water, fat) = (cleared(water), cleared(fat))
    let kept = Quality.nonFinite.rawValue
    for i in mask.indices where !mask[i] {
      let isFinite = quality.values[i] & kept == 0
      quality.values[i] = isFinite ? Quality.outsideRegion.rawValue : kept
    }
  }
}
