import Volumes

/// Which anatomical direction each voxel axis runs in, as nibabel's `aff2axcodes` says.
///
/// The affine without its voxel sizes is brought to the nearest rotation (polar decomposition, Higham
/// 1986, 10.1137/0907079); then the axis that lies closest to an anatomical direction takes it, and the
/// others take from what is left.
public struct AnatomicalAxes: Sendable, Equatable {
  /// For each voxel axis: 0 right-left, 1 anterior-posterior, 2 superior-inferior.
  public let axes: [Int]
  /// For each voxel axis, whether it runs to right, anterior or superior.
  public let runsUp: [Bool]

  public init(_ affine: Affine) {
    let columns = AnatomicalAxes.rotation(affine)
    let order = (0..<3).sorted { largest(columns[$0]) > largest(columns[$1]) }
    var axes = [0, 0, 0]
    var runsUp = [true, true, true]
    var free: Set = [0, 1, 2]
    for column in order {
      let best = free.sorted().max { abs(columns[column][$0]) < abs(columns[column][$1]) } ?? 0
      free.remove(best)
      axes[column] = best
      runsUp[column] = columns[column][best] >= 0
    }
    self.axes = axes
    self.runsUp = runsUp
  }

  /// The letter towards which a voxel axis runs, or the one that it comes from.
  public func letter(of axis: Int, atEnd: Bool) -> String {
    let pairs = [("R", "L"), ("A", "P"), ("S", "I")]
    let pair = pairs[axes[axis]]
    return runsUp[axis] == atEnd ? pair.0 : pair.1
  }

  /// "LAS": the directions in which the axes run.
  public var codes: String { (0..<3).map { letter(of: $0, atEnd: true) }.joined() }

  /// The rotation (or reflection) nearest to the affine's directions: X <- (X + X^-T) / 2.
  private static func rotation(_ affine: Affine) -> [SIMD3<Double>] {
    let given = [affine.columns.0, affine.columns.1, affine.columns.2]
    var x = given.map { $0 / max($0.length, 1e-30) }
    for _ in 0..<50 {
      let determinant = x[0].dot(x[1].cross(x[2]))
      guard abs(determinant) > 1e-12 else { return x }
      // The inverse's transpose has the cross products over the determinant for columns.
      let inverse = [x[1].cross(x[2]), x[2].cross(x[0]), x[0].cross(x[1])].map { $0 / determinant }
      let next = (0..<3).map { (x[$0] + inverse[$0]) / 2 }
      let change = (0..<3).map { (next[$0] - x[$0]).length }.max() ?? 0
      x = next
      if change < 1e-14 { break }
    }
    return x
  }
}

private func largest(_ column: SIMD3<Double>) -> Double {
  max(abs(column.x), abs(column.y), abs(column.z))
}
