import Volumes

/// One thing that may be wrong with a mask, and where it lies if it is mended.
public struct Hypothesis: Sendable {
  public enum Ground: Sendable {
    /// The header alone says so: the agreement with the scan's would be a strange coincidence.
    case header
    /// The header allows it; the images must say so.
    case possible
    /// Nothing but the images can say so.
    case images
  }

  public let fault: GeometryFault
  /// "reversed along x".
  public let words: String
  public let ground: Ground
  let reordering: Reordering
  /// Where the mask's voxels lie, after reordering.
  public let grid: VoxelGrid

  /// The layers as mended.
  func mended(_ mask: ExaminedMask) -> [Volume<Int32>] {
    mask.layers.map { reordering.apply($0, on: grid) }
  }
}

/// Everything that may be wrong between a mask's grid and a scan's.
struct Hypotheses {
  let mask: ExaminedMask
  let scan: VoxelGrid
  /// Where the scan's other affine (qform beside sform) places it.
  let scanOther: VoxelGrid?

  private var given: VoxelGrid { mask.grid }
  private var sameShape: Bool { given.sizes == scan.sizes }
  private var fits: Bool { given.coincides(with: scan) }

  /// All but those by cropping, which are searched for.
  var all: [Hypothesis] {
    forms + (sameShape ? exchanged + half + frames : transposed + resolutions) + reversals
  }

  /// The voxels of the mask one step apart are so in the scan too: the affines' columns agree.
  var hasScanColumns: Bool { Self.agree(given.affine, scan.affine, origins: false, of: scan) }

  /// The header's other affine fits, the one that counts does not.
  private var forms: [Hypothesis] {
    guard !fits else { return [] }
    if let other = mask.other {
      let isSure = other.grid.coincides(with: scan)
      return [
        Hypothesis(
          fault: .form, words: "its \(other.name) places it\(isSure ? " on the scan's grid" : "")",
          ground: isSure ? .header : .possible, reordering: Reordering(), grid: other.grid)
      ]
    }
    if let scanOther, scanOther.coincides(with: given) {
      return [
        Hypothesis(
          fault: .form, words: "it lies on the scan's grid by the scan's other affine",
          ground: .header, reordering: Reordering(), grid: scan)
      ]
    }
    return []
  }

  /// Signs: of the patient's axes (LPS taken for RAS), or of the image's.
  private var exchanged: [Hypothesis] {
    guard !fits else { return [] }
    var found: [Hypothesis] = []
    for signs in 1..<8 {
      let turn = SIMD3<Double>(
        signs & 1 == 0 ? 1 : -1, signs & 2 == 0 ? 1 : -1, signs & 4 == 0 ? 1 : -1)
      let (x, y, z) = given.affine.columns
      let world = Affine(x * turn, y * turn, z * turn, origin: given.affine.origin * turn)
      let columns = Affine(x * turn.x, y * turn.y, z * turn.z, origin: given.affine.origin)
      let names = ["x", "y", "z"].enumerated().filter { signs >> $0.offset & 1 == 1 }
        .map(\.element).joined(separator: " and ")
      for (affine, words) in [
        (world, "the patient's \(names) have the other sign (RAS and LPS confused)"),
        (columns, "its \(names) runs the other way from the same first voxel"),
      ] where Self.agree(affine, scan.affine, origins: true, of: scan) {
        // The same box in reverse order is what a program that reorders voxels writes, rightly.
        found.append(
          Hypothesis(
            fault: .flipped, words: words, ground: coversScan ? .images : .header,
            reordering: Reordering(), grid: scan))
      }
    }
    return found.isEmpty ? [] : [found[0]]
  }

