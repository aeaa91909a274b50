import Calibration
import Documents
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct SubtypeFitTests {
  private func refusal(_ cohort: SubtypeCohort, _ options: SubtypeFitOptions = Cohorts.options())
    -> SubtypeFault?
  {
    do { _ = try SubtypeFit(cohort, options) } catch { return error.code }
    return nil
  }

  private func rows(_ counts: [Int], seed: UInt64 = 3, oddsRatio: Double = 5) -> [LatentRow] {
    LatentCohort(oddsRatio: oddsRatio).rows(ofEachClass: counts, seed: seed)
  }

  @Test func whatTheDataCannotCarryIsRefused() throws {
    #expect(refusal(Cohorts.cohort(rows([20, 8, 20]))) == .cohortTooSmall)
    #expect(refusal(Cohorts.cohort(rows([20, 0, 20]))) == .cohortTooSmall)
    #expect(
      refusal(Cohorts.cohort(rows([30, 30, 30])), Cohorts.options { $0.alpha = 0.02 })
        == .cohortTooSmall)
    #expect(
      refusal(Cohorts.cohort(rows([17, 17, 17])), Cohorts.options { $0.guarantee = .split })
        == .cohortTooSmall)
    let flat = (0..<90).map {
      LatentRow(
        value: MeasuredValue(percent: 2 + Double($0 / 3), standardUncertainty: 0.5),
        background: nil, category: $0 % 3)
    }
    #expect(refusal(Cohorts.cohort(flat)) == .cohortNoAssociation)
    #expect(
      refusal(Cohorts.cohort(rows([30, 30, 30])), Cohorts.options { $0.alpha = 0 })
        == .optionInvalid)
    let separable = (0..<30).map {
      LatentRow(
        value: MeasuredValue(percent: 1 + Double($0) / 3, standardUncertainty: 0.2),
        background: nil, category: $0 / 10)
    }
    #expect(refusal(Cohorts.cohort(separable)) == .cohortSeparable)
    let constant = rows([12, 12, 12]).map {
      LatentRow(
        value: MeasuredValue(percent: 4, standardUncertainty: 0), background: nil,
        category: $0.category)
    }
    #expect(refusal(Cohorts.cohort(constant)) == .cohortNoSpread)
    let blurred = LatentCohort(deviation: 0.1, uncertainty: 4).rows(90, seed: 3).map {
      LatentRow(
        value: MeasuredValue(percent: $0.value.percent, standardUncertainty: 8), background: nil,
        category: $0.category)
    }
    #expect(refusal(Cohorts.cohort(blurred)) == .cohortNoSpread)
  }

  @Test func warningsSayWhatIsMissing() throws {
    let rows = rows([12, 12, 12])
    func codes(_ cohort: SubtypeCohort, calibrated: Bool? = true) throws -> Set<String> {
      Set(
        try SubtypeFit(cohort, Cohorts.options { $0.isCalibrated = calibrated }).notices
          .map(\.code))
    }
    #expect(try codes(Cohorts.cohort(rows, sites: 1)).contains("cohort-one-site"))
    #expect(!(try codes(Cohorts.cohort(rows, sites: 2)).contains("cohort-one-site")))
    #expect(
      try codes(Cohorts.cohort(rows), calibrated: nil).contains("cohort-calibration-unstated"))
    #expect(try codes(Cohorts.cohort(rows)).contains("cohort-class-small"))
    let bare = SubtypeCohort(members: Cohorts.cohort(rows).members, hasUncertainties: false)
    let found = try codes(bare)
    #expect(found.contains("cohort-site-unknown") && found.contains("cohort-uncertainties-missing"))
  }

  /// F2 beyond its neighbours: said, in words, and the model without order wins.
  @Test func aMiddleThatLiesBeyondIsSaid() throws {
    let swapped = LatentCohort(oddsRatio: 30).rows(200, seed: 12).map {
      LatentRow(value: $0.value, background: nil, category: [0, 2, 1][$0.category])
    }
    let notices = try SubtypeFit(Cohorts.cohort(swapped), Cohorts.options()).notices.map(\.code)
    #expect(notices.contains("subtype-order-contradicted"))
    #expect(notices.contains("unordered-model-better"))
    #expect(notices.contains("odds-not-proportional"))
  }

  @Test func bothDirectionsAreFound() throws {
    for (ratio, word) in [(6.0, "rises"), (1 / 6.0, "falls")] {
      let model = try SubtypeFit(
        Cohorts.cohort(LatentCohort(oddsRatio: ratio).rows(150, seed: 9)), Cohorts.options()
      ).model
      #expect(model.document["direction"]?["fat_from_f1_to_f3"] == .string(word))
      #expect(model.call(1, 0.3).set.contains(ratio > 1 ? .f1 : .f3))
    }
  }

  /// Predictions for new participants are neither too bold nor too timid: the mean calibration slope
  /// of models from 500 participants, each on 4,000 new ones (long: 20,000), lies within 0.9-1.1. 6 models (long:
  /// 100), with the spread of single ones printed.
  @Test func predictionsAreCalibrated() throws {
    let count = Tools.isLong ? 100 : 6
    let truth = LatentCohort()
    let new = truth.rows(Tools.isLong ? 20_000 : 4000, seed: 999)
    var slopes: [Double] = []
    for seed in 0..<count {
      let fit = try LatentFit<ProportionalOdds>(
        truth.rows(500, seed: UInt64(500 + seed)), LatentFitOptions(priorDeviation: 1.5))
      let model = LatentOrdinalModel(fit)
      slopes.append(
        try #require(
          SubtypePerformance.calibrationSlope(
            truths: new.map(\.category),
            probabilities: new.map { model.probabilities($0.value) ?? [] })))
    }
    let sample = Sample(slopes)
    print("calibration slope at n = 500: \(sample.mean), SD \(sample.standardDeviation)")
    #expect(sample.mean > 0.9 && sample.mean < 1.1)
  }

  /// The nested slope in the model, of one cohort: 500 participants (long), 0.9-1.1; or 120, whose
  /// slope has a standard error of 0.2.
  @Test func theNestedSlopeIsNearOne() throws {
    let model = try SubtypeFit(
      Cohorts.cohort(LatentCohort().rows(Tools.isLong ? 500 : 120, seed: 21)), Cohorts.options()
    ).model
    guard case .number(let slope)? = model.document["performance"]?["calibration_slope"] else {
      Issue.record("no slope")
      return
    }
    print("nested calibration slope \(slope)")
    #expect(abs(slope - 1) < (Tools.isLong ? 0.1 : 0.5))
  }
}
