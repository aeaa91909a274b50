import KernelTypes

/// Chooses again in each voxel of a run that is stale, in order, with all neighbours' choices held:
/// iterated conditional modes. What its pairs then cost is noted.
///
/// - Returns: whether a choice changed.
public func relaxChoices(graph: FieldGraph, range: Range<Int>) -> Bool {
  var changed = false
  for i in range where graph.isStale[i] {
    graph.isStale[i] = false
    let own = four(graph.unary + i * 4)
    let now = Int(graph.choice[i])
    let pairs = pairCosts(graph, i)
    graph.pairCosts[i] = pairs
    // At most what its pairs cost now can be gained, and no other candidate costs less by itself
    // than the cheapest other.
    if pairs <= cheapestOther(own, now) - own[now] { continue }
    let psi = four(graph.psi + i * 4)
    var total = own
    for direction in 0..<6 {
      let j = Int(graph.neighbours[i * 6 + direction])
      if j < 0 { continue }
      total += pairCost(psi - graph.field[j], graph) * weight(graph, i, j, direction)
    }
    var best = now
    for k in 0..<candidateCount where total[k] < total[best] { best = k }
    if best == now { continue }
    graph.choose(i, best)
    changed = true
  }
  return changed
}

/// Notes what the pairs of each voxel of a run cost that is stale, and leaves it stale.
public func updatePairCosts(graph: FieldGraph, range: Range<Int>) {
  for i in range where graph.isStale[i] { graph.pairCosts[i] = pairCosts(graph, i) }
}

/// The candidate of each voxel of a run that suits the chosen field best after a shift:
/// least own(k) + min((psi(k) - field - shift)^2 / (2 sd^2), most).
///
/// - Parameters:
///   - shift: Hz.
///   - proposal: out, shape (voxel).
public func proposeShift(
  graph: FieldGraph, range: Range<Int>, shift: Float, proposal: UnsafeMutablePointer<UInt8>
) {
  for i in range {
    let psi = four(graph.psi + i * 4)
    let total = four(graph.unary + i * 4) + pairCost(psi - (graph.field[i] + shift), graph)
    var best = 0
    for k in 1..<candidateCount where total[k] < total[best] { best = k }
    proposal[i] = UInt8(truncatingIfNeeded: best)
  }
}

/// What the pairs of a voxel cost with its neighbours' choices and its own.
@_transparent
private func pairCosts(_ graph: FieldGraph, _ i: Int) -> Float {
  var sum: Float = 0
  for direction in 0..<6 { sum += pairCost(graph, i, direction) }
  return sum
}

/// Cost of the chosen step to the neighbour in a direction; 0 where there is none.
@_transparent
private func pairCost(_ graph: FieldGraph, _ i: Int, _ direction: Int) -> Float {
  let j = Int(graph.neighbours[i * 6 + direction])
  if j < 0 { return 0 }
  let step = graph.field[i] - graph.field[j]
  let magic: Float = 12_582_912
  let d = step - ((step * graph.inversePeriod + magic) - magic) * graph.period
  return min(graph.most, d * d * graph.stiffness) * weight(graph, i, j, direction)
}

@_transparent
private func cheapestOther(_ own: SIMD4<Float>, _ now: Int) -> Float {
  var others = own
  others[now] = missingNats
  return least(others)
}
