import Faults
import Volumes

/// From the voxel indices of one grid to those of another, through the affines.
///
///     q = B^-1 (A p)
///
/// with A the affine of the grid that p indexes and B that of the grid that q indexes.
struct IndexMap {
  let columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
  let origin: SIMD3<Double>

  /// Refused where an affine is singular or not finite.
  init(from source: VoxelGrid, to target: VoxelGrid, file: String?) throws(RegionsError) {
    guard let inverse = target.affine.inverse, source.affine.inverse != nil else {
      throw Self.unusable(source, target, file: file)
    }
    let (ux, uy, uz) = inverse.columns
    func turned(_ v: SIMD3<Double>) -> SIMD3<Double> { ux * v.x + uy * v.y + uz * v.z }
    let (cx, cy, cz) = source.affine.columns
    columns = (turned(cx), turned(cy), turned(cz))
    origin = inverse.apply(source.affine.origin)
    let parts = [columns.0, columns.1, columns.2, origin]
    guard parts.allSatisfy({ $0.length < Self.farthest }) else {
      throw Self.unusable(source, target, file: file)
    }
  }

  private static func unusable(_ a: VoxelGrid, _ b: VoxelGrid, file: String?) -> RegionsError {
    RegionsError(.maskGeometry, "\(a.summary); \(b.summary)", file: file)
  }

  /// No real pair of grids lies further apart than this many voxels; keeps all sums finite.
  private static let farthest = 1e12

  func apply(_ p: SIMD3<Double>) -> SIMD3<Double> {
    columns.0 * p.x + columns.1 * p.y + columns.2 * p.z + origin
  }

  /// Index that is nearest to `p` plus the tie's share, as a real number: its whole part is the
  /// nearest voxel where it lies in 0..<n.
  ///
  /// Halfway between two voxels the higher index wins, as in ITK; so that rounding errors do not
  /// decide, a millionth of a voxel below halfway counts as halfway.
  static let nearest = SIMD3<Double>(repeating: 0.5 + 1e-6)
}

/// A box of voxels, both ends included; empty where a lower end exceeds its upper end.
struct VoxelBox: Equatable {
  var lower: SIMD3<Int>
  var upper: SIMD3<Int>

  var isEmpty: Bool { lower.x > upper.x || lower.y > upper.y || lower.z > upper.z }

  /// The smallest box around all voxels that are not 0.
  init(around labels: Volume<Int32>) {
    let grid = labels.grid
    lower = SIMD3(grid.nx, grid.ny, grid.nz)
    upper = SIMD3(-1, -1, -1)
    for z in 0..<grid.nz {
      for y in 0..<grid.ny {
        let row = labels.values[grid.index(0, y, z)..<grid.index(0, y, z) + grid.nx]
        guard let first = row.firstIndex(where: { $0 != 0 }),
          let last = row.lastIndex(where: { $0 != 0 })
        else { continue }
        lower = pointwiseMin(lower, SIMD3(first - row.startIndex, y, z))
        upper = pointwiseMax(upper, SIMD3(last - row.startIndex, y, z))
      }
    }
  }

  /// The voxels of `grid` that may see `box`, whose indices `map` turns into the grid's.
  init(_ box: VoxelBox, through map: IndexMap, on grid: VoxelGrid) {
    var low = SIMD3<Double>(repeating: .infinity)
    var high = -low
    for corner in 0..<8 {
      func end(_ axis: Int) -> Double {
        corner >> axis & 1 == 0 ? Double(box.lower[axis]) - 0.51 : Double(box.upper[axis]) + 0.51
      }
      let p = map.apply(SIMD3(end(0), end(1), end(2)))
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    let size = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz))
    lower = SIMD3()
    upper = SIMD3()
    for axis in 0..<3 {
      lower[axis] = Int(min(max(low[axis].rounded(.down), 0), size[axis]))
      upper[axis] = Int(min(max(high[axis].rounded(.up), -1), size[axis] - 1))
    }
  }
}

extension LabelImage {
  /// The labels on another grid: each voxel takes the label of the nearest voxel of the mask, and 0
  /// outside the mask's field of view.
  ///
  /// Equal to ITK's `ResampleImageFilter` with its nearest-neighbour interpolator. Grids that
  /// coincide (corners within a hundredth of a voxel) are copied.
  /// - Returns: labels of shape (x, y, z) of `grid`.
  public func resampled(onto grid: VoxelGrid) throws(RegionsError) -> Volume<Int32> {
    let toMask = try IndexMap(from: grid, to: self.grid, file: file)
    let toScan = try IndexMap(from: self.grid, to: grid, file: file)
    if grid.coincides(with: self.grid) { return Volume(grid: grid, values: labels.values) }
    var result = Volume<Int32>(grid: grid, repeating: 0)
    let box = VoxelBox(VoxelBox(around: labels), through: toScan, on: grid)
    guard !box.isEmpty else { return result }
    let mask = self.grid
    let size = SIMD3(Double(mask.nx), Double(mask.ny), Double(mask.nz))
    labels.values.withUnsafeBufferPointer { source in
      result.values.withUnsafeMutableBufferPointer { target in
        for z in box.lower.z...box.upper.z {
          for y in box.lower.y...box.upper.y {
            let start = toMask.apply(SIMD3(0, Double(y), Double(z))) + IndexMap.nearest
            let row = grid.index(0, y, z)
            for x in box.lower.x...box.upper.x {
              let q = start + toMask.columns.0 * Double(x)
              guard q.x >= 0, q.y >= 0, q.z >= 0, q.x < size.x, q.y < size.y, q.z < size.z
              else { continue }
              target[row + x] = source[mask.index(Int(q.x), Int(q.y), Int(q.z))]
            }
          }
        }
      }
    }
    return result
  }

  /// How many voxels of each label have their centre outside `grid`'s field of view.
  func outside(_ grid: VoxelGrid) throws(RegionsError) -> [Int: Int] {
    let toScan = try IndexMap(from: self.grid, to: grid, file: file)
    if grid.coincides(with: self.grid) { return [:] }
    let box = VoxelBox(around: labels)
    let size = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz))
    var result: [Int: Int] = [:]
    for z in box.lower.z...box.upper.z {
      for y in box.lower.y...box.upper.y {
        let start = toScan.apply(SIMD3(0, Double(y), Double(z))) + IndexMap.nearest
        let row = self.grid.index(0, y, z)
        for x in box.lower.x...box.upper.x {
          let label = labels.values[row + x]
          guard label != 0 else { continue }
          let q = start + toScan.columns.0 * Double(x)
          if q.x >= 0, q.y >= 0, q.z >= 0, q.x < size.x, q.y < size.y, q.z < size.z { continue }
          result[Int(label), default: 0] += 1
        }
      }
    }
    return result
  }
}
