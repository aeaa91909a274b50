import Foundation
import Volumes

/// What voxel noise makes of a region's mean and median.
///
/// The region's tissue stays as it is and noise is drawn anew: that is what is uncertain.
struct NoiseUncertainty {
  let noise: CorrelatedNoise
  /// Standard deviation of PDFF by noise, a fraction, shape (x, y, z).
  let standardDeviation: Volume<Float>
  /// PDFF, a fraction, same shape, and the region's median.
  let fatFraction: Volume<Float>
  let center: Double

  /// A voxel's standard deviation, 50 points, above which its own value says more than its bound:
  /// the bound of a voxel whose echoes hardly tell fat from water runs to infinity, and a value
  /// cannot be off by much more than it lies away from the region.
  private static let most = 0.5

  /// Terms of arcsin's series that are summed: 3 % short at a correlation of 0.9.
  private static let terms = 4

  /// The mean as a weighted sum of noise. A voxel without a known standard deviation counts as the
  /// others do in the mean square; nil where fewer than half are known.
  func mean(_ voxels: [Int]) -> CorrelatedNoise.Sum? {
    guard let sd = deviations(voxels) else { return nil }
    let n = Double(voxels.count)
    return CorrelatedNoise.Sum(voxels: voxels, weights: sd.map { $0 / n })
  }

  /// Variance of the median:
  ///
  ///     Var = n / (n + pi/2 - 1)  sum_ij (v_i v_j)^(1/2) (2 / pi) asin(rho_ij) / (sum_i f_i)^2
  ///     v_i = P_i (1 - P_i),   P_i = Phi(a_i),   f_i = phi(a_i) / sigma_i,   a_i = (M - t_i) / sigma_i
  ///
  /// M the median, t_i the voxel without its noise. The median moves by the share of voxels that noise
  /// carries across it, over the density there (the asymptotic variance of a quantile; the sum of
  /// independent, unlike voxels gives sum v_i / (sum f_i)^2). Two of them are on one side together
  /// as normal variables are, (2 / pi) asin(rho) at M. The factor in front makes one voxel's median its
  /// value and is within 1 % for three and more. The t_i are not known; what was measured, drawn
  /// together around M until its variance is that of the tissue, is taken for them:
  ///
  ///     t_i = M + k (m_i - M),   k^2 = max(0, 1 - mean sigma^2 / var m)
  ///
  /// - Parameter values: PDFF of `voxels`, a fraction.
  func medianVariance(_ voxels: [Int], values: [Float], median: Double) -> Double? {
    guard let sd = deviations(voxels), let moments = values.isEmpty ? nil : Moments(values)
    else { return nil }
    let n = Double(voxels.count)
    let meanSquare = sd.reduce(0) { $0 + $1 * $1 } / n
    guard meanSquare > 0 else { return 0 }
    let spread = moments.standardDeviation.map { $0 * $0 } ?? 0
    let k = spread > 0 ? max(0, 1 - meanSquare / spread).squareRoot() : 0
    // A voxel without any noise would have no density; it gets a thousandth of the others'.
    let least = 1e-3 * meanSquare.squareRoot()
    var (density, weights) = (0.0, [Double]())
    weights.reserveCapacity(voxels.count)
    for (value, known) in zip(values, sd) {
      let sigma = max(known, least)
      let a = k * (median - Double(value)) / sigma
      let below = 0.5 * erfc(-a / 2.0.squareRoot())
      density += exp(-a * a / 2) / ((2 * Double.pi).squareRoot() * sigma)
      weights.append((below * (1 - below)).squareRoot())
    }
    guard density > 0 else { return nil }
    let sum = CorrelatedNoise.Sum(voxels: voxels, weights: weights)
    return n / (n + .pi / 2 - 1) * indicatorVariance(sum) / (density * density)
  }

  /// sum_ij w_i w_j (2 / pi) asin(rho_ij), by asin's series in odd powers; what the series lacks at
  /// rho = 1 is added.
  private func indicatorVariance(_ sum: CorrelatedNoise.Sum) -> Double {
    let alone = sum.weights.reduce(0) { $0 + $1 * $1 }
    guard !noise.correlation.isNone else { return alone }
    var (total, coefficient, atOne) = (0.0, 1.0, 0.0)
    for term in 0..<Self.terms {
      let power = 2 * term + 1
      if term > 0 {
        // (2k)! / (4^k (k!)^2 (2k + 1)), from the one before.
        let k = Double(term)
        coefficient *= (2 * k - 1) * (2 * k - 1) / (2 * k * (2 * k + 1))
      }
      atOne += coefficient
      total += coefficient * noise.covariance(sum, sum, power: power)
    }
    return max(alone, 2 / .pi * (total + (.pi / 2 - atOne) * alone))
  }

  private func deviations(_ voxels: [Int]) -> [Double]? {
    let all = voxels.map { voxel in
      let away = abs(Double(fatFraction.values[voxel]) - center)
      let sd = Double(standardDeviation.values[voxel])
      return sd.isNaN ? sd : min(sd, max(Self.most, away))
    }
    let known = all.filter(\.isFinite)
    guard !known.isEmpty, 2 * known.count >= all.count else { return nil }
    guard known.count < all.count else { return all }
    let usual = (known.reduce(0) { $0 + $1 * $1 } / Double(known.count)).squareRoot()
    return all.map { $0.isFinite ? $0 : usual }
  }
}
