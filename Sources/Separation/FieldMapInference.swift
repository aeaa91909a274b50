import Foundation
import KernelTypes
import Volumes

/// How smooth a field map is expected to be, and how far a voxel's own evidence is believed.
package struct FieldPrior: Sendable {
  /// Standard deviation of the field's step to the next voxel, Hz: 0.2 ppm, since susceptibility
  /// bends the field in proportion to its strength.
  package var stepSD: Double
  /// Most nats that a pair of neighbours costs: edges and gaps are allowed for.
  package var most = 40.0
  /// Most nats by which a voxel's own evidence may speak.
  package var cap = 12.0
  /// Passes there and back.
  package var sweeps = 2

  package init(stepSD: Double = 25) { self.stepSD = stepSD }

  package init(frequency: Hertz) { self.init(stepSD: 0.2 * frequency.megahertz) }
}

/// Cost of a candidate that a voxel does not have.
private let missingNats: Float = 1e4

/// Chooses a field-map candidate in every voxel: least sum of the voxels' own costs and of the
/// costs of steps between neighbours, all in nats.
///
/// Tree-reweighted message passing finds a start in a few passes; minimum cuts over blocks of voxels,
/// and then over the voxels near what is left of borders, end close to the least sum there is.
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
  /// What the voxels' signals say besides; nil: costs are taken as they are, all pairs alike.
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
  }

  /// Index of the chosen candidate, shape (voxel).
  package func choose() -> Buffer<UInt8> {
    let messages = Buffer<Float>(voxels.count * 24, zero: 0)
    let problem = problem(choice: Buffer<UInt8>(voxels.count, zero: 0))
    let graph = graph(problem, messages)
    for _ in 0..<prior.sweeps {
      sweep(graph, forward: true)
      sweep(graph, forward: false)
    }
    for parity in 0..<2 {
      eachSlab(parity) { rows in
        for range in rows { kernels.chooseCandidates(graph, range) }
      }
    }
    relax(graph)
    BlockMoves(problem).run()
    relax(graph)
    withExtendedLifetime((problem, messages)) {}
    return problem.choice
  }

  /// Own costs and steps between neighbours of a choice, nats.
  package func energy(of choice: Buffer<UInt8>) -> Double { problem(choice: choice).cost() }

  private func problem(choice: Buffer<UInt8>) -> FieldProblem {
    FieldProblem(
      voxels: voxels, neighbours: neighbours, candidates: candidates,
      unary: ownCosts(), weights: pairWeights(), choice: choice,
      period: Float(period ?? 0), stiffness: Float(1 / (2 * prior.stepSD * prior.stepSD)),
      most: Float(prior.most))
  }

  private func graph(_ problem: FieldProblem, _ messages: Buffer<Float>) -> FieldGraph {
    var graph = FieldGraph(
      neighbours: problem.neighbours.pointer, candidates: candidates.pointer,
      unary: problem.unary.pointer, weights: problem.weights.pointer,
      messages: messages.pointer, choice: problem.choice.pointer)
    graph.stiffness = problem.stiffness
    graph.most = problem.most
    graph.period = problem.period
    return graph
  }

  /// Own cost of every candidate above the voxel's best, shape (voxel, 4).
  private func ownCosts() -> Buffer<Float> {
    let unary = Buffer<Float>(voxels.count * 4, zero: 0)
    let cap = Float(prior.cap)
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range {
        let costs = candidates.pointer + i * 12 + 4
        let best = min(min(costs[0], costs[1]), min(costs[2], costs[3]))
        let belief = evidence?.belief(voxel: i, best: best)
        for k in 0..<4 {
          unary[i * 4 + k] =
            costs[k] >= missingNats
            ? missingNats
            : belief.map { $0.scale * min(cap, $0.nats(costs[k])) } ?? min(cap, costs[k] - best)
        }
      }
    }
    return unary
  }

  /// Weights of the pairs with the neighbours at +x, +y, +z, shape (voxel, 3).
  private func pairWeights() -> Buffer<Float> {
    let weights = Buffer<Float>(voxels.count * 3, zero: 1)
    guard let evidence else { return weights }
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range {
        for axis in 0..<3 {
          let j = Int(neighbours[i * 6 + axis * 2 + 1])
          if j >= 0 { weights[i * 3 + axis] = evidence.weight(i, j) }
        }
      }
    }
    return weights
  }
}

extension FieldMapInference {
  private func relax(_ graph: FieldGraph) {
    for _ in 0..<4 {
      for parity in 0..<2 {
        eachSlab(parity) { rows in
          for range in rows { kernels.relaxChoices(graph, range) }
        }
      }
    }
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