  /// Whether the mask's field of view is the scan's, in whatever order of voxels.
  private var coversScan: Bool {
    guard let inverse = scan.affine.inverse else { return false }
    let far = SIMD3(Double(given.nx - 1), Double(given.ny - 1), Double(given.nz - 1))
    let ends = [SIMD3(0, 0, 0), far].map { inverse.apply(given.affine.apply($0)) }
    let (low, high) = (pointwiseMin(ends[0], ends[1]), pointwiseMax(ends[0], ends[1]))
    let size = SIMD3(Double(scan.nx - 1), Double(scan.ny - 1), Double(scan.nz - 1))
    return low.length < 0.02 && (high - size).length < 0.02
  }

  private var half: [Hypothesis] {
    guard !fits, hasScanColumns, let shift, shift.parts.allSatisfy({ [0, 0.5].contains($0) }) else {
      return []
    }
    return [
      Hypothesis(
        fault: .halfVoxel, words: "by half a voxel along \(shift.words)", ground: .header,
        reordering: Reordering(), grid: scan)
    ]
  }

  /// Where the scan's first voxel lies in the mask's voxels, rounded to halves where that is near.
  private var shift: (parts: [Double], words: String)? {
    guard let inverse = scan.affine.inverse else { return nil }
    let offset = inverse.apply(given.affine.origin)
    let parts = (0..<3).map { axis -> Double in
      let half = abs(offset[axis] * 2).rounded() / 2
      return abs(abs(offset[axis]) - half) < 0.02 ? half : abs(offset[axis])
    }
    let names = ["x", "y", "z"].enumerated().filter { parts[$0.offset] != 0 }.map(\.element)
    return (parts, names.joined(separator: ", "))
  }

  /// The scan's own shape under another position, direction or voxel size.
  private var frames: [Hypothesis] {
    guard !fits, half.isEmpty else { return [] }
    let (a, b) = (given.spacing, scan.spacing)
    let isSize = (0..<3).contains { abs(a[$0] - b[$0]) > 0.01 * b[$0] }
    if !mask.isPlaced {
      return [
        Hypothesis(
          fault: .otherFrame, words: "its header has no position at all; it has the scan's shape",
          ground: .header, reordering: Reordering(), grid: scan)
      ]
    }
    return [
      Hypothesis(
        fault: isSize ? .resolution : .otherFrame,
        words: isSize
          ? "it has the scan's shape, and voxels of another size"
          : "it has the scan's shape and voxel size, and lies elsewhere",
        ground: .possible, reordering: Reordering(), grid: scan)
    ]
  }

  /// The scan's sizes in another order, under the scan's own affine or none.
  private var transposed: [Hypothesis] {
    guard given.sizes.sorted() == scan.sizes.sorted() else { return [] }
    let isScans = Self.agree(given.affine, scan.affine, origins: true, of: scan)
    return Self.orders.dropFirst().filter { order in
      order.map { given.sizes[$0] } == scan.sizes
    }.map { order in
      let reordering = Reordering(axes: order)
      return Hypothesis(
        fault: .transposed, words: reordering.words,
        ground: isScans || !mask.isPlaced ? .header : .possible, reordering: reordering, grid: scan)
    }
  }

  private static let orders = [
    [0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1], [1, 2, 0], [2, 0, 1],
  ]

