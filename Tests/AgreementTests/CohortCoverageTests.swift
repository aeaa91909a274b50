import Agreement
import Foundation
import Statistics
import TestSupport
import Testing

/// How often nominal 95 % intervals of sections 6 and 9 hold the truth at n = 86 (`make simulations`).
@Suite struct CohortCoverageTests {
  private static let n = 86
  private static let runs = 2000

  /// Measured means: exact ones at least 95 %, others 92 to 98 %, each within three Monte-Carlo standard
  /// errors (1.5 points at 2,000 runs).
  @Test(.enabled(if: Tools.isLong)) func intervalsHoldTheTruth() {
    var random = SeededRandom(seed: 86)
    var counts: [String: (held: Int, all: Int)] = [:]
    func note(_ name: String, _ interval: Interval?, _ truth: Double) {
      guard let interval else { return }
      let known = counts[name] ?? (0, 0)
      counts[name] = (known.held + (interval.contains(truth) ? 1 : 0), known.all + 1)
    }
    for _ in 0..<Self.runs {
      measurement(&random, note)
      survival(&random, note)
    }
    let error = 1.5
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      let share = 100 * Double(count.held) / Double(count.all)
      print("coverage \(name): \(share) % of \(count.all)")
      #expect(count.all > Self.runs / 2, "\(name)")
      let least = name.hasPrefix("exact") ? 95 - error : 92 - error
      #expect(share >= least && share <= 98 + error, "\(name): \(share) %")
    }
  }

  /// Values of variance 9, three readers whose biases have variance 0.25, noise of variance 1.
  private func measurement(
    _ random: inout SeededRandom, _ note: (String, Interval?, Double) -> Void
  ) {
    let biases = (0..<3).map { _ in 0.5 * random.normal() }
    let table = (0..<Self.n).map { _ in
      let x = 8 + 3 * random.normal()
      return biases.map { x + $0 + random.normal() }
    }
    let pairs = (0..<Self.n).map { _ in
      let x = 8 + 3 * random.normal()
      return BlandAltman.Pair(first: x + random.normal(), second: 0.3 + x + random.normal())
    }
    let limits = BlandAltman.of(pairs).value
    let spread = 2.0.squareRoot()
    note("exact mean difference", limits?.bias.interval.value, 0.3)
    note(
      "exact upper limit of agreement", limits?.upperLimit.interval.value,
      0.3 + Normal().quantile(0.975) * spread)
    let repeats = pairs.map { [$0.first, $0.second - 0.3] }
    note(
      "exact within-subject SD", WithinSubject.of(repeats).value?.standardDeviation.interval.value,
      1)
    note("exact ICC(1)", IntraclassCorrelation.oneWay(repeats).value?.interval.value, 0.9)
    note(
      "ICC(A,1), three readers",
      IntraclassCorrelation.absoluteAgreement(table).value?.interval.value, 9 / 10.25)
    note("Deming slope", DemingRegression.of(pairs).value?.slope.interval.value, 1)
  }

  /// Exponential times with median 200, censored uniformly between 100 and 500.
  private func survival(_ random: inout SeededRandom, _ note: (String, Interval?, Double) -> Void) {
    let times = (0..<Self.n).map { _ in
      let time = -200 * log2(random.uniform())
      let end = 100 + 400 * random.uniform()
      return FollowUp(time: min(time, end), isEvent: time <= end)
    }
    guard let curve = KaplanMeier(times) else { return }
    let (lower, upper) = curve.medianInterval
    note(
      "Kaplan-Meier median",
      Interval(lower: lower ?? .infinity, upper: upper ?? .infinity), 200)
    note(
      "Kaplan-Meier share at 150", curve.steps.last { $0.time <= 150 }?.interval,
      pow(0.5, 0.75))
  }
}
