import KernelTypes
import Volumes

/// Moves of whole regions between solutions of the field map.
///
/// Message passing weighs voxel by voxel, and a large region whose every voxel is nearly undecided
/// can end up on the wrong side, or cut in two. Here regions of smooth field are moved as a whole to
/// the other minima of their voxels (a swap shifts the field by about fat's frequency); a move that
/// lowers the sum of all costs is kept.
struct RegionMoves {
  let voxels: SignalVoxels
  let neighbours: Buffer<Int32>
  let candidates: Buffer<Float>
  let unary: Buffer<Float>
  let trust: Buffer<Float>
  let choice: Buffer<UInt8>
  let period: Float
  let stiffness: Float
  let most: Float

  /// Field steps below this belong to one region, Hz.
  private let smooth: Float = 50
  private let binWidth: Float = 20

  /// Moves regions until nothing is gained, at most `rounds` times.
  func run(rounds: Int) {
    for _ in 0..<rounds {
      let (members, starts) = regions()
      var moved = false
      var proposal = [UInt8](repeating: 0, count: voxels.count)
      var inside = [Bool](repeating: false, count: voxels.count)
      for r in 0..<(starts.count - 1) {
        let region = members[starts[r]..<starts[r + 1]]
        for i in region { inside[Int(i)] = true }
        for shift in shifts(of: region) {
          propose(region, shift, &proposal)
          if gain(region, proposal, inside) > 1e-3 {
            for i in region { choice[Int(i)] = proposal[Int(i)] }
            moved = true
          }
        }
        for i in region { inside[Int(i)] = false }
      }
      if !moved { return }
    }
  }

  @inline(__always)
  private func psi(_ i: Int, _ k: Int) -> Float { candidates[i * 12 + k] }

  @inline(__always)
  private func wrapped(_ step: Float) -> Float {
    period > 0 ? step - (step / period).rounded() * period : step
  }

  @inline(__always)
  private func pair(_ a: Float, _ b: Float) -> Float {
    let step = wrapped(a - b)
    return min(most, step * step * stiffness)
  }

  /// Connected regions of smooth field: their voxels one after the other, and where each begins.
  private func regions() -> (members: [Int32], starts: [Int]) {
    var members: [Int32] = []
    members.reserveCapacity(voxels.count)
    var starts = [0]
    var seen = [Bool](repeating: false, count: voxels.count)
    for seed in 0..<voxels.count where !seen[seed] {
      seen[seed] = true
      members.append(Int32(seed))
      var next = starts[starts.count - 1]
      while next < members.count {
        let i = Int(members[next])
        next += 1
        let here = psi(i, Int(choice[i]))
        for direction in 0..<6 {
          let j = Int(neighbours[i * 6 + direction])
          if j < 0 || seen[j] || abs(wrapped(psi(j, Int(choice[j])) - here)) > smooth { continue }
          seen[j] = true
          members.append(Int32(j))
        }
      }
      starts.append(members.count)
    }
    return (members, starts)
  }

  /// The up to three field shifts that most of a region's voxels have another minimum at.
  private func shifts(of region: ArraySlice<Int32>) -> [Float] {
    let reach = period > 0 ? period / 2 : 600
    let bins = Int(2 * reach / binWidth) + 2
    var votes = [Float](repeating: 0, count: bins)
    for i in region.lazy.map(Int.init) {
      let k = Int(choice[i])
      for other in 0..<candidateCount where other != k {
        let extra = unary[i * 4 + other] - unary[i * 4 + k]
        let shift = wrapped(psi(i, other) - psi(i, k))
        if extra > 10 || abs(shift) < smooth || abs(shift) >= reach { continue }
        votes[Int((shift + reach) / binWidth)] += 10 - extra
      }
    }
    var found: [Float] = []
    for _ in 0..<3 {
      guard let best = votes.indices.max(by: { votes[$0] < votes[$1] }), votes[best] > 0 else {
        break
      }
      found.append((Float(best) + 0.5) * binWidth - reach)
      for near in max(0, best - 2)...min(bins - 1, best + 2) { votes[near] = 0 }
    }
    return found
  }

  /// The candidate of each voxel of a region that suits the shifted field best.
  private func propose(
    _ region: ArraySlice<Int32>, _ shift: Float, _ proposal: inout [UInt8]
  ) {
    for i in region.lazy.map(Int.init) {
      let aim = psi(i, Int(choice[i])) + shift
      var best = (cost: Float.infinity, k: 0)
      for k in 0..<candidateCount {
        let cost = unary[i * 4 + k] + pair(psi(i, k), aim)
        if cost < best.cost { best = (cost, k) }
      }
      proposal[i] = UInt8(best.k)
    }
  }

  /// By how much a proposal lowers the sum of costs.
  private func gain(
    _ region: ArraySlice<Int32>, _ proposal: [UInt8], _ inside: [Bool]
  ) -> Float {
    var sum: Float = 0
    for i in region.lazy.map(Int.init) {
      let (old, new) = (Int(choice[i]), Int(proposal[i]))
      sum += unary[i * 4 + old] - unary[i * 4 + new]
      for direction in 0..<6 {
        let j = Int(neighbours[i * 6 + direction])
        if j < 0 { continue }
        let theirs = psi(j, Int(choice[j]))
        let trust = min(trust[i], trust[j])
        if inside[j] {
          // Each pair inside is met twice.
          let after = pair(psi(i, new), psi(j, Int(proposal[j])))
          sum += 0.5 * trust * (pair(psi(i, old), theirs) - after)
        } else {
          sum += trust * (pair(psi(i, old), theirs) - pair(psi(i, new), theirs))
        }
      }
    }
    return sum
  }
}
