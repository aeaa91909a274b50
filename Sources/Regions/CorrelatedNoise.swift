import Volumes

/// Variances of weighted sums of voxels whose noise is correlated.
struct CorrelatedNoise {
  let grid: VoxelGrid
  let correlation: NoiseCorrelation

  /// A sum of voxels: indices in memory, ascending, and a weight for each (noise's standard
  /// deviation included).
  struct Sum {
    var voxels: [Int]
    var weights: [Double]
  }

  /// Covariance of two sums,
  ///
  ///     sum_ij a_i b_j rho(i - j),   rho(d) = rho_x(dx)^p rho_y(dy)^p rho_z(dz)^p
  ///
  /// one axis after the other in the box around both.
  /// - Parameter power: p, odd.
  func covariance(_ a: Sum, _ b: Sum, power: Int = 1) -> Double {
    let axes = correlation.axes.map { $0.map { raised($0, power) } }
    guard !correlation.isNone else { return withoutCorrelation(a, b) }
    var box = Box(around: [a.voxels, b.voxels], grid: grid)
    box.add(a, grid: grid)
    for axis in 0..<3 where !axes[axis].isEmpty { box.correlate(along: axis, axes[axis]) }
    return zip(b.voxels, b.weights).reduce(0) { $0 + $1.1 * box[grid.position($1.0)] }
  }

  /// Variance of a sum. Noise that alternates would lower it; no sum counts as less noisy than one of
  /// independent voxels.
  func variance(_ a: Sum) -> Double {
    let alone = a.weights.reduce(0) { $0 + $1 * $1 }
    return correlation.isNone ? alone : max(alone, covariance(a, a))
  }

  private func raised(_ value: Double, _ power: Int) -> Double {
    (0..<power).reduce(1.0) { product, _ in product * value }
  }

  private func withoutCorrelation(_ a: Sum, _ b: Sum) -> Double {
    var (i, j, sum) = (0, 0, 0.0)
    while i < a.voxels.count, j < b.voxels.count {
      if a.voxels[i] == b.voxels[j] { sum += a.weights[i] * b.weights[j] }
      if a.voxels[i] <= b.voxels[j] { i += 1 } else { j += 1 }
    }
    return sum
  }
}

/// Values in a box of voxels, x fastest.
private struct Box {
  private let low: SIMD3<Int>
  private let size: SIMD3<Int>
  private var values: [Double]

  init(around sets: [[Int]], grid: VoxelGrid) {
    var low = SIMD3(grid.nx, grid.ny, grid.nz)
    var high = SIMD3(0, 0, 0)
    for voxel in sets.joined() {
      let (x, y, z) = grid.position(voxel)
      low = pointwiseMin(low, SIMD3(x, y, z))
      high = pointwiseMax(high, SIMD3(x, y, z))
    }
    self.low = low
    size = pointwiseMax(high &- low &+ 1, SIMD3(0, 0, 0))
    values = [Double](repeating: 0, count: size.x * size.y * size.z)
  }

  subscript(position: (x: Int, y: Int, z: Int)) -> Double { values[index(position)] }

  private func index(_ p: (x: Int, y: Int, z: Int)) -> Int {
    p.x - low.x + size.x * (p.y - low.y + size.y * (p.z - low.z))
  }

  mutating func add(_ sum: CorrelatedNoise.Sum, grid: VoxelGrid) {
    for (voxel, weight) in zip(sum.voxels, sum.weights) {
      values[index(grid.position(voxel))] += weight
    }
  }

  /// v_i + sum_d rho(d) (v_(i - d) + v_(i + d)) along an axis.
  mutating func correlate(along axis: Int, _ rho: [Double]) {
    let stride = [1, size.x, size.x * size.y][axis]
    let count = size[axis]
    let before = values
    for (d, value) in rho.enumerated() where value != 0 && d + 1 < count {
      let step = (d + 1) * stride
      for block in Swift.stride(from: 0, to: values.count, by: stride * count) {
        for i in block..<(block + stride * count - step) {
          values[i] += value * before[i + step]
          values[i + step] += value * before[i]
        }
      }
    }
  }
}
