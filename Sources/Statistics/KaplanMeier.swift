import Foundation

/// How long one participant was followed, and whether the event ended it.
public struct FollowUp: Sendable, Equatable {
  /// Days, 0 or more; any unit, as long as it is one.
  public let time: Double
  /// Whether the event was seen at `time`; else observation ended there (censored).
  public let isEvent: Bool

  public init(time: Double, isEvent: Bool) {
    self.time = time
    self.isEvent = isEvent
  }
}

/// The product-limit estimate of a survival curve (Kaplan and Meier, JASA 1958;53:457):
///
///     S(t) = product over event times t_i <= t of (1 - d_i / n_i)
///
/// with d_i events among n_i at risk; who is censored at t_i was still at risk there. Its variance is
/// Greenwood's, its interval that of log(-log S) (Kalbfleisch and Prentice), which stays within 0...1.
public struct KaplanMeier: Sendable, Equatable {
  /// One time at which somebody had the event or was censored.
  public struct Step: Sendable, Equatable {
    public let time: Double
    /// Just before `time`.
    public let atRisk: Int
    public let events: Int
    public let censored: Int
    /// S just after `time`.
    public let survival: Double
    /// Greenwood's sum of d / (n (n - d)); infinite where S is 0.
    public let hazardVariance: Double
    /// Of S; nil where S is 0, since nothing is known of the log there.
    public let interval: Interval?
  }

  public let steps: [Step]
  public let count: Int
  public var events: Int { steps.reduce(0) { $0 + $1.events } }

  /// nil for nobody, and for times that are negative or not finite.
  public init?(_ followUps: [FollowUp], level: Double = 0.95) {
    guard !followUps.isEmpty, followUps.allSatisfy({ $0.time.isFinite && $0.time >= 0 }) else {
      return nil
    }
    let ordered = followUps.sorted { $0.time < $1.time }
    let z = Normal().quantile(0.5 + level / 2)
    var steps: [Step] = []
    var (survival, variance, place) = (1.0, 0.0, 0)
    while place < ordered.count {
      let time = ordered[place].time
      let atRisk = ordered.count - place
      var (events, leaving) = (0, 0)
      while place < ordered.count, ordered[place].time == time {
        events += ordered[place].isEvent ? 1 : 0
        leaving += 1
        place += 1
      }
      if events > 0 {
        let (d, n) = (Double(events), Double(atRisk))
        survival = events == atRisk ? 0 : survival * (1 - d / n)
        variance = events == atRisk ? .infinity : variance + d / (n * (n - d))
      }
      steps.append(
        Step(
          time: time, atRisk: atRisk, events: events, censored: leaving - events,
          survival: survival, hazardVariance: variance,
          interval: Self.interval(survival, variance, z, level)))
    }
    self.steps = steps
    count = followUps.count
  }

  private static func interval(_ survival: Double, _ variance: Double, _ z: Double, _ level: Double)
    -> Interval?
  {
    if survival == 1 { return Interval(lower: 1, upper: 1, level: level) }
    guard survival > 0 else { return nil }
    let reach = z * variance.squareRoot() / abs(log(survival))
    return Interval(
      lower: pow(survival, exp(reach)), upper: pow(survival, exp(-reach)), level: level)
  }

  /// S(t).
  public func survival(at time: Double) -> Double {
    steps.last { $0.time <= time }?.survival ?? 1
  }

  /// How many are at risk just before `time`.
  public func atRisk(at time: Double) -> Int {
    steps.first { $0.time >= time }?.atRisk ?? 0
  }

  /// The first time at which S is at most one half; nil where the curve stays above it.
  public var median: Double? { firstTime { $0.survival } }

  /// Brookmeyer and Crowley's interval of the median (Biometrics 1982;38:29) on the log(-log) scale: from
  /// the first time at which the curve's lower limit is at most one half to that of its upper limit. nil
  /// for a limit that is not reached.
  public var medianInterval: (lower: Double?, upper: Double?) {
    (firstTime { $0.interval?.lower }, firstTime { $0.interval?.upper })
  }

  /// Products of shares that make one half exactly may miss it by rounding.
  private func firstTime(_ curve: (Step) -> Double?) -> Double? {
    steps.first { (curve($0) ?? .infinity) <= 0.5 + 1e-9 }?.time
  }
}
