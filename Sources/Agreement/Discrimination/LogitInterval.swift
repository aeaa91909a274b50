import Foundation
import Statistics

/// An interval of a share-like figure from its standard error, made on the logit scale so that it
/// keeps inside 0...1 and covers near 1, where value +- 1.96 standard errors does not (DeLong's at
/// an AUC of 0.95 and n = 86: 89 %; docs/validation-statistics.md).
enum LogitInterval {
  /// logit^-1(logit v +- z s / (v (1 - v))); left out where v is 0 or 1 or s is 0.
  static func figure(_ value: Double, standardError: Double, level: Double) -> Figure<Interval> {
    guard value > 0, value < 1 else {
      return .leftOut("the classes do not overlap, so the sample says nothing about its error")
    }
    guard standardError > 1e-12 else {
      return .leftOut("the values have no spread, so the sample says nothing about its error")
    }
    let centre = log(value / (1 - value))
    let scaled = Interval.wald(
      centre, standardError: standardError / (value * (1 - value)), level: level)
    return .value(
      Interval(lower: inverse(scaled.lower), upper: inverse(scaled.upper), level: level))
  }

  private static func inverse(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The standard error of a U-statistic: sum over its samples of the variance of its components
  /// (one a member, its mean contribution) over the sample's size (DeLong et al. 1988; Sen 1960).
  /// nil where a sample has fewer than two members.
  static func standardError(_ components: [[Double]]) -> Double? {
    guard components.allSatisfy({ $0.count > 1 }) else { return nil }
    return components.reduce(0) { $0 + Sample($1).variance / Double($1.count) }.squareRoot()
  }

  /// An estimate from the components of a U-statistic.
  static func estimate(_ value: Double, components: [[Double]], method: Method, level: Double)
    -> Estimate
  {
    let error = standardError(components)
    return Estimate(
      value: value,
      interval: error.map { figure(value, standardError: $0, level: level) }
        ?? .leftOut("a class has fewer than two members"),
      n: components.reduce(0) { $0 + $1.count }, method: method, standardError: error)
  }
}
