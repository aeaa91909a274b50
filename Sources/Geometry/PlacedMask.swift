import Statistics
import Volumes

/// A face between two neighbours of which a label holds one: the lower voxel (sign 1) or the upper (-1).
struct MaskFace {
  let voxel: Int
  let axis: Int
  let sign: Float
}

/// A mask on the scan's grid: its voxels, and the faces at which its labels change.
struct PlacedMask {
  /// Voxels of the scan with a label of any layer.
  let voxels: [Int]
  /// Lower voxel and axis of every face between different labels.
  let faces: [MaskFace]
  /// Box around the voxels, ends included.
  let box: (lower: SIMD3<Int>, upper: SIMD3<Int>)
  /// How many voxels the mask would have if none lay outside the scan.
  let expected: Double

  /// - Parameters:
  ///   - layers: labels on the scan's grid, as pairs of voxel and label.
  ///   - scratch: zeros, one for each voxel of the grid; zeros again afterwards.
  init(
    _ layers: [[(voxel: Int, label: Int32)]], expected: Double, on grid: VoxelGrid,
    scratch: inout [Int32]
  ) {
    var all: Set<Int> = []
    var faces: [MaskFace] = []
    var lower = SIMD3(grid.nx, grid.ny, grid.nz)
    var upper = SIMD3(-1, -1, -1)
    let (steps, sizes) = (grid.steps, grid.sizes)
    for layer in layers {
      for (voxel, label) in layer { scratch[voxel] = label }
      for (voxel, label) in layer {
        let at = grid.place(voxel)
        (lower, upper) = (pointwiseMin(lower, at), pointwiseMax(upper, at))
        for axis in 0..<3 {
          if at[axis] + 1 < sizes[axis], scratch[voxel + steps[axis]] != label {
            faces.append(MaskFace(voxel: voxel, axis: axis, sign: 1))
          }
          // Faces between two labels are met from below.
          if at[axis] > 0, scratch[voxel - steps[axis]] == 0 {
            faces.append(MaskFace(voxel: voxel - steps[axis], axis: axis, sign: -1))
          }
        }
      }
      for (voxel, _) in layer { scratch[voxel] = 0 }
      if layers.count > 1 { all.formUnion(layer.map(\.voxel)) }
    }
    voxels = layers.count == 1 ? layers[0].map(\.voxel) : Array(all)
    self.faces = faces
    box = (lower, upper)
    self.expected = expected
  }

  /// Every n-th so that at most `count` are left.
  static func thinned<T>(_ list: [T], to count: Int) -> [T] {
    guard list.count > count else { return list }
    return (0..<count).map { list[$0 * list.count / count] }
  }
}

/// How well a mask fits the scan's images in one place.
public struct MaskEvidence: Sendable, Hashable {
  /// Share of the mask that lies within the scan.
  public let inScan: Double
  /// Share of the mask that lies on tissue of the scan.
  public let inTissue: Double
  /// How much the images change across the mask's edge, in typical differences of neighbours in
  /// tissue: about 1.5 anywhere, more where the edge was drawn along one.
  public let edge: Double
  /// `edge` against the same mask at random places on tissue, in their standard deviations; nil where
  /// the mask is too large to be moved or has too few faces.
  public internal(set) var z: Double?
}

extension ScanImages {
  static let mostFaces = 4000

  func evidence(_ mask: PlacedMask) -> MaskEvidence {
    let voxels = PlacedMask.thinned(mask.voxels, to: 20_000)
    let tissue = Double(voxels.count { isTissue($0) }) / Double(max(1, voxels.count))
    let inScan = min(1, Double(mask.voxels.count) / max(1, mask.expected))
    return MaskEvidence(
      inScan: inScan, inTissue: tissue * inScan, edge: edge(mask.faces, to: Self.mostFaces) ?? 0,
      z: nil)
  }

  /// Mean change across faces, moved by `offset` in memory.
  func edge(
    _ faces: [MaskFace], to count: Int, offset: Int = 0
  ) -> Double? {
    guard !faces.isEmpty else { return nil }
    let some = PlacedMask.thinned(faces, to: count)
    var sum: Float = 0
    for face in some { sum += edge(face.voxel + offset, axis: face.axis) }
    return Double(sum) / Double(some.count)
  }

  /// How far inside and outside differ on the whole: the mean over faces with its sign, a contour's own
  /// and rarely that of any other place; in typical differences, moved by `offset` in memory.
  func contrast(_ faces: [MaskFace], offset: Int) -> Double {
    var total: Float = 0
    for (place, channel) in channels.enumerated() {
      var sum: Float = 0
      for face in faces {
        let voxel = face.voxel + offset
        let step = channel.value(voxel) - channel.value(voxel + grid.steps[face.axis])
        let scaled = step / scale[place][face.axis]
        sum += face.sign * min(max(scaled, -Self.cap), Self.cap)
      }
      total += abs(sum)
    }
    return Double(total) / Double(max(1, faces.count * channels.count))
  }

  /// Mean and standard deviation of the edge of the same mask moved at random, on tissue as far as
  /// that is possible; nil where fewer than 20 different places are found.
  func elsewhere(_ mask: PlacedMask) -> (mean: Double, deviation: Double)? {
    guard mask.faces.count >= 60 else { return nil }
    let voxels = PlacedMask.thinned(mask.voxels, to: 300)
    let faces = PlacedMask.thinned(mask.faces, to: 1500)
    var random = SeededRandom(seed: 8)
    var edges: [Double] = []
    var seen: Set<SIMD3<Int>> = []
    // No face may leave the grid: the box of faces is one voxel larger below and above.
    let low = SIMD3(repeating: 0) &- mask.box.lower &+ 1
    let high = SIMD3(grid.nx, grid.ny, grid.nz) &- mask.box.upper &- 2
    var tries = 0
    while edges.count < 40, tries < 800 {
      tries += 1
      var offset = SIMD3(0, 0, 0)
      for axis in 0..<3 where high[axis] > low[axis] {
        offset[axis] = low[axis] + random.index(below: high[axis] - low[axis] + 1)
      }
      guard max(abs(offset.x), abs(offset.y), abs(offset.z)) >= 3, seen.insert(offset).inserted
      else { continue }
      let step = grid.index(offset.x, offset.y, offset.z)
      guard Double(voxels.count { isTissue($0 + step) }) >= 0.85 * Double(voxels.count) else {
        continue
      }
      edges.append(edge(faces, to: faces.count, offset: step) ?? 0)
    }
    guard edges.count >= 20 else { return nil }
    let mean = edges.reduce(0, +) / Double(edges.count)
    let variance = edges.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(edges.count - 1)
    return (mean, max(variance.squareRoot(), 0.03 * mean))
  }

  func measured(_ evidence: MaskEvidence, _ mask: PlacedMask) -> MaskEvidence {
    var evidence = evidence
    evidence.z = elsewhere(mask).map { (evidence.edge - $0.mean) / $0.deviation }
    return evidence
  }
}
