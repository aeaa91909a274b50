import Statistics

/// Obuchowski's accuracy of a value against an ordinal reference (Acad Radiol 2005;12:1198):
///
///     theta = 1 - sum over t < s of w_ts L_ts (1 - theta_ts)
///
/// with theta_ts the area under the curve between classes t and s, ties by half, L the penalty for
/// taking one for the other, and w adding up to 1.
public struct OrdinalAccuracy: Sendable, Equatable {
  /// Where the w_ts come from.
  public enum PairWeights: String, Sendable {
    /// n_t n_s: the sample's own prevalence.
    case sample
    /// All alike, so that samples of different prevalence compare (Lambert et al., Clin Chem
    /// 2008;54:1372).
    case equal
  }

  public let pairWeights: PairWeights
  /// L_ts = (s - t) / (K - 1).
  public let penalties: SquareTable
  /// w_ts, 0 on and below the diagonal.
  public let weights: SquareTable
  /// theta_ts above the diagonal, 0 elsewhere.
  public let pairs: SquareTable
  public let accuracy: Estimate

  /// Left out where a class is empty. The variance is DeLong's of the weighted sum, weights fixed.
  public static func figure(
    _ sample: ClassedValues, direction: Direction, pairWeights: PairWeights,
    level: Double = 0.95
  ) -> Figure<OrdinalAccuracy> {
    if let empty = sample.emptyClass { return .leftOut("no participant has tissue \(empty)") }
    let values = sample.rising(direction)
    let size = values.count
    let penalties = SquareTable(size: size) { abs(Double($0 - $1)) / Double(size - 1) }
    let raw = SquareTable(size: size) { t, s in
      guard t < s else { return 0 }
      return pairWeights == .equal ? 1 : Double(values[t].count) * Double(values[s].count)
    }
    let sum = raw.elements.reduce(0, +)
    let weights = SquareTable(size: size) { raw[$0, $1] / sum }
    var components = values.map { [Double](repeating: 0, count: $0.count) }
    var areas = [Double](repeating: 0, count: size * size)
    for t in 0..<size {
      for s in t + 1..<max(size, t + 1) {
        let factor = weights[t, s] * penalties[t, s]
        for (index, value) in values[s].enumerated() {
          let above = Placement(value, in: values[t]).rank / Double(values[t].count)
          components[s][index] += factor * above
          areas[t * size + s] += above / Double(values[s].count)
        }
        for (index, value) in values[t].enumerated() {
          components[t][index] +=
            factor * (1 - Placement(value, in: values[s]).rank / Double(values[s].count))
        }
      }
    }
    let pairs = SquareTable(size: size) { areas[$0 * size + $1] }
    let loss = weights.elements.indices.reduce(0) {
      $0 + weights.elements[$1] * penalties.elements[$1] * (1 - pairs.elements[$1])
    }
    let accuracy = LogitInterval.estimate(
      1 - loss, components: components, method: .obuchowski, level: level)
    return .value(
      OrdinalAccuracy(
        pairWeights: pairWeights, penalties: penalties, weights: weights, pairs: pairs,
        accuracy: accuracy))
  }
}

extension Method {
  public static let obuchowski = Method(
    "Obuchowski's variance of weighted areas, interval on the logit scale",
    reference: "Obuchowski NA. Acad Radiol 2005;12:1198-1204")
}
