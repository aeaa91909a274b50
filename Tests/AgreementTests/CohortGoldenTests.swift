import Agreement
import Foundation
import Statistics
import TestSupport
import Testing

/// Values of R's survival, lifelines, pingouin, statsmodels and SciPy
/// (Tests/reference/cohort_statistics.py).
struct CohortGolden: Decodable {
  struct Survival: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rows: [[Double]]
    /// By group: time, survival, standard error of its logarithm, lower, upper.
    let rCurves: [[[Double?]]]
    let rLogRank: Double?
    let rMedianLimits: [[Double?]]
    let lifelinesMedians: [Double?]
    let lifelinesLogRank: [Double]?
    var testDescription: String { name }

    var groups: [[FollowUp]] {
      Set(rows.map { $0[0] }).sorted().map { group in
        rows.filter { $0[0] == group }.map { FollowUp(time: $0[1], isEvent: $0[2] == 1) }
      }
    }
  }

  struct Measurement: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let table: [[Double]]
    let bias, upperLimit, icc1, iccA1, within: [Double]
    let demingSlope: [Double]?
    var testDescription: String { name }

    var pairs: [BlandAltman.Pair] { table.map { BlandAltman.Pair(first: $0[0], second: $0[1]) } }
  }

  struct Heterogeneous: Decodable, Sendable {
    let successes, totals: [Int]
    let statistic, p: Double
  }

  let survival: [Survival]
  let measurement: [Measurement]
  let heterogeneity: [Heterogeneous]

  static let values: CohortGolden? = {
    let file = Tools.root.appendingPathComponent("Tests/reference/cohort_statistics.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try? Data(contentsOf: file)).flatMap {
      try? decoder.decode(CohortGolden.self, from: $0)
    }
  }()
}

@Suite struct CohortGoldenTests {
  @Test func theGoldenValuesAreThere() throws {
    let golden = try #require(CohortGolden.values)
    #expect(golden.survival.count >= 8 && golden.measurement.count >= 5)
  }

  /// R's survfit with conf.type = "log-log"; relative 1e-9, R rounds nothing. Where the curve is 1 or 0 R says
  /// that there is no interval; at 1 ours is the point itself.
  @Test(arguments: CohortGolden.values?.survival ?? []) func curvesAreRs(
    _ golden: CohortGolden.Survival
  ) throws {
    for (group, reference) in zip(golden.groups, golden.rCurves) {
      let curve = try #require(KaplanMeier(group))
      #expect(curve.steps.count == reference.count)
      for (step, row) in zip(curve.steps, reference) {
        #expect(step.time == row[0])
        #expect(near(step.survival, row[1]), "\(step.time)")
        if step.survival > 0 { #expect(near(step.hazardVariance.squareRoot(), row[2])) }
        if let interval = step.interval, step.survival < 1 {
          #expect(near(interval.lower, row[3]) && near(interval.upper, row[4]), "\(step.time)")
        } else {
          #expect(step.survival == 0 || step.survival == 1)
        }
      }
    }
  }

  /// Times, so exact: medians of lifelines (R takes the middle of a stretch at one half), their limits of
  /// R's quantile, which has none where the curve falls to 0 at once.
  @Test(arguments: CohortGolden.values?.survival ?? []) func mediansAreTheReferences(
    _ golden: CohortGolden.Survival
  ) throws {
    for (place, group) in golden.groups.enumerated() {
      let curve = try #require(KaplanMeier(group))
      #expect(curve.median == golden.lifelinesMedians[place])
      #expect(curve.medianInterval.lower == golden.rMedianLimits[place][0])
      #expect(curve.medianInterval.upper == golden.rMedianLimits[place][1])
    }
  }

  @Test(arguments: CohortGolden.values?.survival ?? []) func logRankIsRs(
    _ golden: CohortGolden.Survival
  ) throws {
    let result = LogRank.test(golden.groups)
    guard let expected = golden.rLogRank, golden.lifelinesLogRank != nil else {
      #expect(result == nil || golden.groups.count < 2)
      return
    }
    let found = try #require(result)
    // R prints seven digits.
    #expect(near(found.test.statistic, expected, 1e-6))
    let all = golden.groups.flatMap { $0 }
    #expect(found.groups.reduce(0) { $0 + $1.observed } == all.count { $0.isEvent })
    if let lifelines = golden.lifelinesLogRank, golden.name != "a group that leaves first" {
      #expect(near(found.test.statistic, lifelines[0], 1e-8))
      #expect(near(found.test.p, lifelines[1], 1e-8))
    }
  }

  @Test(arguments: CohortGolden.values?.measurement ?? []) func limitsAreSciPys(
    _ golden: CohortGolden.Measurement
  ) throws {
    let found = try #require(BlandAltman.of(golden.pairs).value)
    expect(found.bias, golden.bias)
    expect(found.upperLimit, golden.upperLimit)
    let lower = found.lowerLimit
    #expect(near(lower.value, 2 * golden.bias[0] - golden.upperLimit[0]))
    #expect(near(lower.interval.value?.upper, 2 * golden.bias[0] - golden.upperLimit[1], 1e-8))
  }

  @Test(arguments: CohortGolden.values?.measurement ?? []) func correlationsArePingouins(
    _ golden: CohortGolden.Measurement
  ) throws {
    expect(try #require(IntraclassCorrelation.oneWay(golden.table).value), golden.icc1)
    expect(
      try #require(IntraclassCorrelation.absoluteAgreement(golden.table).value), golden.iccA1)
  }

  @Test(arguments: CohortGolden.values?.measurement ?? []) func spreadAndSlope(
    _ golden: CohortGolden.Measurement
  ) throws {
    let spread = try #require(WithinSubject.of(golden.table).value)
    expect(spread.standardDeviation, golden.within)
    #expect(near(spread.coefficient.value, 1.959963984540054 * 2.0.squareRoot() * golden.within[0]))
    let line = DemingRegression.of(golden.pairs)
    if let slope = golden.demingSlope {
      // Orthogonal distances by SciPy's iteration: 1e-6.
      #expect(near(line.value?.slope.value, slope[0], 1e-6))
      #expect(near(line.value?.intercept.value, slope[1], 1e-5))
    } else {
      #expect(line.reason != nil)
    }
  }

  @Test func heterogeneityIsSciPys() throws {
    let golden = try #require(CohortGolden.values)
    for table in golden.heterogeneity {
      let found = try #require(
        Heterogeneity.test(successes: table.successes, totals: table.totals, seed: 1).value)
      #expect(near(found.test.statistic, table.statistic) && near(found.test.p, table.p))
    }
  }

  private func expect(_ estimate: Estimate, _ golden: [Double]) {
    #expect(near(estimate.value, golden[0]))
    #expect(near(estimate.interval.value?.lower, golden[1], 1e-8))
    #expect(near(estimate.interval.value?.upper, golden[2], 1e-8))
  }

  /// Relative to the larger of 1 and the reference.
  private func near(_ own: Double?, _ reference: Double?, _ tolerance: Double = 1e-9) -> Bool {
    guard let own, let reference else { return own == nil && reference == nil }
    return abs(own - reference) <= tolerance * max(1, abs(reference))
  }
}
