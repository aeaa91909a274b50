import Foundation

/// The Aalen-Johansen estimate of cumulative incidence with competing risks (Aalen and Johansen 1978;
/// Andersen, Borgan, Gill and Keiding 1993, section IV.4).
///
///     F_k(t) = sum over event times u <= t of S(u-) d_k(u) / n(u)
///
/// n(u) are those at risk, d_k(u) those whom cause k takes at u, S the Kaplan-Meier estimate over all causes
/// together. Given that nothing has happened up to time w, the estimate is the same sum over those whose
/// time is later than w: (F_k(t) - F_k(w)) / S(w).
public struct CumulativeIncidence: Sendable {
  /// At risk when the estimate begins.
  public let count: Int
  /// The time up to which everybody at risk has waited.
  public let from: Double
  /// The last time of all: nothing is known beyond it, unless nobody is left.
  public let lastTime: Double
  /// Whether the last of them had an event, so that the curves stay where they are.
  public let isComplete: Bool
  private let steps: [Step]

  private struct Step {
    let time: Double
    let atRisk: Double
    let events: Double
    let caused: Double
    /// S just before.
    let survival: Double
    /// F_k from here on.
    let incidence: Double
  }

  /// A probability and how well it is known.
  public struct Estimate: Sendable, Equatable {
    public let probability: Double
    public let standardError: Double
    /// Two-sided.
    public let interval: ClosedRange<Double>
  }

  /// - Parameters:
  ///   - waits: any order; times finite.
  ///   - cause: whose incidence.
  ///   - from: w; those whose time is not later take no part.
  public init(_ waits: [WaitingTime], cause: Int, from: Double = -.infinity) {
    self.init(WaitingTimes(waits, cause: cause), from: from)
  }

  /// The same from waits that are counted already.
  ///
  /// - Parameter from: w; those whose time is not later take no part.
  public init(_ waits: WaitingTimes, from: Double = -.infinity) {
    let counts = waits.counts.drop { $0.time <= from }
    count = counts.reduce(0) { $0 + $1.all }
    self.from = from
    lastTime = counts.last?.time ?? from
    isComplete = counts.last.map { $0.events == $0.all } ?? false
    var steps: [Step] = []
    var (atRisk, survival, incidence) = (Double(count), 1.0, 0.0)
    for found in counts {
      let (events, caused) = (Double(found.events), Double(found.caused))
      if found.events > 0 {
        incidence += survival * caused / atRisk
        steps.append(
          Step(
            time: found.time, atRisk: atRisk, events: events, caused: caused,
            survival: survival, incidence: incidence))
        survival *= 1 - events / atRisk
      }
      atRisk -= Double(found.all)
    }
    self.steps = steps
  }

  /// F_k(t), nil where nobody was observed so long.
  ///
  /// - Parameter level: of the interval, 0...1. It is symmetric in log(-log F); where F is 0 or 1 it is
  ///   that of Clopper and Pearson for all at risk.
  public func estimate(at time: Double, level: Double = 0.95) -> Estimate? {
    guard count > 0, time <= lastTime || isComplete else { return nil }
    let until = steps.prefix { $0.time <= time }
    let probability = until.last?.incidence ?? 0
    let error = Self.variance(until, probability).squareRoot()
    return Estimate(
      probability: probability, standardError: error,
      interval: interval(probability, error, level: level))
  }

  /// Greenwood's variance of F_k(t) with multinomial increments (Andersen et al. 1993, 4.4.19), which is
  /// also that of the infinitesimal jackknife.
  private static func variance(_ until: ArraySlice<Step>, _ incidence: Double) -> Double {
    until.reduce(0) { sum, step in
      let rest = incidence - step.incidence
      let share = step.caused / step.atRisk
      let own = step.survival * step.survival * (1 - share) * share / step.atRisk
      let both = -2 * rest * step.survival * share / step.atRisk
      // Where all are taken at once nothing can come later: rest is 0.
      let left = step.atRisk - step.events
      let before = left > 0 ? rest * rest * step.events / (step.atRisk * left) : 0
      return max(0, sum + own + both + before)
    }
  }

  private func interval(_ p: Double, _ error: Double, level: Double) -> ClosedRange<Double> {
    let tail = (1 - level) / 2
    let n = Double(count)
    if p <= 0 { return 0...Beta(1, n).quantile(1 - tail) }
    if p >= 1 { return Beta(n, 1).quantile(tail)...1 }
    let logP = log(p)
    let width = Normal().quantile(1 - tail) * error / (p * -logP)
    return exp(logP * exp(width))...exp(logP * exp(-width))
  }
}
