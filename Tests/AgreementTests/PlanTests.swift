import Agreement
import Foundation
import Statistics
import Testing

@Suite struct PlanTests {
  @Test(arguments: 0..<3) func whatIsExpectedIsTheReferences(number: Int) throws {
    let golden = try #require(Golden.all).plans[number]
    let plan = try SamplePlan(
      classes: subtypes, kappa: golden.kappa, prevalence: golden.prevalence, n: golden.n)
    let z = 1.959963984540054
    for (weights, kappa) in zip(plan.weights, plan.kappas) {
      agree(
        kappa.interval.value?.lower, golden.kappa - z * (golden.error[weights.rawValue] ?? 0),
        weights.rawValue)
      #expect(
        plan.neededForKappa(weights, halfWidth: golden.halfWidth)
          == golden.needed[weights.rawValue])
    }
    let place = try #require(plan.proportions.firstIndex { $0.name == "sensitivity F3" })
    let sensitivity = plan.proportions[place]
    agree(sensitivity.value, golden.sensitivity[0], "sensitivity")
    agree(sensitivity.interval.value?.lower, golden.sensitivity[1], "lower")
    agree(sensitivity.interval.value?.upper, golden.sensitivity[2], "upper")
    #expect(
      plan.neededForProportions(halfWidth: golden.halfWidth)[place] == golden.sensitivityNeeded)
  }

  /// The trial's plan: about 0.57 to 0.83 (two decimals).
  @Test func eightySixAtSevenTenths() throws {
    let plan = try SamplePlan(
      classes: subtypes, kappa: 0.7, prevalence: [0.4, 0.3, 0.3], n: 86)
    let interval = try #require(plan.kappas[0].interval.value)
    #expect((interval.lower * 100).rounded() == 57 && (interval.upper * 100).rounded() == 83)
  }

  @Test func impossiblePlansAreRefused() {
    func fault(_ kappa: Double, _ prevalence: [Double], _ n: Int) -> SamplePlan.Fault? {
      do {
        _ = try SamplePlan(classes: subtypes, kappa: kappa, prevalence: prevalence, n: n)
        return nil
      } catch { return error }
    }
    #expect(fault(0.7, [0.4, 0.3, 0.3], 86) == nil)
    #expect(fault(1, [0.4, 0.3, 0.3], 86) == .kappa)
    #expect(fault(.nan, [0.4, 0.3, 0.3], 86) == .kappa)
    #expect(fault(-0.9, [0.4, 0.3, 0.3], 86) == .kappa)
    #expect(fault(0.7, [0.4, 0.3, 0.2], 86) == .prevalence)
    #expect(fault(0.7, [0.4, 0.6, 0], 86) == .prevalence)
    #expect(fault(0.7, [0.5, 0.5], 86) == .prevalence)
    #expect(fault(0.7, [.nan, 0.3, 0.3], 86) == .prevalence)
    #expect(fault(0.7, [0.4, 0.3, 0.3], 1) == .count)
  }

  /// With A = 0.8 and 26 of 86 positives by hand: Q1 = 2/3, Q2 = 32/45.
  @Test func areasAreHanleyAndMcNeils() throws {
    let plan = try SamplePlan(
      classes: subtypes, kappa: 0.7, prevalence: [0.4, 0.3, 0.3], n: 86)
    let (first, second): (Double, Double) = (2 / 3, 32 / 45)
    let sum: Double = 0.16 + 25 * (first - 0.64) + 59 * (second - 0.64)
    let variance = sum / (26 * 60)
    let area = plan.area(0.8, cut: 2)
    let interval = try #require(area.interval.value)
    let reach = (logit(interval.upper) - logit(interval.lower)) / 2
    agree(reach, 1.959963984540054 * variance.squareRoot() / 0.16, "logit half-width")
    #expect(area.name == "F1, F2 | F3")
  }

  private func logit(_ p: Double) -> Double { -log1p((1 - 2 * p) / p) }
}
