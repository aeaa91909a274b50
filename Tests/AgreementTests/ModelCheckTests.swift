import Agreement
import Foundation
import Statistics
import Testing

@Suite struct ModelCheckTests {
  @Test(arguments: Golden.cohorts) func scoresAreTheReferences(cohort: Golden.Cohort) {
    let own = ForecastScores(cohort.modelled)
    for (figure, golden) in [
      (own.brier, cohort.scores.brier), (own.rankedProbability, cohort.scores.ranked),
    ] {
      agree(figure.value?.value, golden[0], "score")
      agree(figure.value?.interval.value?.lower, golden[1], "lower")
      agree(figure.value?.interval.value?.upper, golden[2], "upper")
    }
    // A forecast of the sample's shares has Brier's score 1 - sum of their squares.
    let n = Double(cohort.tissue.count)
    let shares = (0..<3).map { k in Double(cohort.tissue.count { $0 == k }) / n }
    agree(own.brierOfPrevalence, 1 - shares.reduce(0) { $0 + $1 * $1 }, "prevalence")
  }

  @Test func perfectForecastsScoreZero() {
    let own = ForecastScores(
      Forecasts(classes: subtypes, probabilities: [[1, 0, 0], [0, 0, 1]], tissue: [0, 2]))
    #expect(own.brier.value?.value == 0 && own.rankedProbability.value?.value == 0)
    #expect(own.brier.value?.interval.reason != nil)
    // A miss by two classes is the worst: 2 and 1.
    let wrong = ForecastScores(
      Forecasts(classes: subtypes, probabilities: [[1, 0, 0]], tissue: [2]))
    #expect(wrong.brier.value?.value == 2 && wrong.rankedProbability.value?.value == 1)
    let nobody = ForecastScores(Forecasts(classes: subtypes, probabilities: [], tissue: []))
    #expect(nobody.brier.reason == "there are no participants")
    #expect(nobody.brierOfPrevalence == nil)
  }

  @Test(arguments: Golden.cohorts) func calibrationIsTheReferences(cohort: Golden.Cohort) throws {
    for first in 1...2 {
      let curve = try #require(CalibrationCurve.figure(cohort.modelled, from: first).value)
      let golden = cohort.calibration[first - 1]
      #expect(curve.groups.count == golden.count)
      for (group, reference) in zip(curve.groups, golden) {
        agree(group.meanForecast, reference[0], "forecast")
        agree(group.observed.value, reference[1], "observed")
        agree(group.observed.interval.lower, reference[2], "lower")
        agree(group.observed.interval.upper, reference[3], "upper")
      }
      #expect(curve.groups.reduce(0) { $0 + $1.observed.trials } == cohort.tissue.count)
      #expect(curve.overall.observed.trials == cohort.tissue.count)
    }
  }

  /// An iterated fit on both sides: 1e-6.
  private func near(_ own: Double?, _ golden: Double?, _ what: String) {
    guard let own, let golden else {
      #expect(own == nil && golden == nil, "\(what): \(own ?? .nan), \(golden ?? .nan)")
      return
    }
    #expect(abs(own - golden) < 1e-6 * max(1, abs(golden)), "\(what): \(own), \(golden)")
  }

  @Test(arguments: Golden.cohorts) func slopesAreStatsmodels(cohort: Golden.Cohort) {
    let own = CalibrationSlope.figure(cohort.modelled)
    near(own.value?.value, cohort.slope?[0], "slope")
    near(own.value?.standardError, cohort.slope?[1], "error")
    #expect(own.value != nil || own.reason?.isEmpty == false)
  }

  @Test(arguments: Golden.cohorts) func theOrderIsStatsmodels(cohort: Golden.Cohort) {
    let rows = zip(cohort.values, cohort.tissue).map {
      LatentRow(
        value: MeasuredValue(percent: $0, standardUncertainty: 0), background: nil, category: $1)
    }
    let own = OrderChecks(rows, classes: subtypes)
    let spread = Sample(cohort.values.map { log1p($0) }).standardDeviation
    near(
      own.oddsRatio.value.map { log($0.value) / spread }, cohort.order?[0], "slope")
    near(own.association.value?.statistic, cohort.order?[2], "likelihood ratio")
    if let order = cohort.order, let interval = own.oddsRatio.value?.interval.value {
      near(log(interval.upper / interval.lower) / spread / 2 / 1.959963984540054, order[1], "error")
      #expect((own.direction.value == .rises) == (order[0] > 1.959963984540054 * order[1]))
    } else {
      #expect(own.oddsRatio.reason?.isEmpty == false && own.direction.reason != nil)
    }
  }

  @Test func noiseBelowZeroIsKept() {
    let rows = [-0.4, 1.2, 0.6, 3, 2.2, 1.9, 5, 2, 7, 1.5].enumerated().map { index, percent in
      LatentRow(
        value: MeasuredValue(percent: percent, standardUncertainty: 0), background: nil,
        category: [0, 0, 1, 1, 0, 2, 2, 1, 2, 2][index])
    }
    #expect(OrderChecks(rows, classes: subtypes).oddsRatio.value?.n == 10)
  }
}
