import Foundation
import KernelTypes
import Volumes

/// What the voxels' signals say about the field map beyond the costs of its candidates: how far those
/// costs are believed, and which neighbours share a field.
///
/// Tissue departs from the model by amounts that differ from place to place (motion, flow, several
/// decays). With the variance of a voxel's real residuals unknown, its evidence is Student's instead
/// of Gaussian. One pulse excites water and fat, and candidates that have them out of phase at TE = 0 cost
/// more. And where even the best fit misses by a share rho of the energy, the misfit is a
/// property of the place, not of the voxel: neighbours do not add to the evidence as noise would, so
/// it counts only 1 / (1 + rho / 0.002). Neighbours share a field fully inside bright tissue of one
/// brightness, little across its borders and where signal fades (lung, gas), since the field may jump
/// there; and the less the farther apart they lie. The formulas stand with the kernels, `ownCosts`,
/// `phaseCosts` and `pairWeights`.
package struct FieldMapEvidence: Sendable {
  /// sum over echoes of |s|^2, shape (voxel), filled up to whole blocks.
  let energies: Buffer<Float>
  /// |s|^2 of the brightest echo, which shows where tissue ends when later ones have decayed; same
  /// shape.
  let brightness: Buffer<Float>
  /// The search that the costs come from.
  let search: SearchPlan
  let signal: PackedSignal
  let fit: FitPlan
  package var plan = EvidencePlan()

  /// - Parameters:
  ///   - energies: sum over echoes of |s|^2, shape (voxel), filled up to whole blocks.
  ///   - brightness: |s|^2 of the brightest echo, same shape.
  ///   - scan: the same of all the scan's voxels with signal.
  ///   - signal: what the candidates were found in.
  ///   - tables: of the search that the costs come from, and of the fit.
  init(
    energies: Buffer<Float>, brightness: Buffer<Float>, among scan: Buffer<Float>,
    signal: PackedSignal, _ tables: KernelTables
  ) {
    self.energies = energies
    self.brightness = brightness
    self.signal = signal
    (search, fit) = (tables.search, tables.fit)
    // 0.6 of the amplitude below which half of the scan's energy lies: noise adds next to nothing.
    let step = max(1, scan.count / 100_000) | 1
    let some = stride(from: 0, to: scan.count, by: step).map { scan[$0] }
    let median = level(of: some, share: 0.5) { Double($0) }
    plan.fullBrightness = 0.36 * max(median, .leastNormalMagnitude)
  }

  /// Own cost of every candidate above the voxel's best, shape (voxel, 4).
  func ownCosts(_ candidates: Buffer<Float>, kernels: Kernels) -> Buffer<Float> {
    let blocks = energies.count / laneCount
    let own = Buffer<Float>(unwritten: blocks * laneCount * 4)
    inParallel(blocks, piece: 64) { range in
      phaseCosts(range, candidates, own, kernels)
      for block in range {
        kernels.ownCosts(
          block, candidates.pointer, energies.pointer, search, plan, own.pointer)
      }
    }
    return own
  }

  /// What the candidates of some blocks cost for water and fat out of phase, where they are.
  private func phaseCosts(
    _ range: Range<Int>, _ candidates: Buffer<Float>, _ costs: Buffer<Float>, _ kernels: Kernels
  ) {
    var stay = fit
    stay.iterations = 0
    let rows = FitRow.allCases.count * laneCount
    withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * rows) { fits in
      guard let fits = fits.baseAddress else { return }
      for k in 0..<candidateCount {
        kernels.fit(signal, stay, from: candidates, blocks: range, into: fits) { _ in k }
        for (place, block) in range.enumerated() {
          kernels.phaseCosts(
            fits + place * rows, energies.pointer + block * laneCount, search, plan,
            costs.pointer + block * laneCount * candidateCount + k)
        }
      }
    }
  }

  /// Weights of the pairs with the neighbours at +x, +y, +z, shape (voxel, 3).
  func pairWeights(_ neighbours: Buffer<Int32>, kernels: Kernels) -> Buffer<Float> {
    let blocks = brightness.count / laneCount
    let contrast = Buffer<Float>(unwritten: brightness.count)
    inParallel(blocks, piece: 1024) { range in
      for block in range {
        kernels.contrasts(block, brightness.pointer, plan, contrast.pointer)
      }
    }
    let weights = Buffer<Float>(unwritten: neighbours.count / 2)
    inParallel(neighbours.count / 6, piece: 1 << 14) { range in
      kernels.pairWeights(
        range, neighbours.pointer, brightness.pointer, contrast.pointer, plan, weights.pointer)
    }
    return weights
  }
}
