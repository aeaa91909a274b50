import Foundation
import KernelTypes
import Volumes

/// How smooth a field map is expected to be, and how far a voxel's own evidence is believed.
package struct FieldPrior: Sendable {
  /// Standard deviation of the field's step to the nearest voxel, Hz: 0.2 ppm, since susceptibility
  /// bends the field in proportion to its strength.
  package var stepSD: Double
  /// Most nats that a pair of neighbours costs: edges and gaps are allowed for.
  package var most = 40.0
  /// Most nats by which a voxel's own evidence may speak.
  package var cap = Double(EvidencePlan().cap)
  /// Passes of messages there and back.
  package var sweeps = 3

  package init(stepSD: Double = 25) { self.stepSD = stepSD }

  package init(frequency: Hertz) { self.init(stepSD: 0.2 * frequency.megahertz) }
}

/// Chooses a field-map candidate in every voxel: least sum of the voxels' own costs and of the
/// costs of steps between neighbours, all in nats.
///
/// The voxels' own best is a start that is right nearly everywhere. Voxels choose again with their
/// neighbours until they are content; where that leaves borders, messages passed among the voxels around
/// them propose (`LocalMessages`), and minimum cuts over blocks of voxels, and then over the voxels near
/// what is left of borders, end close to the least sum there is (`BlockMoves`).
package struct FieldMapInference: Sendable {
  let kernels: Kernels
  let voxels: SignalVoxels
  /// Shape (voxel, 6).
  let neighbours: Buffer<Int32>
  /// Shape (voxel, 3, 4).
  let candidates: Buffer<Float>
  /// Period of the field map, Hz; nil when the echoes are uneven.
  let period: Double?
  var prior: FieldPrior
  /// What the voxels' signals say besides; nil: costs are taken as they are, pairs by distance alone.
  var evidence: FieldMapEvidence?

  package init(
    kernels: Kernels, voxels: SignalVoxels, candidates: Buffer<Float>, period: Double?,
    prior: FieldPrior = FieldPrior(), evidence: FieldMapEvidence? = nil,
    neighbours: Buffer<Int32>? = nil
  ) {
    self.kernels = kernels
    self.voxels = voxels
    self.neighbours = neighbours ?? voxels.neighbours()
    self.candidates = candidates
    self.period = period
    self.prior = prior
    self.evidence = evidence
    self.evidence?.plan.cap = Float(prior.cap)
    self.evidence?.plan.closeness = voxels.grid.closeness
  }

  /// Index of the chosen candidate, shape (voxel).
  package func choose() -> Buffer<UInt8> {
    let problem = problem()
    problem.relax()
    if prior.sweeps > 0 { LocalMessages(problem).run(sweeps: prior.sweeps) }
    BlockMoves(problem).run()
    problem.relax()
    return problem.choice
  }

  /// Own costs and steps between neighbours of a choice, nats.
  package func energy(of choice: Buffer<UInt8>) -> Double {
    let problem = problem()
    for i in 0..<problem.count { problem.choose(i, Int(choice[i])) }
    return problem.cost()
  }

  private func problem() -> FieldProblem {
    FieldProblem(
      kernels: kernels, voxels: voxels, neighbours: neighbours,
      psi: { [candidates] in candidates[$0 * 12 + $1] },
      unary: evidence?.ownCosts(candidates, kernels: kernels) ?? plainCosts(),
      weights: evidence?.pairWeights(neighbours, kernels: kernels) ?? plainWeights(),
      period: Float(period ?? 0), stiffness: Float(1 / (2 * prior.stepSD * prior.stepSD)),
      most: Float(prior.most))
  }

  /// Costs as they are, above the voxel's best, shape (voxel, 4).
  private func plainCosts() -> Buffer<Float> {
    let unary = Buffer<Float>(voxels.count * 4, zero: 0)
    let cap = Float(prior.cap)
    for i in 0..<voxels.count {
      let costs = candidates.pointer + i * 12 + 4
      let best = min(min(costs[0], costs[1]), min(costs[2], costs[3]))
      for k in 0..<4 {
        unary[i * 4 + k] = costs[k] >= missingNats ? missingNats : min(cap, costs[k] - best)
      }
    }
    return unary
  }

  /// Weights of pairs by their distance alone, shape (voxel, 3).
  private func plainWeights() -> Buffer<Float> {
    let (weights, closeness) = (Buffer<Float>(voxels.count * 3, zero: 1), voxels.grid.closeness)
    for i in 0..<weights.count { weights[i] = closeness[i % 3] }
    return weights
  }
}

extension VoxelGrid {
  /// Weight of a pair of neighbours along x, y and z: the shortest edge of a voxel over theirs. A single
  /// slice's thickness says nothing.
  ///
  /// What bends the field between two voxels adds up along the way. The variance of its step grows with
  /// their distance, and so does the chance that an edge lies between them: slices 5 mm apart share a
  /// field less than voxels 1.5 mm apart do (as in Berglund and Skorpil 2017, 10.1002/mrm.26479).
  fileprivate var closeness: SIMD3<Float> {
    var edges = spacing
    for (axis, count) in [nx, ny, nz].enumerated() where count == 1 { edges[axis] = .infinity }
    return SIMD3<Float>(edges.min() / edges)
  }
}
