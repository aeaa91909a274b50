import Foundation
import Statistics

/// Whether what was said to happen to a share p does happen to a share p.
public struct CalibrationCurve: Sendable, Equatable {
  /// Participants of similar forecasts.
  public struct Group: Sendable, Equatable {
    public let meanForecast: Double
    /// How often the event came.
    public let observed: Proportion
  }

  /// What is forecast: "F3", "F2 or F3".
  public let event: String
  /// By rising forecast.
  public let groups: [Group]
  /// Of all participants together: calibration in the large.
  public let overall: Group

  /// Groups of as equal a size as equal forecasts, which stay together, allow.
  ///
  /// - Parameters:
  ///   - from: the event is tissue of this class or a later one, 1..<classes.count.
  ///   - groups: how many are wanted, 1 or more; `advisedGroups` where nobody says.
  public static func figure(
    _ forecasts: Forecasts, from first: Int, groups: Int? = nil, level: Double = 0.95
  ) -> Figure<CalibrationCurve> {
    let n = forecasts.count
    guard n > 0 else { return .leftOut("there are no participants with a forecast") }
    let pairs = zip(forecasts.probabilities, forecasts.tissue)
      .map { (forecast: $0[first...].reduce(0, +), came: $1 >= first) }
      .sorted { $0.forecast < $1.forecast }
    let wanted = groups ?? advisedGroups(n)
    var ends: [Int] = []
    for group in 1...wanted {
      var end = n * group / wanted
      while end > 0, end < n, pairs[end].forecast == pairs[end - 1].forecast { end += 1 }
      if end > ends.last ?? 0 { ends.append(end) }
    }
    func group(_ members: ArraySlice<(forecast: Double, came: Bool)>) -> Group? {
      Proportion(members.count { $0.came }, of: members.count, level: level).map {
        Group(meanForecast: Sample(members.map(\.forecast)).mean, observed: $0)
      }
    }
    let found = zip([0] + ends, ends).compactMap { group(pairs[$0..<$1]) }
    guard let overall = group(pairs[...]) else {
      return .leftOut("there are no participants with a forecast")
    }
    return .value(
      CalibrationCurve(
        event: forecasts.classes[first...].joined(separator: " or "), groups: found,
        overall: overall))
  }

  /// About twenty participants a group, two to ten groups.
  public static func advisedGroups(_ n: Int) -> Int { min(max(n / 20, 2), 10) }
}

/// The slope of tissue on what was forecast: 1 where forecasts are neither too bold (below 1) nor too
/// timid (Cox, Biometrika 1958;45:562).
public enum CalibrationSlope {
  /// The slope of a proportional-odds fit of tissue on the forecast's linear predictor, the mean of
  /// - logit P(Y <= j) over the cuts, with Wald's interval. For two classes it is the logistic
  /// recalibration slope.
  ///
  /// Shares are kept 1e-12 from 0 and 1.
  public static func figure(_ forecasts: Forecasts, level: Double = 0.95) -> Figure<Estimate> {
    let size = forecasts.classes.count
    for (k, name) in forecasts.classes.enumerated() where !forecasts.tissue.contains(k) {
      return .leftOut("no participant with a forecast has tissue \(name)")
    }
    let predictors = forecasts.probabilities.map { [predictor($0)] }
    guard Sample(predictors.map { $0[0] }).variance > 0 else {
      return .leftOut("all forecasts are the same")
    }
    guard
      let fit = try? CategoricalFit<ProportionalOdds>(
        categories: forecasts.tissue, covariates: predictors, classes: size)
    else { return .leftOut("forecasts separate the classes, so that the slope has no bound") }
    let slope = fit.parameters[size - 1]
    let error = fit.standardError(size - 1)
    return .value(
      Estimate(
        value: slope, interval: .value(.wald(slope, standardError: error, level: level)),
        n: forecasts.count, method: .calibrationSlope, standardError: error))
  }

  /// The mean of - logit P(Y <= j).
  static func predictor(_ shares: [Double]) -> Double {
    var (below, sum) = (0.0, 0.0)
    for (k, share) in shares.dropLast().enumerated() {
      below += share
      let above = shares[(k + 1)...].reduce(0, +)
      sum -= log(max(below, 1e-12) / max(above, 1e-12))
    }
    return sum / Double(shares.count - 1)
  }
}

extension Method {
  public static let calibrationSlope = Method(
    "Wald, of a proportional-odds fit on the forecast's linear predictor",
    reference: "Cox DR. Biometrika 1958;45:562-565; McCullagh P. J R Stat Soc B 1980;42:109-142")
}
