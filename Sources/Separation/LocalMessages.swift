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
    guard !near.isEmpty else { return }
    let part = problem.part(near)
    pass(part, sweeps)
    part.relax()
    let proposal = Buffer<UInt8>(unwritten: problem.count)
    for (i, member) in near.enumerated() { proposal[Int(member)] = part.choice[i] }
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
  /// - Parameter members: in raster order.
  func part(_ members: [Int32]) -> FieldProblem {
    let some = members.count
    for (to, from) in members.enumerated() { marks[Int(from)] = Int32(to) }
    defer { for from in members { marks[Int(from)] = -1 } }
    let near = Buffer<Int32>(unwritten: some * 6)
    let own = Buffer<Float>(unwritten: some * 4)
    let scales = Buffer<Float>(unwritten: some * 3)
    inParallel(some, piece: 1 << 12) { range in
      for to in range {
        let from = Int(members[to])
        for axis in 0..<3 { scales[to * 3 + axis] = weights[from * 3 + axis] }
        for k in 0..<candidateCount { own[to * 4 + k] = unary[from * 4 + k] }
        for direction in 0..<6 {
          let j = neighbour(from, direction)
          let place = j < 0 ? -1 : marks[j]
          near[to * 6 + direction] = place
          if j < 0 || place >= 0 { continue }
          let weight = weight(from, j, direction)
          for k in 0..<candidateCount where own[to * 4 + k] < missingNats {
            own[to * 4 + k] += weight * cost(step: psi(from, k) - field[j])
          }
        }
      }
    }
    return FieldProblem(
      kernels: kernels, voxels: voxels.chosen(members), neighbours: near,
      psi: { psi(Int(members[$0]), $1) }, unary: own, weights: scales, period: period,
      stiffness: stiffness, most: most)
  }
}
