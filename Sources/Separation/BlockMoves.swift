import KernelTypes
import Volumes

/// Moves of many blocks of voxels at once between solutions of the field map, the best set of them at
/// a time.
///
/// Message passing can leave an organ cut in two by a straight border along which each voxel is
/// content. Here small blocks of smooth field choose all at once, by a minimum cut, whether they stay
/// or shift to another minimum (a swap shifts the field by fat's frequency, wrapped). What lowers
/// the sum of all costs is kept. At the end voxels choose for themselves near the borders that are
/// left.
struct BlockMoves {
  let problem: FieldProblem

  /// Pairs of a smaller weight do not bind.
  private let leastWeight: Float = 0.05
  /// Nats from which a pair is a border.
  private let border: Float = 2
  /// Voxels that choose for themselves are at most this far from a border.
  private let reach = 4

  init(_ problem: FieldProblem) { self.problem = problem }

  /// Tries shifts until none lowers the sum of costs, at most three times for blocks and for voxels.
  func run() {
    moveBlocks()
    for _ in 0..<3 {
      let near = problem.nearBorders(border: border, reach: reach, leastWeight: leastWeight)
      if near.isEmpty { return }
      var moved = false
      for shift in shifts() where move(VoxelSets(each: near), proposal(shift, for: near)) {
        moved = true
      }
      if !moved { break }
    }
  }

  /// Takes of a proposal for some voxels the part that lowers the sum of costs.
  func fuse(_ some: [Int32], _ proposal: Buffer<UInt8>) {
    _ = move(VoxelSets(each: some), proposal)
  }

  private func moveBlocks() {
    let cells = Cells(problem.voxels)
    for _ in 0..<3 {
      var moved = false
      for shift in shifts() {
        let blocks = MovableBlocks(
          problem, shift: shift, cells: cells, leastWeight: leastWeight)
        if let some = blocks.sets(), move(some, blocks.proposal) { moved = true }
      }
      if !moved { break }
    }
  }

  /// The candidates of some voxels that suit the field best after a shift.
  private func proposal(_ shift: Float, for some: [Int32]) -> Buffer<UInt8> {
    let graph = problem.graph()
    let proposal = Buffer<UInt8>(unwritten: problem.count)
    for i in some.lazy.map(Int.init) {
      problem.kernels.proposeShift(graph, i..<(i + 1), shift, proposal.pointer)
    }
    return proposal
  }

  /// The up to four field shifts at which most voxels have another minimum, Hz.
  private func shifts() -> [Float] {
    let p = problem
    let width: Float = 20
    let reach = p.period > 0 ? p.period / 2 : 600
    let step = max(1, p.count / 50_000) | 1
    let parts = inPieces((p.count + step - 1) / step, piece: 1 << 12) { range in
      var votes = [Float](repeating: 0, count: Int(2 * reach / width) + 2)
      for i in range.lazy.map({ $0 * step }) {
        let k = Int(p.choice[i])
        for other in 0..<candidateCount where other != k {
          let shift = p.wrapped(p.psi(i, other) - p.psi(i, k))
          if abs(shift) < smoothStep || abs(shift) >= reach { continue }
          votes[Int((shift + reach) / width)] += max(0, 12 - p.own(i, other) + p.own(i, k))
        }
      }
      return votes
    }
    guard var votes = parts.first else { return [] }
    for part in parts.dropFirst() {
      for place in votes.indices { votes[place] += part[place] }
    }
    var found: [Float] = []
    for _ in 0..<4 {
      guard let best = votes.indices.max(by: { votes[$0] < votes[$1] }), votes[best] > 0 else {
        break
      }
      found.append((Float(best) + 0.5) * width - reach)
      for near in max(0, best - 2)...min(votes.count - 1, best + 2) { votes[near] = 0 }
    }
    return found
  }
}

extension BlockMoves {
  /// Gives the best of some disjoint sets of voxels what is proposed; whether that lowered the sum of costs.
  private func move(_ sets: VoxelSets, _ proposal: Buffer<UInt8>) -> Bool {
    let p = problem
    let shifts = best(of: sets, proposal)
    let moved = (0..<sets.count).filter { shifts[$0] }.flatMap { set in
      sets[set].filter { proposal[Int($0)] != p.choice[Int($0)] }
    }
    if moved.isEmpty { return false }
    let before = moved.map { p.choice[Int($0)] }
    let old = p.cost(around: moved)
    for i in moved { p.choose(Int(i), Int(proposal[Int(i)])) }
    if p.cost(around: moved) < old - 1e-3 { return true }
    for (i, k) in zip(moved, before) { p.choose(Int(i), Int(k)) }
    return false
  }

  /// Which sets are to take what is proposed.
  private func best(of sets: VoxelSets, _ proposal: Buffer<UInt8>) -> [Bool] {
    let p = problem
    // A voxel that would keep its choice binds nobody to its set.
    for set in 0..<sets.count {
      for i in sets[set] where proposal[Int(i)] != p.choice[Int(i)] { p.marks[Int(i)] = Int32(set) }
    }
    defer { for i in sets.members { p.marks[Int(i)] = -1 } }
    var choices = BinaryChoices(count: sets.count)
    let parts = inPieces(sets.count, piece: 256) { range in
      var costs = PartCosts()
      for set in range { costs.add(set, sets[set], proposal, p) }
      return costs
    }
    for part in parts {
      for (set, own) in part.own { choices.add(set, cost: fixed(own)) }
      for pair in part.pairs {
        choices.add(pair.b, cost: fixed(pair.theirs))
        choices.add(pair.a, pair.b, cost: fixed(pair.mixed))
      }
    }
    return choices.solve()
  }

  /// Nats in units of 1/1000.
  private func fixed(_ nats: Float) -> Int32 { Int32(max(-4e8, min(4e8, nats * 1000))) }
}

/// What shifts cost, for some sets.
private struct PartCosts {
  /// Of a set by itself.
  var own: [(set: Int, cost: Float)] = []
  /// Of set a with a later one: that b shifts alone, and that a stays meanwhile.
  var pairs: [(a: Int, b: Int, theirs: Float, mixed: Float)] = []

  mutating func add(
    _ set: Int, _ members: ArraySlice<Int32>, _ proposal: Buffer<UInt8>, _ p: FieldProblem
  ) {
    var own: Float = 0
    let first = pairs.count
    for i in members.lazy.map(Int.init) {
      let (old, new) = (Int(p.choice[i]), Int(proposal[i]))
      if old == new { continue }
      own += p.own(i, new) - p.own(i, old)
      for direction in 0..<6 {
        let j = p.neighbour(i, direction)
        if j < 0 { continue }
        let there = Int(p.marks[j])
        let weight = p.weight(i, j, direction)
        let theirs = Int(p.choice[j])
        let stay = weight * p.pair(i, old, j, theirs)
        let mine = weight * p.pair(i, new, j, theirs)
        if there < 0 {
          own += mine - stay
          continue
        }
        if there < set { continue }
        let shifted = Int(proposal[j])
        let both = weight * p.pair(i, new, j, shifted)
        if there == set {
          own += 0.5 * (both - stay)
          continue
        }
        let other = weight * p.pair(i, old, j, shifted)
        own += mine - stay
        var at = first
        while at < pairs.count, pairs[at].b != there { at += 1 }
        if at == pairs.count { pairs.append((set, there, 0, 0)) }
        pairs[at].theirs += both - mine
        pairs[at].mixed += mine + other - stay - both
      }
    }
    self.own.append((set, own))
  }
}
