import Statistics

/// Cohen's weighted kappa (Psychol Bull 1968;70:213) of a table of pairs:
///
///     kappa = (p_o - p_e) / (1 - p_e),  p_o = sum w_ij p_ij,  p_e = sum w_ij p_i. p_.j
public enum Kappa {
  /// nil for an empty table, and where both margins lie in one class, since then 0 / 0 is asked.
  ///
  /// - Parameter counts: pairs row by row; need not be whole.
  public static func value(_ counts: [Double], _ weights: SquareTable) -> Double? {
    counts.withUnsafeBufferPointer { counts in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * weights.size) { margins in
        let value = value(counts, weights.elements, size: weights.size, margins: margins)
        return value.isFinite ? value : nil
      }
    }
  }

  /// NaN where undefined.
  ///
  /// - Parameters:
  ///   - margins: room for twice `size`, overwritten.
  static func value(
    _ counts: UnsafeBufferPointer<Double>, _ weights: [Double], size: Int,
    margins: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    margins.update(repeating: 0)
    var (total, observed) = (0.0, 0.0)
    for i in 0..<size {
      for j in 0..<size {
        let count = counts[i * size + j]
        margins[i] += count
        margins[size + j] += count
        observed += count * weights[i * size + j]
        total += count
      }
    }
    var expected = 0.0
    for i in 0..<size {
      for j in 0..<size { expected += weights[i * size + j] * margins[i] * margins[size + j] }
    }
    // total^2 (p_o - p_e) and total^2 (1 - p_e): sums of whole numbers, so a 0 is exact.
    let rest = total * total - expected
    return rest > 1e-12 * total * total ? (total * observed - expected) / rest : .nan
  }

  /// The large-sample variance of kappa for one pair: divided by n it is that of an estimate (Fleiss,
  /// Cohen and Everitt, Psychol Bull 1969;72:323, equation 13).
  ///
  ///     [ sum p_ij (w_ij - (w_i. + w_.j)(1 - kappa))^2 - (kappa - p_e (1 - kappa))^2 ] / (1 - p_e)^2
  ///
  /// with w_i. = sum_j w_ij p_.j and w_.j = sum_i w_ij p_i. .
  ///
  /// - Parameter shares: of each pair, adding up to 1.
  public static func unitVariance(_ shares: SquareTable, _ weights: SquareTable) -> Double? {
    guard let kappa = value(shares.elements, weights) else { return nil }
    let size = shares.size
    let rows = (0..<size).map { i in (0..<size).reduce(0) { $0 + shares[i, $1] } }
    let columns = (0..<size).map { j in (0..<size).reduce(0) { $0 + shares[$1, j] } }
    let byRow = (0..<size).map { i in (0..<size).reduce(0) { $0 + weights[i, $1] * columns[$1] } }
    let byColumn = (0..<size).map { j in (0..<size).reduce(0) { $0 + weights[$1, j] * rows[$1] } }
    let expected = (0..<size).reduce(0) { $0 + rows[$1] * byRow[$1] }
    var sum = 0.0
    for i in 0..<size {
      for j in 0..<size {
        let term = weights[i, j] - (byRow[i] + byColumn[j]) * (1 - kappa)
        sum += shares[i, j] * term * term
      }
    }
    let centre = kappa - expected * (1 - kappa)
    return max(sum - centre * centre, 0) / ((1 - expected) * (1 - expected))
  }
}
