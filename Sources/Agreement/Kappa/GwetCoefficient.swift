import Statistics

/// Gwet's AC2 (AC1 without weights), an agreement whose chance part does not collapse where one
/// class is rare (Br J Math Stat Psychol 2008;61:29; Handbook of Inter-Rater Reliability, 4th ed.):
///
///     AC2 = (p_a - p_e) / (1 - p_e),  p_e = sum_ij w_ij / (K (K - 1)) * sum_k pi_k (1 - pi_k)
///
/// with p_a = sum w_ij p_ij and pi_k the mean of both margins.
public enum GwetCoefficient {
  /// With the interval of Student's t, n - 1 degrees of freedom, from the linearised variance
  ///
  ///     v = (sum p_ij (w_ij - 2 (1 - AC2) T (1 - (pi_i + pi_j) / 2))^2 - (p_a - 2 (1 - AC2) p_e)^2)
  ///         / ((n - 1) (1 - p_e)^2),  T = sum w_ij / (K (K - 1))
  ///
  /// cut at -1 and 1.
  ///
  /// - Parameter counts: pairs, tissue by call.
  public static func figure(
    _ counts: [[Int]], _ weights: AgreementWeights, level: Double = 0.95
  ) -> Figure<Estimate> {
    let size = counts.count
    let n = counts.reduce(0) { $0 + $1.reduce(0, +) }
    guard n > 0 else { return .leftOut("there are no pairs") }
    let w = weights.matrix(classes: size)
    let p = SquareTable(size: size) { Double(counts[$0][$1]) / Double(n) }
    let pi = (0..<size).map { k in
      (0..<size).reduce(0) { $0 + p[k, $1] + p[$1, k] } / 2
    }
    let scale = w.elements.reduce(0, +) / Double(size * (size - 1))
    let agreed = zip(w.elements, p.elements).reduce(0) { $0 + $1.0 * $1.1 }
    let chance = scale * pi.reduce(0) { $0 + $1 * (1 - $1) }
    // The chance part is at most T (K - 1) / K, below 1 for these weights.
    let value = (agreed - chance) / (1 - chance)
    guard n > 1 else {
      return .value(
        Estimate(
          value: value, interval: .leftOut("one pair has no spread"), n: n, method: .gwet))
    }
    var sum = 0.0
    for i in 0..<size {
      for j in 0..<size {
        let term = w[i, j] - 2 * (1 - value) * scale * (1 - (pi[i] + pi[j]) / 2)
        sum += p[i, j] * term * term
      }
    }
    let centre = agreed - 2 * (1 - value) * chance
    let spread = sum - centre * centre
    // Rounding of sums near 1.
    guard spread > 1e-14 else {
      return .value(
        Estimate(
          value: value, interval: .leftOut("every pair agrees alike, so there is no spread"),
          n: n, method: .gwet))
    }
    let error = (spread / Double(n - 1)).squareRoot() / (1 - chance)
    let reach = StudentT(degreesOfFreedom: Double(n - 1)).quantile(0.5 + level / 2) * error
    let interval = Interval(lower: value - reach, upper: value + reach, level: level)
    return .value(
      Estimate(value: value, interval: .value(interval.clamped(to: -1...1)), n: n, method: .gwet))
  }
}

extension Method {
  public static let gwet = Method(
    "Student's t with Gwet's linearised variance",
    reference: "Gwet KL. Br J Math Stat Psychol 2008;61:29-48; "
      + "Handbook of Inter-Rater Reliability, 4th ed., 2014")
}
