import Calibration
import Foundation
import Statistics
import TestSupport
import Testing

/// Whether direction and association are found in cohorts of 86, by simulation: 2,000 cohorts of each
/// kind in `make simulations`, 100 in `make test`.
@Suite struct DirectionTests {
  private struct Found {
    var accepted = 0
    var rising = 0
  }

  private func fits(oddsRatio: Double, cohorts: Int, seed: UInt64) throws -> Found {
    var found = Found()
    for number in 0..<cohorts {
      let rows = LatentCohort(oddsRatio: oddsRatio).rows(86, seed: seed + UInt64(number))
      let full = try LatentFit<ProportionalOdds>(rows, LatentFitOptions())
      let none = try LatentFit<ProportionalOdds>(
        rows, LatentFitOptions(withoutAssociation: true))
      let test = TestResult.likelihoodRatio(
        full: full.logLikelihood, restricted: none.logLikelihood, degreesOfFreedom: 1)
      if test.p < 0.05 { found.accepted += 1 }
      if LatentOrdinalModel(full).slope > 0 { found.rising += 1 }
    }
    return found
  }

  @Test func theDirectionIsFound() throws {
    let cohorts = Tools.isLong ? 2000 : 100
    for (ratio, seed) in [(3.0, UInt64(1)), (1 / 3.0, 100_000)] {
      let found = try fits(oddsRatio: ratio, cohorts: cohorts, seed: seed)
      let right = ratio > 1 ? found.rising : cohorts - found.rising
      print("odds ratio \(ratio): sign right in \(right), accepted \(found.accepted) of \(cohorts)")
      #expect(Double(right) >= 0.99 * Double(cohorts))
      #expect(Double(found.accepted) >= 0.9 * Double(cohorts))
    }
  }

  /// 5 % +- 2 % of flat cohorts; with 100 cohorts the band is widened by what chance does to them
  /// (a binomial standard deviation of 2.2 %, twice).
  @Test func flatCohortsAreRarelyAccepted() throws {
    let cohorts = Tools.isLong ? 2000 : 100
    let found = try fits(oddsRatio: 1, cohorts: cohorts, seed: 200_000)
    let share = Double(found.accepted) / Double(cohorts)
    print("flat: accepted \(found.accepted) of \(cohorts)")
    #expect(abs(share - 0.05) < (Tools.isLong ? 0.02 : 0.064))
  }
}
