import KernelTypes

/// Chooses again in each voxel of a run, in order, with all neighbours' choices held: iterated
/// conditional modes.
///
/// - Returns: whether a choice changed.
public func relaxChoices(graph: FieldGraph, range: Range<Int>) -> Bool {
  var changed = false
  for i in range {
    let own = four(graph.unary + i * 4)
    let now = Int(graph.choice[i])
    // At most what its pairs cost now can be gained, and no other candidate costs less by itself
    // than the cheapest other.
    if pairCosts(graph, i) <= cheapestOther(own, now) - own[now] { continue }
    let psi = four(graph.candidates + i * 12)
    var total = own
    for direction in 0..<6 {
      let j = Int(graph.neighbours[i * 6 + direction])
      if j < 0 { continue }
      total += pairCost(psi - graph.field[j], graph) * weight(graph, i, j, direction)
    }
    var best = now
    for k in 0..<candidateCount where total[k] < total[best] { best = k }
    if best != now {
      graph.choose(i, best)
      changed = true
    }
  }
  return changed
}

/// What the pairs of each voxel of a run with all its neighbours cost, nats.
///
/// - Parameter costs: out, shape (voxel).
public func sumPairCosts(
  graph: FieldGraph, range: Range<Int>, costs: UnsafeMutablePointer<Float>
) {
  for i in range { costs[i] = pairCosts(graph, i) }
}

/// The most that a pair of each voxel of a run with a neighbour costs, nats.
///
/// - Parameter costs: out, shape (voxel).
public func mostPairCosts(
  graph: FieldGraph, range: Range<Int>, costs: UnsafeMutablePointer<Float>
) {
  for i in range {
    var most: Float = 0
    for direction in 0..<6 { most = max(most, pairCost(graph, i, direction)) }
    costs[i] = most
  }
}

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
