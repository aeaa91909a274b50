import Foundation
import Statistics

/// Gwet's AC2 (AC1 without weights), an agreement whose chance part does not collapse where one
/// class is rare (Br J Math Stat Psychol 2008;61:29; Handbook of Inter-Rater Reliability, 4th ed.):
///
///     AC2 = (p_a - p_e) / (1 - p_e),  p_e = sum_ij w_ij / (K (K - 1)) * sum_k pi_k (1 - pi_k)
///
/// with p_a = sum w_ij p_ij and pi_k the mean of both margins.
public enum GwetCoefficient {
  /// The standard error s is that of Gwet's linearised variance,
  ///
  ///     s^2 = (sum p_ij (w_ij - 2 (1 - AC2) T (1 - (pi_i + pi_j) / 2))^2 - (p_a - 2 (1 - AC2) p_e)^2)
  ///           / ((n - 1) (1 - p_e)^2),  T = sum w_ij / (K (K - 1))
  ///
  /// The interval is made on the scale of ln(1 - AC2), with Student's t at n - 1 degrees of freedom:
  ///
  ///     1 - (1 - AC2) exp(+- t s / (1 - AC2))
  ///
  /// It never passes 1, and covers where AC2 +- t s does not (0.7, quadratic weights, n = 86: 94 %
  /// against 91 %; docs/validation-statistics.md).
  ///
  /// - Parameter counts: pairs, tissue by call.
  public static func figure(
    _ counts: [[Int]], _ weights: AgreementWeights, level: Double = 0.95
  ) -> Figure<Estimate> {
    let n = counts.reduce(0) { $0 + $1.reduce(0, +) }
    guard n > 0 else { return .leftOut("there are no pairs") }
    let (value, spread) = coefficient(counts, n, weights.matrix(classes: counts.count))
    func estimate(_ interval: Figure<Interval>, _ error: Double? = nil) -> Figure<Estimate> {
      .value(
        Estimate(value: value, interval: interval, n: n, method: .gwet, standardError: error))
    }
    guard n > 1 else { return estimate(.leftOut("one pair has no spread")) }
    // Rounding of sums near 1.
    guard spread > 1e-14 else {
      return estimate(.leftOut("every pair agrees alike, so there is no spread"))
    }
    let error = (spread / Double(n - 1)).squareRoot()
    let reach = StudentT(degreesOfFreedom: Double(n - 1)).quantile(0.5 + level / 2) * error
    // Disagreement, above 0 where there is a spread.
    let rest = 1 - value
    let interval = Interval(
      lower: 1 - rest * exp(reach / rest), upper: 1 - rest * exp(-reach / rest), level: level)
    return estimate(.value(interval.clamped(to: -1...1)), error)
  }

  /// The coefficient, and (n - 1) s^2.
  private static func coefficient(_ counts: [[Int]], _ n: Int, _ w: SquareTable)
    -> (value: Double, spread: Double)
  {
    let size = w.size
    let p = SquareTable(size: size) { Double(counts[$0][$1]) / Double(n) }
    let pi = (0..<size).map { k in
      (0..<size).reduce(0) { $0 + p[k, $1] + p[$1, k] } / 2
    }
    let scale = w.elements.reduce(0, +) / Double(size * (size - 1))
    let agreed = zip(w.elements, p.elements).reduce(0) { $0 + $1.0 * $1.1 }
    // At most T (K - 1) / K, below 1 for these weights.
    let chance = scale * pi.reduce(0) { $0 + $1 * (1 - $1) }
    let value = (agreed - chance) / (1 - chance)
    var sum = 0.0
    for i in 0..<size {
      for j in 0..<size {
        let term = w[i, j] - 2 * (1 - value) * scale * (1 - (pi[i] + pi[j]) / 2)
        sum += p[i, j] * term * term
      }
    }
    let centre = agreed - 2 * (1 - value) * chance
    return (value, (sum - centre * centre) / ((1 - chance) * (1 - chance)))
  }
}

extension Method {
  public static let gwet = Method(
    "Gwet's linearised variance, Student's t on the scale of ln(1 - AC)",
    reference: "Gwet KL. Br J Math Stat Psychol 2008;61:29-48; "
      + "Handbook of Inter-Rater Reliability, 4th ed., 2014")
}
