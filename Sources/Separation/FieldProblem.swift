import KernelTypes
import Volumes

/// A step of the field map, Hz, wrapped into its period; 0 when it has none.
@inline(__always)
func wrapped(_ step: Float, into period: Float) -> Float {
  period > 0 ? step - (step / period).rounded() * period : step
}

/// A field map's inference as a sum of costs in nats over the voxels' choices among candidates, and
/// the choice at hand.
struct FieldProblem {
  let voxels: SignalVoxels
  let neighbours: Buffer<Int32>
  /// Shape (voxel, 3, 4).
  let candidates: Buffer<Float>
  /// Own costs, shape (voxel, 4).
  let unary: Buffer<Float>
  /// Weights of the pairs with the neighbours at +x, +y, +z, shape (voxel, 3).
  let weights: Buffer<Float>
  /// Chosen candidate, shape (voxel).
  let choice: Buffer<UInt8>
  /// Period of the field map, Hz; 0 when it has none.
  let period: Float
  /// 1 / (2 sd^2) of a step, 1/Hz^2.
  let stiffness: Float
  /// Most nats that a pair costs.
  let most: Float

  var count: Int { voxels.count }

  @inline(__always)
  func psi(_ i: Int, _ k: Int) -> Float { candidates[i * 12 + k] }

  @inline(__always)
  func own(_ i: Int, _ k: Int) -> Float { unary[i * 4 + k] }

  /// The neighbour in a direction (-x, +x, -y, ...), -1 where there is none.
  @inline(__always)
  func neighbour(_ i: Int, _ direction: Int) -> Int { Int(neighbours[i * 6 + direction]) }

  @inline(__always)
  func weight(_ i: Int, _ j: Int, _ direction: Int) -> Float {
    weights[(direction & 1 == 1 ? i : j) * 3 + direction / 2]
  }

  @inline(__always)
  func wrapped(_ step: Float) -> Float { Separation.wrapped(step, into: period) }

  /// Step of the chosen field between two voxels, Hz.
  @inline(__always)
  func step(_ i: Int, _ j: Int) -> Float {
    wrapped(psi(i, Int(choice[i])) - psi(j, Int(choice[j])))
  }

  /// Cost of a field step, before its weight.
  @inline(__always)
  func cost(step: Float) -> Float {
    let d = wrapped(step)
    return min(most, d * d * stiffness)
  }

  @inline(__always)
  func pair(_ i: Int, _ a: Int, _ j: Int, _ b: Int) -> Float {
    cost(step: psi(i, a) - psi(j, b))
  }

  /// The candidate of voxel `i` that suits a field best.
  @inline(__always)
  func nearest(_ i: Int, _ field: Float) -> Int {
    var best = (cost: Float.infinity, k: 0)
    for k in 0..<candidateCount {
      let c = own(i, k) + cost(step: psi(i, k) - field)
      if c < best.cost { best = (c, k) }
    }
    return best.k
  }

  /// Index of the block of voxels that a voxel lies in.
  @inline(__always)
  func block(_ i: Int, _ shape: (Int, Int, Int)) -> Int {
    let at = Int(voxels.indices[i])
    let (nx, ny) = (voxels.grid.nx, voxels.grid.ny)
    return at % nx / shape.0 + 4096 * (at / nx % ny / shape.1 + 4096 * (at / (nx * ny) / shape.2))
  }

  /// Costs of some voxels and of their pairs with all neighbours; each pair once.
  func cost(around some: [Int32]) -> Double {
    var inside = [Bool](repeating: false, count: count)
    for i in some { inside[Int(i)] = true }
    var sum = 0.0
    for i in some.lazy.map(Int.init) {
      let k = Int(choice[i])
      sum += Double(own(i, k))
      for direction in 0..<6 {
        let j = neighbour(i, direction)
        if j < 0 { continue }
        let cost = weight(i, j, direction) * pair(i, k, j, Int(choice[j]))
        sum += Double(inside[j] ? 0.5 * cost : cost)
      }
    }
    return sum
  }

  /// Sum of all costs.
  func cost() -> Double {
    var sum = 0.0
    for i in 0..<count {
      let k = Int(choice[i])
      sum += Double(own(i, k))
      for direction in [1, 3, 5] {
        let j = neighbour(i, direction)
        if j >= 0 { sum += Double(weight(i, j, direction) * pair(i, k, j, Int(choice[j]))) }
      }
    }
    return sum
  }
}
