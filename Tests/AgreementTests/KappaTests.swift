import Agreement
import Foundation
import Statistics
import Testing

@Suite struct KappaTests {
  @Test(arguments: Golden.cohorts) func kappasAndGwetsAreTheReferences(cohort: Golden.Cohort) throws
  {
    let own = KappaFigures(cohort.table, resamples: 200)
    #expect(own.weighted.map(\.weights) == AgreementWeights.allCases)
    for weighted in own.weighted {
      let golden = try #require(cohort.kappa[weighted.weights.rawValue])
      let name = weighted.weights.rawValue
      agree(weighted.kappa.value?.value, golden.kappa, "kappa \(name)")
      agree(weighted.gwet.value?.value, golden.gwet?[0], "AC2 \(name)")
      // irrCAC gives an error of 1e-15 where there is none.
      guard let gwet = golden.gwet, gwet[1] > 1e-12 else {
        #expect(weighted.gwet.value?.interval.value == nil)
        continue
      }
      let own = try #require(weighted.gwet.value)
      agree(own.standardError, gwet[1], "AC2 \(name)")
      // The interval is about ln(1 - AC2), its half-width that of irrCAC's over 1 - AC2 (whose t
      // quantile, of an older SciPy, is good to 1e-9 only: the error is held, t is ours).
      let interval = try #require(own.interval.value)
      let centre = log(1 - own.value)
      let t = StudentT(degreesOfFreedom: Double(own.n - 1)).quantile(0.975)
      #expect(abs(own.value - t * gwet[1] - gwet[2]) < 1e-8)
      let reach = t * gwet[1] / (1 - own.value)
      agree(log(1 - interval.upper), centre - reach, "AC2 \(name), upper")
      if interval.lower > -1 { agree(log(1 - interval.lower), centre + reach, "AC2 \(name)") }
    }
  }

  @Test(arguments: Golden.cohorts) func theLargeSampleVarianceIsStatsmodels(cohort: Golden.Cohort) {
    let n = Double(cohort.table.determinate)
    let shares = SquareTable(rows: cohort.table.counts.map { $0.map { Double($0) / n } })
    for weights in AgreementWeights.allCases where n > 0 {
      agree(
        Kappa.unitVariance(shares, weights.matrix(classes: 3)),
        cohort.kappa[weights.rawValue]?.unitVariance, weights.rawValue)
    }
  }

  /// SciPy's limits come from 40,000 resamples, ours from 10,000. A limit that is the q-th quantile
  /// of B replicates has the error sqrt(q (1 - q) / B) / density: about 0.02 standard errors of kappa
  /// at 2.5 % and 10,000, the bias correction adds as much. Allowed are 0.12 of them, and for the
  /// table of 34 pairs one step between its few kappas.
  @Test(arguments: Golden.cohorts) func theBootstrapIsSciPys(cohort: Golden.Cohort) throws {
    let own = KappaFigures(cohort.table)
    for weighted in own.weighted {
      let golden = try #require(cohort.kappa[weighted.weights.rawValue])
      guard let bca = golden.bca else { continue }
      let n = Double(cohort.table.determinate)
      let error = try (#require(golden.unitVariance) / n).squareRoot()
      let interval = try #require(weighted.kappa.value?.interval.value)
      #expect(abs(interval.lower - bca[0]) < 0.12 * error, "\(interval), SciPy \(bca)")
      #expect(abs(interval.upper - bca[1]) < 0.12 * error, "\(interval), SciPy \(bca)")
    }
  }

  @Test func degenerateTablesAreLeftOut() {
    func figures(_ counts: [[Int]]) -> [KappaFigures.Weighted] {
      KappaFigures(ConfusionTable(classes: subtypes, counts: counts), resamples: 500).weighted
    }
    for weighted in figures([[0, 0, 0], [0, 0, 0], [0, 0, 0]]) {
      #expect(weighted.kappa == .leftOut("there are no pairs"))
      #expect(weighted.gwet == .leftOut("there are no pairs"))
    }
    for weighted in figures([[9, 0, 0], [0, 0, 0], [0, 0, 0]]) {
      #expect(weighted.kappa.reason?.contains("one class") == true)
      #expect(weighted.gwet.value?.value == 1)
    }
    for weighted in figures([[9, 0, 0], [0, 4, 0], [0, 0, 5]]) {
      #expect(weighted.kappa.value?.value == 1)
      #expect(weighted.kappa.value?.interval.reason != nil)
    }
    // Of samples of 20, 36 % hold no pair beside the first cell.
    for weighted in figures([[19, 1, 0], [0, 0, 0], [0, 0, 0]]) {
      #expect(weighted.kappa.value?.value == 0)
      #expect(weighted.kappa.value?.interval.reason != nil)
    }
    for weighted in figures([[0, 1, 0], [0, 0, 0], [0, 0, 0]]) {
      #expect(weighted.kappa.value?.interval.reason == "one pair has no spread")
      #expect(weighted.gwet.value?.interval.reason == "one pair has no spread")
    }
  }

  @Test func fewDisagreementsAreSaid() {
    func remark(_ wrong: Int) -> String? {
      KappaFigures(
        ConfusionTable(classes: subtypes, counts: [[30, wrong, 0], [0, 25, 0], [0, 0, 25]]),
        resamples: 10
      ).remark
    }
    #expect(remark(9)?.contains("only 9 of the calls") == true)
    #expect(remark(10) == nil)
  }

  @Test func twoClassesHaveOneKappa() {
    let table = ConfusionTable(
      classes: ["systemic", "systemic+TACE"], counts: [[50, 6], [4, 26]])
    let own = KappaFigures(table, resamples: 500).weighted
    #expect(own.map(\.weights) == [.unweighted])
    // By hand: p_o = 76/86, p_e = (56 * 54 + 30 * 32) / 86^2.
    let (observed, expected) = (76.0 / 86, (56.0 * 54 + 30 * 32) / (86 * 86))
    agree(own[0].kappa.value?.value, (observed - expected) / (1 - expected), "kappa")
  }

  @Test func aSeedGivesOneInterval() throws {
    let table = try #require(Golden.cohorts.first).table
    func interval(_ seed: UInt64) -> Interval? {
      KappaFigures(table, resamples: 2000, seed: seed).weighted[1].kappa.value?.interval.value
    }
    #expect(interval(7) == interval(7))
    #expect(interval(7) != interval(8))
  }
}
