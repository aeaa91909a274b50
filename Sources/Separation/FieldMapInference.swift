import Foundation
import KernelTypes
import Volumes

/// How smooth a field map is expected to be.
package struct FieldPrior: Sendable {
  /// Standard deviation of the field's step to the next voxel, Hz: 0.2 ppm, since susceptibility
  /// bends the field in proportion to its strength.
  package var stepSD: Double
  /// Most nats that a pair of neighbours costs: edges and gaps are allowed for.
  package var most = 12.0
  /// Trust in a voxel's own evidence: tissue departs from the model.
  package var temper = 1.0
  /// Most nats by which a voxel's own evidence may speak.
  package var cap = 12.0
  /// Number of real data of a voxel where the variance of its residual is not known for sure: costs
  /// then follow Student's distribution. nil: they are taken as they are.
  package var realData: Double?
  /// Strength of the belief in the stated variance, in real data.
  package var varianceData = 4.0
  /// Passes there and back.
  package var sweeps = 12

  package init(stepSD: Double = 25) { self.stepSD = stepSD }

  package init(frequency: Hertz) { self.init(stepSD: 0.2 * frequency.megahertz) }
}

/// Chooses a field-map candidate in every voxel: least sum of the voxels' own costs and of the
/// costs of steps between neighbours, all in nats, by tree-reweighted message passing.
package struct FieldMapInference: Sendable {
  let kernels: Kernels
  let voxels: SignalVoxels
  /// Shape (voxel, 3, 4).
  let candidates: Buffer<Float>
  /// Period of the field map, Hz; nil when the echoes are uneven.
  let period: Double?
  var prior: FieldPrior
  /// Trust in each voxel as a neighbour, 0...1, shape (voxel); nil: all alike.
  var trust: Buffer<Float>?

  package init(
    kernels: Kernels, voxels: SignalVoxels, candidates: Buffer<Float>, period: Double?,
    prior: FieldPrior = FieldPrior(), trust: Buffer<Float>? = nil
  ) {
    self.kernels = kernels
    self.voxels = voxels
    self.candidates = candidates
    self.period = period
    self.prior = prior
    self.trust = trust
  }

  /// Index of the chosen candidate, shape (voxel).
  package func choose() -> Buffer<UInt8> {
    let count = voxels.count
    let neighbours = voxels.neighbours()
    let messages = Buffer<Float>(count * 24, zero: 0)
    let choice = Buffer<UInt8>(count, zero: 0)
    let unary = ownCosts()
    let trust = self.trust ?? Buffer<Float>(count, zero: 1)
    var graph = FieldGraph(
      neighbours: neighbours.pointer, candidates: candidates.pointer, unary: unary.pointer,
      trust: trust.pointer, messages: messages.pointer, choice: choice.pointer)
    let stiffness = Float(1 / (2 * prior.stepSD * prior.stepSD))
    graph.stiffness = (stiffness, stiffness, stiffness)
    graph.most = Float(prior.most)
    graph.period = Float(period ?? 0)
    for _ in 0..<prior.sweeps {
      sweep(graph, forward: true)
      sweep(graph, forward: false)
    }
    let complete = graph
    for parity in 0..<2 {
      eachSlab(parity) { rows in
        for range in rows { kernels.chooseCandidates(complete, range) }
      }
    }
    RegionMoves(
      voxels: voxels, neighbours: neighbours, candidates: candidates, unary: unary,
      trust: trust, choice: choice, period: Float(period ?? 0), stiffness: stiffness,
      most: Float(prior.most)
    ).run(rounds: 5)
    withExtendedLifetime((neighbours, messages, unary, trust)) {}
    return choice
  }

  /// Own costs and steps between neighbours of a choice, nats.
  package func energy(of choice: Buffer<UInt8>) -> Double {
    let neighbours = voxels.neighbours()
    let unary = ownCosts()
    let trust = self.trust ?? Buffer<Float>(voxels.count, zero: 1)
    let stiffness = 1 / (2 * prior.stepSD * prior.stepSD)
    var sum = 0.0
    for i in 0..<voxels.count {
      let k = Int(choice[i])
      sum += Double(unary[i * 4 + k])
      for direction in [1, 3, 5] {
        let j = Int(neighbours[i * 6 + direction])
        if j < 0 { continue }
        var step = Double(candidates[i * 12 + k] - candidates[j * 12 + Int(choice[j])])
        if let period { step -= (step / period).rounded() * period }
        sum += min(prior.most, step * step * stiffness) * Double(min(trust[i], trust[j]))
      }
    }
    return sum
  }

  /// Own cost of every candidate above the voxel's best, shape (voxel, 4).
  ///
  /// Tissue departs from the model by amounts that differ from place to place (motion, flow, several
  /// decays). With the variance of a voxel's N real residuals unknown, its prior worth nu data, minus
  /// the log-likelihood is (nu + N) / 2 ln(nu / 2 + u) for a cost of u nats under the stated
  /// variance: where even the best fit is bad, the differences between fits say little.
  private func ownCosts() -> Buffer<Float> {
    let unary = Buffer<Float>(voxels.count * 4, zero: 0)
    let (cap, temper) = (prior.cap, prior.temper)
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range {
        let costs = candidates.pointer + i * 12 + 4
        let best = Double(min(min(costs[0], costs[1]), min(costs[2], costs[3])))
        for k in 0..<4 {
          var cost = Double(costs[k]) - best
          if let n = prior.realData {
            let half = prior.varianceData / 2
            cost = (half + n / 2) * log((half + Double(costs[k])) / (half + best))
          }
          unary[i * 4 + k] = Float(temper * min(cap, cost))
        }
      }
    }
    return unary
  }

  private func sweep(_ graph: FieldGraph, forward: Bool) {
    for parity in forward ? [0, 1] : [1, 0] {
      eachSlab(parity) { rows in
        for range in forward ? rows : rows.reversed() {
          kernels.passMessages(graph, range, forward)
        }
      }
    }
  }

  /// Runs `body` on every second slab of rows at once. A slab is a band of y over all z, so that
  /// slabs of one parity share no neighbours, and results do not depend on the number of cores.
  private func eachSlab(_ parity: Int, _ body: @Sendable ([Range<Int>]) -> Void) {
    let (ny, nz) = (voxels.grid.ny, voxels.grid.nz)
    let width = max(2, (ny + 15) / 16)
    let slabs = (ny + width - 1) / width
    let chosen = Swift.stride(from: parity, to: slabs, by: 2).map { $0 }
    inParallel(chosen.count, piece: 1) { range in
      for slab in range.map({ chosen[$0] }) {
        var rows: [Range<Int>] = []
        for z in 0..<nz {
          for y in (slab * width)..<min(ny, (slab + 1) * width) {
            let row = y + ny * z
            let range = Int(voxels.rowStart[row])..<Int(voxels.rowStart[row + 1])
            if !range.isEmpty { rows.append(range) }
          }
        }
        body(rows)
      }
    }
  }
}
