import Foundation

/// The bootstrap's bias-corrected and accelerated interval (Efron, J Am Stat Assoc 1987;82:171;
/// Efron and Tibshirani 1993, chapter 14): the percentiles of the replicates at
///
///     Phi(z0 + (z0 + z) / (1 - a (z0 + z))),  z = Phi^-1(alpha / 2), Phi^-1(1 - alpha / 2)
///
/// with z0 = Phi^-1 of the share of replicates below the estimate (half of those equal to it
/// counted as below), a the acceleration.
public enum BiasCorrected {
  /// nil where the replicates lie all on one side of the estimate, or are all equal: then they say
  /// nothing about its error; and where the acceleration is so large that the formula has a pole
  /// between the limits.
  ///
  /// - Parameters:
  ///   - replicates: finite, in any order.
  ///   - acceleration: see `acceleration(_:)`.
  public static func interval(
    _ estimate: Double, replicates: [Double], acceleration: Double, level: Double = 0.95
  ) -> Interval? {
    let sorted = replicates.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else { return nil }
    let below = Double(lowerBound(sorted, estimate))
    let notAbove = Double(lowerBound(sorted, estimate.nextUp))
    let share = (below + notAbove) / 2 / Double(sorted.count)
    guard share > 0, share < 1 else { return nil }
    let normal = Normal()
    let z0 = normal.quantile(share)
    func percentile(_ tail: Double) -> Double? {
      let z = z0 + normal.quantile(tail)
      // Beyond the pole the percentiles run backwards.
      guard acceleration * z < 1 else { return nil }
      return quantile(sorted, normal.cumulative(z0 + z / (1 - acceleration * z)))
    }
    let tail = (1 - level) / 2
    guard let lower = percentile(tail), let upper = percentile(1 - tail) else { return nil }
    return Interval(lower: lower, upper: upper, level: level)
  }

  /// a = sum d^3 / (6 (sum d^2)^(3/2)), d = mean of the leave-one-out estimates - each of them; 0
  /// where they are all equal.
  ///
  /// - Parameter leftOneOut: distinct estimates with how many participants they stand for.
  public static func acceleration(_ leftOneOut: [(estimate: Double, count: Double)]) -> Double {
    let n = leftOneOut.reduce(0) { $0 + $1.count }
    let mean = leftOneOut.reduce(0) { $0 + $1.estimate * $1.count } / n
    var (squares, cubes) = (0.0, 0.0)
    for (estimate, count) in leftOneOut {
      let d = mean - estimate
      squares += count * d * d
      cubes += count * d * d * d
    }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }

  /// Linear between order statistics, (n - 1) p apart from the first.
  static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let place = p * Double(sorted.count - 1)
    let low = Int(place.rounded(.down))
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  /// How many elements are below a value.
  private static func lowerBound(_ sorted: [Double], _ value: Double) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
