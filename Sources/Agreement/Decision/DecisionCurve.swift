import Statistics

/// Whether acting on a forecast or a call does more good than acting on all or on none (Vickers and
/// Elkin, Med Decis Making 2006;26:565). The net benefit at a threshold p_t, the risk at which one
/// would just act, counts a needless action as p_t / (1 - p_t) of a right one:
///
///     NB = TP / n - FP / n * p_t / (1 - p_t)
public struct DecisionCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public let threshold: Double
    /// Act where the forecast is the threshold or more.
    public let forecast: Figure<Estimate>
    /// Act where the call says so; it does not depend on the threshold, its worth does.
    public let call: Figure<Estimate>
    /// Act on all. Acting on none has 0.
    public let all: Figure<Estimate>
  }

  /// What is decided: "schedule TACE".
  public let action: String
  public let n: Int
  /// How many for whom the action is right.
  public let events: Int
  public let points: [Point]

  /// 0.05, 0.10 ... 0.95.
  public static let thresholds = (1...19).map { Double($0) / 20 }

  /// A net benefit is a mean of what each participant adds, and has Student's interval.
  ///
  /// - Parameters:
  ///   - forecasts: P(event) of each participant; nil where no model was asked.
  ///   - calls: whether the call says to act; nil where there are none.
  ///   - events: whether it would have been right.
  ///   - thresholds: above 0 and below 1.
  public static func figure(
    action: String, forecasts: [Double]?, calls: [Bool]?, events: [Bool],
    thresholds: [Double] = thresholds, level: Double = 0.95
  ) -> Figure<DecisionCurve> {
    guard !events.isEmpty else { return .leftOut("there are no participants") }
    let count = events.count { $0 }
    guard count > 0, count < events.count else {
      return .leftOut(
        count == 0
          ? "for no participant the action is right" : "for every participant the action is right")
    }
    func benefit(_ threshold: Double, _ acts: (Int) -> Bool) -> Figure<Estimate> {
      let harm = threshold / (1 - threshold)
      return MeanFigure.figure(
        events.indices.map { acts($0) ? (events[$0] ? 1 : -harm) : 0 }, method: .netBenefit,
        level: level)
    }
    let points = thresholds.map { threshold in
      Point(
        threshold: threshold,
        forecast: forecasts.map { shares in benefit(threshold) { shares[$0] >= threshold } }
          ?? .leftOut("there are no forecasts"),
        call: calls.map { calls in benefit(threshold) { calls[$0] } }
          ?? .leftOut("there are no calls"),
        all: benefit(threshold) { _ in true })
    }
    return .value(
      DecisionCurve(action: action, n: events.count, events: count, points: points))
  }
}

extension Method {
  public static let netBenefit = Method(
    "Student's t of the participants' mean",
    reference: "Vickers AJ, Elkin EB. Med Decis Making 2006;26:565-574")
}
