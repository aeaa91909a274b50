/// A confidence interval. A limit may be infinite where the method leaves a side open.
public struct Interval: Sendable, Equatable {
  public let lower: Double
  public let upper: Double
  /// The nominal coverage, 0.95 say.
  public let level: Double

  public init(lower: Double, upper: Double, level: Double = 0.95) {
    self.lower = lower
    self.upper = upper
    self.level = level
  }

  public var halfWidth: Double { (upper - lower) / 2 }
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  /// Cut to a range that the parameter can't leave.
  public func clamped(to range: ClosedRange<Double>) -> Interval {
    Interval(
      lower: min(max(lower, range.lowerBound), range.upperBound),
      upper: min(max(upper, range.lowerBound), range.upperBound), level: level)
  }

  /// estimate +- z standardError, z the normal quantile.
  public static func wald(_ estimate: Double, standardError: Double, level: Double = 0.95)
    -> Interval
  {
    let reach = Normal().quantile(0.5 + level / 2) * standardError
    return Interval(lower: estimate - reach, upper: estimate + reach, level: level)
  }
}
