/// A share of trials, with its exact interval.
public struct Proportion: Sendable, Equatable {
  /// 0...trials.
  public let successes: Int
  /// 1 or more.
  public let trials: Int
  /// Clopper and Pearson (Biometrika 1934;26:404).
  public let interval: Interval

  public var value: Double { Double(successes) / Double(trials) }

  /// nil for no trials, and for successes outside 0...trials.
  public init?(_ successes: Int, of trials: Int, level: Double = 0.95) {
    guard trials > 0, (0...trials).contains(successes) else { return nil }
    self.successes = successes
    self.trials = trials
    interval = Self.clopperPearson(successes, of: trials, level: level)
  }

  /// The shares p that neither one-sided binomial test at (1 - level) / 2 rejects:
  ///
  ///     lower = Beta(k, n - k + 1) at alpha / 2,  upper = Beta(k + 1, n - k) at 1 - alpha / 2
  ///
  /// with lower = 0 at k = 0 and upper = 1 at k = n. Covers every p with `level` or more.
  ///
  /// - Parameters:
  ///   - successes: 0...trials.
  ///   - trials: 1 or more.
  public static func clopperPearson(_ successes: Int, of trials: Int, level: Double = 0.95)
    -> Interval
  {
    let tail = (1 - level) / 2
    let (k, n) = (Double(successes), Double(trials))
    return Interval(
      lower: successes == 0 ? 0 : Beta(k, n - k + 1).quantile(tail),
      upper: successes == trials ? 1 : Beta(k + 1, n - k).quantile(1 - tail), level: level)
  }
}
