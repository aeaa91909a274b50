import Foundation
import KernelTypes
import Volumes

/// What the voxels' signals say about the field map beyond the costs of its candidates: how far those
/// costs are believed, and which neighbours share a field.
package struct FieldMapEvidence: Sendable {
  /// sum over echoes of |s|^2, shape (voxel).
  let energies: Buffer<Float>
  /// |s|^2 of the brightest echo, which shows where tissue ends when later ones have decayed, shape
  /// (voxel).
  let brightness: Buffer<Float>
  /// The search that the costs come from.
  let search: SearchPlan
  /// Brightness from which a voxel is fully trusted as a neighbour.
  private let fullBrightness: Float

  /// Strength of the belief in the stated variance, in real data.
  private let varianceData: Float = 4
  /// Misfit as a share of the signal's energy at which evidence counts half.
  private let halfMisfit: Float = 0.002
  /// Logarithm of the ratio of amplitudes between neighbours, one standard deviation.
  private let contrastSD: Float = 0.3

  /// - Parameters:
  ///   - energies: sum over echoes of |s|^2, shape (voxel).
  ///   - brightness: |s|^2 of the brightest echo, shape (voxel).
  ///   - scan: the same of all the scan's voxels with signal.
  ///   - search: the search that the costs come from.
  package init(
    energies: Buffer<Float>, brightness: Buffer<Float>, among scan: Buffer<Float>,
    search: SearchPlan
  ) {
    self.energies = energies
    self.brightness = brightness
    self.search = search
    // 0.6 of the amplitude below which half of the scan's energy lies: noise adds next to nothing.
    let step = max(1, scan.count / 100_000) | 1
    let sorted = stride(from: 0, to: scan.count, by: step).map { scan[$0] }.sorted()
    let half = sorted.reduce(0) { $0 + Double($1) } / 2
    var below = 0.0
    let median = sorted.first { energy in
      below += Double(energy)
      return below > half
    }
    fullBrightness = 0.36 * max(median ?? 1, .leastNormalMagnitude)
  }

  /// How a voxel's costs are believed.
  struct Belief {
    let scale: Float
    let strength: Float
    let offset: Float
    let best: Float

    /// Nats of a candidate's cost above the best one's.
    @inline(__always)
    func nats(_ cost: Float) -> Float { strength * log((offset + cost) / (offset + best)) }
  }

  /// Tissue departs from the model by amounts that differ from place to place (motion, flow, several
  /// decays).
  ///
  /// With the variance of a voxel's N real residuals unknown, its prior worth nu data, minus the
  /// log-likelihood is (nu + N) / 2 ln(nu / 2 + u) for a cost of u nats under the stated variance
  /// (Student). And where even the best fit misses by a share rho of the energy, the misfit is a
  /// property of the place, not of the voxel: neighbours do not add to the evidence as noise would,
  /// so it counts only 1 / (1 + rho / 0.002).
  @inline(__always)
  func belief(voxel i: Int, best: Float) -> Belief {
    let energy = max(energies[i], .leastNormalMagnitude)
    let misfit = 2 * best * search.variance(energy: energy) / energy
    return Belief(
      scale: 1 / (1 + misfit / halfMisfit), strength: (varianceData + Float(2 * search.echoes)) / 2,
      offset: varianceData / 2, best: best)
  }

  /// How much two neighbours share a field, 0...1: fully inside bright tissue of one brightness,
  /// little across its borders and where signal fades (lung, gas), since the field may jump there.
  @inline(__always)
  func weight(_ i: Int, _ j: Int) -> Float {
    let (a, b) = (brightness[i], brightness[j])
    let contrast = 0.5 * log(a / b) / contrastSD
    return min(1, min(a, b) / fullBrightness) * exp(-0.5 * contrast * contrast)
  }
}