  /// The scan's voxel size under another number of voxels: the same field of view, finer or coarser.
  private var resolutions: [Hypothesis] {
    let ratios = (0..<3).map { Double(given.sizes[$0]) / Double(scan.sizes[$0]) }
    guard hasScanColumns || !mask.isPlaced, ratios.allSatisfy({ (0.1...10).contains($0) }) else {
      return []
    }
    let isWhole = ratios.allSatisfy { ratio in
      let most = max(ratio, 1 / ratio)
      return abs(most - most.rounded()) < 1e-9
    }
    // Fewer slices are rather left out, a part with a place of its own is cropped.
    let isFiner = ratios.contains { $0 > 1 }
    let isCoarserInPlane = ratios.count { $0 < 1 } >= 2
    let isAtOrigin =
      !mask.isPlaced || Self.agree(given.affine, scan.affine, origins: true, of: scan)
    let isSure = isWhole && isAtOrigin && (isFiner || isCoarserInPlane)
    let (x, y, z) = scan.affine.columns
    let columns = [x / ratios[0], y / ratios[1], z / ratios[2]]
    // Same outer faces, or same first centre: both are in use.
    return [true, false].map { isOuter in
      var origin = scan.affine.origin
      if isOuter {
        for axis in 0..<3 {
          origin += [x, y, z][axis] * ((1 / ratios[axis] - 1) / 2)
        }
      }
      let times = ratios.map { "\(($0 * 100).rounded() / 100)" }.joined(separator: ", ")
      return Hypothesis(
        fault: .resolution,
        words: "it has \(times) times the scan's voxels along x, y, z, with the scan's voxel size; "
          + (isOuter ? "its edges are the scan's" : "its first voxel's centre is the scan's"),
        ground: isSure ? .header : .possible, reordering: Reordering(),
        grid: VoxelGrid(
          nx: given.nx, ny: given.ny, nz: given.nz,
          affine: Affine(columns[0], columns[1], columns[2], origin: origin)))
    }
  }

  /// The header is right and the voxels are in another order.
  private var reversals: [Hypothesis] {
    var result: [Hypothesis] = []
    for order in Self.orders where order.map({ given.sizes[$0] }) == given.sizes {
      for signs in 0..<8 {
        let reversed = (0..<3).map { signs >> $0 & 1 == 1 && given.sizes[$0] > 1 }
        guard reversed.count(where: { $0 }) == signs.nonzeroBitCount else { continue }
        let reordering = Reordering(axes: order, reversed: reversed)
        guard !reordering.isIdentity else { continue }
        result.append(
          Hypothesis(
            fault: order == [0, 1, 2] ? .flipped : .transposed, words: reordering.words,
            ground: .images, reordering: reordering, grid: given))
      }
    }
    return result
  }

  /// Cropped, or without its empty slices, by `offset` voxels of the scan.
  func cropped(at offset: SIMD3<Int>) -> Hypothesis {
    let position = SIMD3(Double(offset.x), Double(offset.y), Double(offset.z))
    let (x, y, z) = scan.affine.columns
    let isSlices = given.nx == scan.nx && given.ny == scan.ny
    return Hypothesis(
      fault: isSlices ? .slicesMissing : .cropped,
      words: isSlices
        ? "its first slice is the scan's slice \(offset.z) (from 0)"
        : "its first voxel is the scan's voxel (\(offset.x), \(offset.y), \(offset.z))",
      ground: .possible, reordering: Reordering(),
      grid: VoxelGrid(
        nx: given.nx, ny: given.ny, nz: given.nz,
        affine: Affine(x, y, z, origin: scan.affine.apply(position))))
  }

  /// Whether the mask may be a part of the scan whose header was not moved.
  var mayBeCropped: Bool {
    guard !sameShape, (0..<3).allSatisfy({ given.sizes[$0] <= scan.sizes[$0] }) else {
      return false
    }
    return Self.agree(given.affine, scan.affine, origins: true, of: scan)
      || !mask.isPlaced || (hasScanColumns && given.affine.origin == SIMD3(0, 0, 0))
  }

  /// Columns, and origins where asked, agree to a fiftieth of a voxel over the whole scan.
  private static func agree(_ a: Affine, _ b: Affine, origins: Bool, of grid: VoxelGrid) -> Bool {
    let shortest = min(grid.spacing.x, grid.spacing.y, grid.spacing.z)
    let limit = 0.02 * shortest
    let (a0, a1, a2) = a.columns
    let (b0, b1, b2) = b.columns
    let off = zip([a0, a1, a2], [b0, b1, b2]).enumerated().map { axis, pair in
      (pair.0 - pair.1).length * Double(grid.sizes[axis])
    }
    return off.allSatisfy { $0 <= limit } && (!origins || (a.origin - b.origin).length <= limit)
  }
}
