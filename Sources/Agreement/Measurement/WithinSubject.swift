import Statistics

/// How far measurements of one participant differ: the within-subject standard deviation and the
/// coefficient that 95 % of differences of two measurements stay below,
///
///     coefficient = 1.96 sqrt(2) wSD = 2.77 wSD
///
/// Repeatability where nothing but the repeat changes, reproducibility where scanner or reader do
/// (Raunig, Stat Methods Med Res 2015;24:27). Interval: (df wSD^2) / chi-squared, exact where the
/// errors are normal and alike in all participants.
public struct WithinSubject: Sendable, Equatable {
  /// Percentage points.
  public let standardDeviation: Estimate
  /// Percentage points.
  public let coefficient: Estimate
  public let degreesOfFreedom: Int

  /// - Parameter groups: the values of each participant, percent; those with one value count for nothing.
  public static func of(_ groups: [[Double]], level: Double = 0.95) -> Figure<WithinSubject> {
    let repeated = groups.filter { $0.count > 1 }
    let degrees = repeated.reduce(0) { $0 + $1.count - 1 }
    guard degrees >= BlandAltman.least else {
      return .leftOut(
        "\(repeated.count) participants have more than one such value; "
          + "\(BlandAltman.least) degrees of freedom are needed")
    }
    return .value(WithinSubject(repeated, degrees, level))
  }

  private init(_ groups: [[Double]], _ degrees: Int, _ level: Double) {
    let squares = groups.reduce(0) { $0 + Sample($1).variance * Double($1.count - 1) }
    let df = Double(degrees)
    let deviation = (squares / df).squareRoot()
    let spread = ChiSquared(degreesOfFreedom: df)
    let tail = (1 - level) / 2
    let lower = (squares / spread.quantile(1 - tail)).squareRoot()
    let upper = (squares / spread.quantile(tail)).squareRoot()
    let factor = Normal().quantile(0.975) * 2.0.squareRoot()
    let method = Method(
      "chi-squared", reference: "Raunig DL, et al. Stat Methods Med Res 2015;24:27-67")
    func estimate(_ scale: Double) -> Estimate {
      Estimate(
        value: scale * deviation,
        interval: .value(Interval(lower: scale * lower, upper: scale * upper, level: level)),
        n: groups.count, method: method)
    }
    standardDeviation = estimate(1)
    coefficient = estimate(factor)
    degreesOfFreedom = degrees
  }
}
