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
      if !near.contains(true) { return }
      let voxels = Partition(each: near)
      var moved = false
      for shift in shifts() where move(voxels, proposal(shift, voxels)) { moved = true }
      if !moved { break }
    }
  }

  /// Takes of a proposal for some voxels the part that lowers the sum of costs.
  func fuse(_ some: [Bool], _ proposal: Buffer<UInt8>) {
    _ = move(Partition(each: some), proposal)
  }

  private func moveBlocks() {
    let cells = Cells(problem.voxels)
    var pairCosts = problem.pairCosts()
    for _ in 0..<3 {
      var moved = false
      for shift in shifts() {
        let everyone = proposal(shift)
        let blocks = MovableBlocks(
          problem, everyone, pairCosts: pairCosts, cells: cells, leastWeight: leastWeight)
        guard let some = blocks.partition(), move(some, everyone) else { continue }
        moved = true
        pairCosts = problem.pairCosts()
      }
      if !moved { break }
    }
  }

  /// The candidate of every voxel that suits the field best after a shift.
  private func proposal(_ shift: Float) -> Buffer<UInt8> {
    let p = problem
    let proposal = Buffer<UInt8>(unwritten: p.count)
    inParallel(p.count, piece: 1 << 14) { range in
      for i in range { proposal[i] = UInt8(truncatingIfNeeded: p.nearest(i, p.field[i] + shift)) }
    }
    return proposal
  }

  /// The same for the voxels of a partition.
  private func proposal(_ shift: Float, _ partition: Partition) -> Buffer<UInt8> {
    let p = problem
    let proposal = Buffer<UInt8>(p.count, zero: 0)
    for i in partition.members.lazy.map(Int.init) {
      proposal[i] = UInt8(truncatingIfNeeded: p.nearest(i, p.field[i] + shift))
    }
    return proposal
  }

  /// The up to four field shifts at which most voxels have another minimum, Hz.
  private func shifts() -> [Float] {
    let p = problem
    let width: Float = 20
    let reach = p.period > 0 ? p.period / 2 : 600
    var votes = [Float](repeating: 0, count: Int(2 * reach / width) + 2)
    for i in stride(from: 0, to: p.count, by: max(1, p.count / 50_000) | 1) {
      let k = Int(p.choice[i])
      for other in 0..<candidateCount where other != k {
        let shift = p.wrapped(p.psi(i, other) - p.psi(i, k))
        if abs(shift) < smoothStep || abs(shift) >= reach { continue }
        votes[Int((shift + reach) / width)] += max(0, 12 - p.own(i, other) + p.own(i, k))
      }
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
  /// Gives the best set of blocks what is proposed; whether that lowered the sum of costs.
  private func move(_ partition: Partition, _ proposal: Buffer<UInt8>) -> Bool {
    let p = problem
    var choices = BinaryChoices(count: partition.blocks)
    for costs in self.costs(partition, proposal) {
      choices.add(costs.block, cost: fixed(costs.own))
      for other in costs.others {
        choices.add(Int(other.block), cost: fixed(other.theirs))
        choices.add(costs.block, Int(other.block), cost: fixed(other.mixed))
      }
    }
    let shifts = choices.solve()
    let moved = partition.members.filter {
      shifts[Int(partition.of[Int($0)])] && proposal[Int($0)] != p.choice[Int($0)]
    }
    if moved.isEmpty { return false }
    let before = moved.map { p.choice[Int($0)] }
    let old = p.cost(around: moved)
    for i in moved { p.choose(Int(i), Int(proposal[Int(i)])) }
    if p.cost(around: moved) < old - 1e-3 { return true }
    for (i, k) in zip(moved, before) { p.choose(Int(i), Int(k)) }
    return false
  }

  /// What a block's shift costs by itself, and with the blocks after it: the cost of theirs alone, and
  /// of staying while they shift.
  private struct BlockCosts {
    let block: Int
    var own: Float = 0
    var others: [(block: Int32, theirs: Float, mixed: Float)] = []
  }

  /// The costs of all blocks, in order.
  private func costs(_ partition: Partition, _ proposal: Buffer<UInt8>) -> [BlockCosts] {
    var all = (0..<partition.blocks).map { BlockCosts(block: $0) }
    all.withUnsafeMutableBufferPointer { all in
      nonisolated(unsafe) let all = all
      inParallel(all.count, piece: 256) { range in
        for block in range { all[block] = costs(of: block, partition, proposal) }
      }
    }
    return all
  }

  private func costs(
    of block: Int, _ partition: Partition, _ proposal: Buffer<UInt8>
  ) -> BlockCosts {
    let p = problem
    var own: Float = 0
    var others: [(block: Int32, theirs: Float, mixed: Float)] = []
    for i in partition[block].lazy.map(Int.init) {
      let (old, new) = (Int(p.choice[i]), Int(proposal[i]))
      own += p.own(i, new) - p.own(i, old)
      for direction in 0..<6 {
        let j = p.neighbour(i, direction)
        if j < 0 { continue }
        let there = Int(partition.of[j])
        if there >= 0 && there < block { continue }
        let weight = p.weight(i, j, direction)
        let (theirs, shifted) = (Int(p.choice[j]), Int(proposal[j]))
        let stay = weight * p.pair(i, old, j, theirs)
        if there < 0 {
          own += weight * p.pair(i, new, j, theirs) - stay
          continue
        }
        let both = weight * p.pair(i, new, j, shifted)
        if there == block {
          own += 0.5 * (both - stay)
          continue
        }
        let mine = weight * p.pair(i, new, j, theirs)
        let other = weight * p.pair(i, old, j, shifted)
        own += mine - stay
        let at = others.firstIndex { $0.block == Int32(there) } ?? others.count
        if at == others.count { others.append((Int32(there), 0, 0)) }
        others[at].theirs += both - mine
        others[at].mixed += mine + other - stay - both
      }
    }
    return BlockCosts(block: block, own: own, others: others)
  }

  /// Nats in units of 1/1000.
  private func fixed(_ nats: Float) -> Int32 { Int32(max(-4e8, min(4e8, nats * 1000))) }
}
