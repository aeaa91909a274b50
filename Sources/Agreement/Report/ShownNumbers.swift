import Pages
import Statistics

/// Numbers as a reader sees them.
enum Shown {
  /// With the unit's sign.
  static func value(_ value: Double?, _ unit: ReportUnit) -> String {
    guard let value, value.isFinite else { return "–" }
    switch unit {
    case .share: return "\(number(100 * value, 1)) %"
    case .percent: return "\(number(value, 2)) %"
    case .percentagePoints: return number(value, 2)
    case .days: return number(value, 0)
    case .plain: return number(value, abs(value) < 100 ? 3 : 1)
    }
  }

  /// `lower to upper`.
  static func interval(_ interval: Interval, _ unit: ReportUnit) -> String {
    "\(bound(interval.lower, unit)) to \(bound(interval.upper, unit))"
  }

  private static func bound(_ value: Double, _ unit: ReportUnit) -> String {
    if value == .infinity { return "∞" }
    if value == -.infinity { return "−∞" }
    return self.value(value, unit)
  }

  /// The value with its interval behind it.
  static func estimate(_ figure: Figure<Estimate>, _ unit: ReportUnit) -> String {
    guard let estimate = figure.value else { return "–" }
    let text = value(estimate.value, unit)
    return estimate.interval.value.map { "\(text) (\(interval($0, unit)))" } ?? text
  }

  static func share(_ figure: Figure<Proportion>) -> String {
    guard let share = figure.value else { return "–" }
    return "\(value(share.value, .share)) (\(interval(share.interval, .share)))"
  }

  static func p(_ p: Double) -> String { p < 0.001 ? "< 0.001" : number(p, 3) }
}
