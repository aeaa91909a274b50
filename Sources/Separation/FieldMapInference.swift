import KernelTypes
import Volumes

/// How smooth a field map is expected to be.
package struct FieldPrior: Sendable {
  /// Standard deviation of the field's step to the next voxel, Hz.
  package var stepSD = 25.0
  /// Most nats that a pair of neighbours costs: edges and gaps are allowed for.
  package var most = 12.0
  /// Trust in a voxel's own evidence: tissue departs from the model.
  package var temper = 0.5
  /// Most nats by which a voxel's own evidence may speak.
  package var cap = 60.0
  /// Passes there and back.
  package var sweeps = 12

  package init() {}
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
  var prior = FieldPrior()

  package init(
    kernels: Kernels, voxels: SignalVoxels, candidates: Buffer<Float>, period: Double?,
    prior: FieldPrior = FieldPrior()
  ) {
    self.kernels = kernels
    self.voxels = voxels
    self.candidates = candidates
    self.period = period
    self.prior = prior
  }

  /// Index of the chosen candidate, shape (voxel).
  package func choose() -> Buffer<UInt8> {
    let count = voxels.count
    let neighbours = voxels.neighbours()
    let messages = Buffer<Float>(count * 24, zero: 0)
    let choice = Buffer<UInt8>(count, zero: 0)
    let unary = ownCosts()
    var graph = FieldGraph(
      neighbours: neighbours.pointer, candidates: candidates.pointer, unary: unary.pointer,
      messages: messages.pointer, choice: choice.pointer)
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
    withExtendedLifetime((neighbours, messages, unary)) {}
    return choice
  }

  /// Own costs and steps between neighbours of a choice, nats.
  package func energy(of choice: Buffer<UInt8>) -> Double {
    let neighbours = voxels.neighbours()
    let unary = ownCosts()
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
        sum += min(prior.most, step * step * stiffness)
      }
    }
    return sum
  }

  private func ownCosts() -> Buffer<Float> {
    let unary = Buffer<Float>(voxels.count * 4, zero: 0)
    let (cap, temper) = (Float(prior.cap), Float(prior.temper))
    inParallel(voxels.count, piece: 1 << 16) { range in
      for i in range {
        for k in 0..<4 { unary[i * 4 + k] = temper * min(cap, candidates[i * 12 + 4 + k]) }
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
