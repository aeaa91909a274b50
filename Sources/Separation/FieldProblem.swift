import KernelTypes
import Volumes

/// A step of the field map, Hz, wrapped into its period; 0 when it has none, and so is its `inverse`.
/// Adding 1.5 * 2^23 leaves no bits below one: rounding by the library is a call where the instruction
/// set has none.
@inline(__always)
func wrapped(_ step: Float, into period: Float, inverse: Float) -> Float {
  let magic: Float = 12_582_912
  return step - ((step * inverse + magic) - magic) * period
}

/// A field map's inference as a sum of costs in nats over the voxels' choices among candidates, and
/// the choice at hand.
struct FieldProblem {
  let kernels: Kernels
  let voxels: SignalVoxels
  let neighbours: Buffer<Int32>
  /// Candidates of the field map, Hz, shape (voxel, 4).
  private let psi: Buffer<Float>
  /// Own costs, shape (voxel, 4).
  let unary: Buffer<Float>
  /// Weights of the pairs with the neighbours at +x, +y, +z, shape (voxel, 3).
  let weights: Buffer<Float>
  /// Chosen candidate, shape (voxel).
  let choice: Buffer<UInt8>
  /// Its psi, Hz, shape (voxel).
  let field: Buffer<Float>
  /// What the pairs of each voxel cost, shape (voxel); of no use where `isStale`.
  let pairCosts: Buffer<Float>
  /// Whether a voxel's choice or a neighbour's has changed since it was last looked at, shape (voxel).
  let isStale: Buffer<Bool>
  /// Room to mark voxels in, shape (voxel): -1 whenever nobody uses it.
  let marks: Buffer<Int32>
  /// Period of the field map, Hz; 0 when it has none.
  let period: Float
  private let inversePeriod: Float
  /// 1 / (2 sd^2) of a step, 1/Hz^2.
  let stiffness: Float
  /// Most nats that a pair costs.
  let most: Float

  /// Starts with the choice of least own cost in every voxel.
  ///
  /// - Parameter psi: of a voxel's candidate, Hz.
  init(
    kernels: Kernels, voxels: SignalVoxels, neighbours: Buffer<Int32>,
    psi: @Sendable (_ voxel: Int, _ candidate: Int) -> Float,
    unary: Buffer<Float>, weights: Buffer<Float>, period: Float, stiffness: Float, most: Float
  ) {
    self.kernels = kernels
    self.voxels = voxels
    self.neighbours = neighbours
    self.psi = Buffer(unwritten: voxels.count * candidateCount)
    self.unary = unary
    self.weights = weights
    choice = Buffer(unwritten: voxels.count)
    field = Buffer(unwritten: voxels.count)
    pairCosts = Buffer(unwritten: voxels.count)
    isStale = Buffer(unwritten: voxels.count)
    marks = Buffer(unwritten: voxels.count)
    self.period = period
    inversePeriod = period > 0 ? 1 / period : 0
    self.stiffness = stiffness
    self.most = most
    inParallel(count, piece: 1 << 14) { [self] range in
      for i in range {
        var best = 0
        for k in 1..<candidateCount where own(i, k) < own(i, best) { best = k }
        for k in 0..<candidateCount { self.psi[i * candidateCount + k] = psi(i, k) }
        choice[i] = UInt8(truncatingIfNeeded: best)
        field[i] = psi(i, best)
        isStale[i] = true
        marks[i] = -1
      }
    }
  }

  var count: Int { voxels.count }

  func choose(_ i: Int, _ k: Int) { graph().choose(i, k) }

  @inline(__always)
  func psi(_ i: Int, _ k: Int) -> Float { psi[i * candidateCount + k] }

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
  func wrapped(_ step: Float) -> Float {
    Separation.wrapped(step, into: period, inverse: inversePeriod)
  }

