import KernelTypes

/// One pass of sequential tree-reweighted min-sum over a run of voxels (Kolmogorov 2006,
/// 10.1109/TPAMI.2006.200): each voxel, in order, sends to its neighbours ahead
///
///     m_ij(b) = min_a ( gamma total_i(a) - m_ji(a) + V(psi_i(a), psi_j(b)) ),
///     V = w_ij min( (psi_i - psi_j)^2 / (2 sd^2), most ),
///
/// total_i the candidate's cost plus all messages received; gamma is 1 over the larger number of
/// neighbours ahead and behind.
///
/// - Parameters:
///   - range: voxels in raster order.
///   - forward: order of the pass; ahead is +x, +y, +z when forward.
public func passMessages(graph: FieldGraph, range: Range<Int>, forward: Bool) {
  let ahead = forward ? 1 : 0
  for step in 0..<range.count {
    let i = forward ? range.lowerBound + step : range.upperBound - 1 - step
    let mine = graph.messages + i * 24
    let neighbours = graph.neighbours + i * 6
    var total = four(graph.unary + i * 4)
    var (before, after) = (0, 0)
    for direction in 0..<6 where neighbours[direction] >= 0 {
      total += four(mine + direction * 4)
      if direction & 1 == 0 { before += 1 } else { after += 1 }
    }
    let share = total * (1 / Float(max(1, max(before, after))))
    let psi = four(graph.psi + i * 4)
    for axis in 0..<3 {
      let direction = axis * 2 + ahead
      let j = Int(neighbours[direction])
      if j < 0 { continue }
      let message = leastCost(
        share - four(mine + direction * 4), psi, four(graph.psi + j * 4),
        weight(graph, i, j, direction), graph)
      // The neighbour receives it from the opposite direction.
      put(message - least(message), graph.messages + j * 24 + (direction ^ 1) * 4)
    }
  }
}

/// Chooses a candidate for each voxel of a run, in order: own cost, pair costs to neighbours
/// already decided (behind), messages from those ahead.
public func chooseCandidates(graph: FieldGraph, range: Range<Int>) {
  for i in range {
    let neighbours = graph.neighbours + i * 6
    let psi = four(graph.psi + i * 4)
    var total = four(graph.unary + i * 4)
    for axis in 0..<3 {
      if neighbours[axis * 2 + 1] >= 0 { total += four(graph.messages + i * 24 + axis * 8 + 4) }
      let j = Int(neighbours[axis * 2])
      if j < 0 { continue }
      if range.contains(j) {
        total += pairCost(psi - graph.field[j], graph) * weight(graph, i, j, axis * 2)
      } else {
        total += four(graph.messages + i * 24 + axis * 8)
      }
    }
    var best = 0
    for k in 1..<candidateCount where total[k] < total[best] { best = k }
    graph.choose(i, best)
  }
}

@_transparent
func four(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
}

/// The least of four: the library's is a call.
@_transparent
func least(_ v: SIMD4<Float>) -> Float { min(min(v[0], v[1]), min(v[2], v[3])) }

@_transparent
private func put(_ value: SIMD4<Float>, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
}

/// Weight of the pair of voxel `i` and its neighbour `j` in a direction.
@_transparent
func weight(_ graph: FieldGraph, _ i: Int, _ j: Int, _ direction: Int) -> Float {
  graph.weights[(direction & 1 == 1 ? i : j) * 3 + direction / 2]
}

/// Truncated quadratic cost of field steps, in nats.
@_transparent
func pairCost(
  _ difference: SIMD4<Float>, _ graph: FieldGraph
) -> SIMD4<Float> {
  let magic = SIMD4<Float>(repeating: 12_582_912)
  let d = difference - ((difference * graph.inversePeriod + magic) - magic) * graph.period
  let cost = d * d * graph.stiffness
  return cost.replacing(with: graph.most, where: cost .> graph.most)
}

/// min over a of h(a) + V(psi(a), other(b)), for each b: sixteen pairs in sixteen lanes.
@_transparent
private func leastCost(
  _ h: SIMD4<Float>, _ psi: SIMD4<Float>, _ other: SIMD4<Float>,
  _ weight: Float, _ graph: FieldGraph
) -> SIMD4<Float> {
  // Lane 4 b + a.
  let h8 = SIMD8(lowHalf: h, highHalf: h)
  let p8 = SIMD8(lowHalf: psi, highHalf: psi)
  let costs = Lanes(lowHalf: h8, highHalf: h8)
  let from = Lanes(lowHalf: p8, highHalf: p8)
  let to = Lanes(
    lowHalf: SIMD8(lowHalf: SIMD4(repeating: other[0]), highHalf: SIMD4(repeating: other[1])),
    highHalf: SIMD8(lowHalf: SIMD4(repeating: other[2]), highHalf: SIMD4(repeating: other[3])))
  let step = from - to
  let d = msub(nearestInteger(step * graph.inversePeriod), Lanes(repeating: graph.period), step)
  let pair = costs + lesser(d * d * graph.stiffness, Lanes(repeating: graph.most)) * weight
  let (e, o) = (pair.evenHalf, pair.oddHalf)
  let halves = e.replacing(with: o, where: o .< e)
  let (a, b) = (halves.evenHalf, halves.oddHalf)
  return a.replacing(with: b, where: b .< a)
}
