import Statistics

/// The concordance (C-index) of a value with ordered classes: among pairs of participants of
/// different classes the share whose values lie in the classes' order, ties by half (Harrell).
public enum Concordance {
  /// Left out where all tissue is of one class.
  ///
  /// The variance is the infinitesimal jackknife's, as in R's `survival::concordance`: with c_i the
  /// concordant pairs of participant i and m_i its comparable ones,
  ///
  ///     v = sum (2 (c_i - C m_i) / sum m)^2
  public static func figure(
    _ sample: ClassedValues, direction: Direction, level: Double = 0.95
  ) -> Figure<Estimate> {
    let values = sample.rising(direction)
    guard values.count(where: { !$0.isEmpty }) > 1 else {
      return .leftOut(
        sample.total == 0 ? "there are no participants" : "all tissue is of one class")
    }
    var concordant: [Double] = []
    var comparable: [Double] = []
    for (k, members) in values.enumerated() {
      let others = Double(sample.total - members.count)
      for value in members {
        var pairs = 0.0
        for (j, other) in values.enumerated() where j != k {
          let rank = Placement(value, in: other).rank
          pairs += j < k ? rank : Double(other.count) - rank
        }
        concordant.append(pairs)
        comparable.append(others)
      }
    }
    let all = comparable.reduce(0, +)
    let share = concordant.reduce(0, +) / all
    let variance = zip(concordant, comparable).reduce(0) { sum, pair in
      let influence = 2 * (pair.0 - share * pair.1) / all
      return sum + influence * influence
    }
    let error = variance.squareRoot()
    return .value(
      Estimate(
        value: share,
        interval: sample.total > 2
          ? LogitInterval.figure(share, standardError: error, level: level)
          : .leftOut("two participants have no spread"),
        n: sample.total, method: .concordance, standardError: error))
  }

  /// The direction in which concordance is 1/2 or more; nil where it is undefined. For a table that
  /// brings no direction: a figure made with it is flattered, and must say so.
  public static func direction(_ sample: ClassedValues) -> Direction? {
    figure(sample, direction: .rises).value.map { $0.value >= 0.5 ? .rises : .falls }
  }
}

extension Method {
  public static let concordance = Method(
    "infinitesimal jackknife, interval on the logit scale",
    reference: "Harrell FE et al. JAMA 1982;247:2543-2546; Therneau T, Atkinson E. Concordance, "
      + "vignette of the R package survival")
}