  /// Step of the chosen field between two voxels, Hz.
  @inline(__always)
  func step(_ i: Int, _ j: Int) -> Float {
    wrapped(field[i] - field[j])
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

  /// Cost of the chosen step to the neighbour in a direction; 0 where there is none.
  @inline(__always)
  func pairCost(_ i: Int, _ direction: Int) -> Float {
    let j = neighbour(i, direction)
    return j < 0 ? 0 : weight(i, j, direction) * cost(step: field[i] - field[j])
  }

  /// Costs of some voxels and of their pairs with all neighbours; each pair once.
  func cost(around some: [Int32]) -> Double {
    for i in some { marks[Int(i)] = 1 }
    defer { for i in some { marks[Int(i)] = -1 } }
    var sum = 0.0
    for i in some.lazy.map(Int.init) {
      sum += Double(own(i, Int(choice[i])))
      for direction in 0..<6 {
        let cost = Double(pairCost(i, direction))
        if cost > 0 { sum += marks[neighbour(i, direction)] < 0 ? cost : 0.5 * cost }
      }
    }
    return sum
  }

  /// Sum of all costs.
  func cost() -> Double {
    var sum = 0.0
    for i in 0..<count {
      sum += Double(own(i, Int(choice[i])))
      for direction in [1, 3, 5] { sum += Double(pairCost(i, direction)) }
    }
    return sum
  }
}

extension FieldProblem {
  /// What the kernels see. Messages, shape (voxel, 6, 4), only where there are any.
  @inline(__always)
  func graph(messages: Buffer<Float>? = nil) -> FieldGraph {
    var graph = FieldGraph(
      neighbours: neighbours.pointer, psi: psi.pointer, unary: unary.pointer,
      weights: weights.pointer, messages: (messages ?? unary).pointer, choice: choice.pointer,
      field: field.pointer, pairCosts: pairCosts.pointer, isStale: isStale.pointer)
    graph.stiffness = stiffness
    graph.most = most
    graph.period = period
    graph.inversePeriod = inversePeriod
    return graph
  }

  /// Chooses again voxel by voxel until nothing changes, in at most four passes.
  func relax() {
    let graph = graph()
    for _ in 0..<4 {
      var changed = false
      for parity in 0..<2 {
        let slabs = eachSlab(parity) { rows in
          rows.reduce(false) { kernels.relaxChoices(graph, $1) || $0 }
        }
        changed = changed || slabs
      }
      if !changed { break }
    }
  }

  /// Brings `pairCosts` up to date.
  func updatePairCosts() {
    let graph = graph()
    inParallel(count, piece: 1 << 14) { kernels.updatePairCosts(graph, $0) }
  }

  /// Voxels that lie at most `reach` steps, over pairs of at least `leastWeight`, from a pair that costs
  /// `border` nats or more; in raster order.
  func nearBorders(border: Float, reach: Int, leastWeight: Float) -> [Int32] {
    updatePairCosts()
    var near = inPieces(count, piece: 1 << 14) { range in
      range.filter { i in
        pairCosts[i] >= border && (0..<6).contains { pairCost(i, $0) >= border }
      }.map(Int32.init)
    }.flatMap { $0 }
    for i in near { marks[Int(i)] = 1 }
    var front = 0..<near.count
    for _ in 0..<reach {
      for at in front {
        let i = Int(near[at])
        for direction in 0..<6 {
          let j = neighbour(i, direction)
          if j < 0 || marks[j] > 0 || weight(i, j, direction) < leastWeight { continue }
          marks[j] = 1
          near.append(Int32(j))
        }
      }
      front = front.upperBound..<near.count
    }
    for i in near { marks[Int(i)] = -1 }
    near.sort()
    return near
  }

  /// Runs `body` on every second slab of rows at once; whether any said so. A slab is a band of y over
  /// all z, so that slabs of one parity share no neighbours, and results do not depend on the number
  /// of cores.
  @discardableResult
  func eachSlab(_ parity: Int, _ body: @Sendable ([Range<Int>]) -> Bool) -> Bool {
    let (ny, nz) = (voxels.grid.ny, voxels.grid.nz)
    let width = max(2, (ny + 15) / 16)
    let slabs = (ny + width - 1) / width
    let chosen = Swift.stride(from: parity, to: slabs, by: 2).map { $0 }
    return inPieces(chosen.count, piece: 1) { range in
      let slab = chosen[range.lowerBound]
      var rows: [Range<Int>] = []
      for z in 0..<nz {
        for y in (slab * width)..<min(ny, (slab + 1) * width) {
          let row = y + ny * z
          let range = Int(voxels.rowStart[row])..<Int(voxels.rowStart[row + 1])
          if !range.isEmpty { rows.append(range) }
        }
      }
      return body(rows)
    }.contains(true)
  }
}
