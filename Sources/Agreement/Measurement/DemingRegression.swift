import Statistics

/// A straight line between two measurements that both have errors, of equal size (Deming): the line of
/// least perpendicular distances. A slope of 1 says that both measure on one scale.
public struct DemingRegression: Sendable, Equatable {
  public let slope: Estimate
  /// Percent.
  public let intercept: Estimate

  static let least = 4

  /// - Parameter pairs: one a participant; `first` lies on the x axis.
  public static func of(_ pairs: [BlandAltman.Pair], level: Double = 0.95)
    -> Figure<DemingRegression>
  {
    guard pairs.count >= least else {
      return .leftOut("\(pairs.count) participants were measured in both ways; \(least) are needed")
    }
    guard let whole = line(pairs) else {
      return .leftOut("the two measurements do not rise together: no line can be drawn")
    }
    // Linnet's jackknife (Stat Med 1990;9:1463).
    let without = pairs.indices.compactMap { left -> (slope: Double, intercept: Double)? in
      var rest = pairs
      rest.remove(at: left)
      return line(rest)
    }
    let method = Method("jackknife", reference: "Linnet K. Stat Med 1990;9:1463-73")
    func estimate(_ value: Double, _ others: [Double]) -> Estimate {
      let n = Double(pairs.count)
      let interval: Figure<Interval>
      if others.count == pairs.count {
        let spread = Sample(others.map { n * value - (n - 1) * $0 })
        let reach =
          StudentT(degreesOfFreedom: n - 2).quantile(0.5 + level / 2)
          * (spread.variance / n).squareRoot()
        interval = .value(Interval(lower: value - reach, upper: value + reach, level: level))
      } else {
        interval = .leftOut("without one of the participants no line can be drawn")
      }
      return Estimate(value: value, interval: interval, n: pairs.count, method: method)
    }
    return .value(
      DemingRegression(
        slope: estimate(whole.slope, without.map(\.slope)),
        intercept: estimate(whole.intercept, without.map(\.intercept))))
  }

  /// nil where the two do not rise together.
  private static func line(_ pairs: [BlandAltman.Pair]) -> (slope: Double, intercept: Double)? {
    let (x, y) = (Sample(pairs.map(\.first)), Sample(pairs.map(\.second)))
    let product =
      pairs.reduce(0) { $0 + ($1.first - x.mean) * ($1.second - y.mean) } / Double(pairs.count - 1)
    guard product > 0 else { return nil }
    let difference = y.variance - x.variance
    let root = (difference * difference + 4 * product * product).squareRoot()
    let slope = (difference + root) / (2 * product)
    return (slope, y.mean - slope * x.mean)
  }
}
