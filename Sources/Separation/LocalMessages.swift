import KernelTypes
import Volumes

/// Message passing among the voxels around borders of the field map, the choices of all others held.
///
/// Away from borders nearly every voxel knows its own minimum, and messages would only say so.
struct LocalMessages {
  let problem: FieldProblem

  /// Nats from which a pair is a border, and steps around it.
  private let border: Float = 0.5
  private let reach = 8

  init(_ problem: FieldProblem) { self.problem = problem }

  /// Passes messages there and back, and takes of what they propose the part that lowers the sum of
  /// costs.
  func run(sweeps: Int) {
    let near = problem.nearBorders(border: border, reach: reach, leastWeight: 0)
    guard near.contains(true) else { return }
    let (part, members) = problem.part(near)
    pass(part, sweeps)
    part.relax()
    let proposal = Buffer<UInt8>(problem.count, zero: 0)
    for (i, member) in members.enumerated() { proposal[Int(member)] = part.choice[i] }
    BlockMoves(problem).fuse(near, proposal)
  }

  private func pass(_ part: FieldProblem, _ sweeps: Int) {
    let messages = Buffer<Float>(part.count * 24, zero: 0)
    let graph = part.graph(messages: messages)
    let kernels = problem.kernels
    for _ in 0..<sweeps {
      for forward in [true, false] {
        for parity in forward ? [0, 1] : [1, 0] {
          part.eachSlab(parity) { rows in
            for range in forward ? rows : rows.reversed() {
              kernels.passMessages(graph, range, forward)
            }
            return true
          }
        }
      }
    }
    for parity in 0..<2 {
      part.eachSlab(parity) { rows in
        for range in rows { kernels.chooseCandidates(graph, range) }
        return true
      }
    }
    withExtendedLifetime((part, messages)) {}
  }
}

extension FieldProblem {
  /// The problem of some voxels, the others' choices held: pairs with those are own costs.
  ///
  /// - Returns: the problem, and which voxels of this one it is about.
  func part(_ isChosen: [Bool]) -> (FieldProblem, members: [Int32]) {
    var place = [Int32](repeating: -1, count: count)
    var members: [Int32] = []
    for i in 0..<count where isChosen[i] {
      place[i] = Int32(members.count)
      members.append(Int32(i))
    }
    let some = members.count
    let near = Buffer<Int32>(some * 6, zero: -1)
    let minima = Buffer<Float>(some * 12, zero: 0)
    let own = Buffer<Float>(some * 4, zero: 0)
    let scales = Buffer<Float>(some * 3, zero: 1)
    for (to, from) in members.lazy.map(Int.init).enumerated() {
      for row in 0..<12 { minima[to * 12 + row] = candidates[from * 12 + row] }
      for axis in 0..<3 { scales[to * 3 + axis] = weights[from * 3 + axis] }
      for k in 0..<candidateCount { own[to * 4 + k] = unary[from * 4 + k] }
      for direction in 0..<6 {
        let j = neighbour(from, direction)
        if j < 0 { continue }
        near[to * 6 + direction] = place[j]
        if place[j] >= 0 { continue }
        let weight = weight(from, j, direction)
        for k in 0..<candidateCount where own[to * 4 + k] < missingNats {
          own[to * 4 + k] += weight * cost(step: psi(from, k) - field[j])
        }
      }
    }
    let part = FieldProblem(
      kernels: kernels, voxels: voxels.chosen { isChosen[$0] }, neighbours: near,
      candidates: minima, unary: own, weights: scales, period: period, stiffness: stiffness,
      most: most)
    return (part, members)
  }
}
