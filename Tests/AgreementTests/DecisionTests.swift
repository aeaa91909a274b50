import Agreement
import Statistics
import Testing

@Suite struct DecisionTests {
  @Test(arguments: Golden.cohorts) func netBenefitIsDcurves(cohort: Golden.Cohort) {
    let own = DecisionCurve.figure(
      action: "schedule TACE", forecasts: cohort.forecasts.map { $0[2] },
      calls: cohort.calls.map { $0 == 2 }, events: cohort.tissue.map { $0 == 2 },
      thresholds: cohort.decision?.thresholds ?? [0.5])
    guard let golden = cohort.decision else {
      #expect(own.reason?.isEmpty == false)
      return
    }
    for (index, point) in (own.value?.points ?? []).enumerated() {
      agree(point.forecast.value?.value, golden.model[index], "forecast")
      agree(point.call.value?.value, golden.call[index], "call")
      agree(point.all.value?.value, golden.all[index], "all")
      agree(point.forecast.value?.interval.value?.lower, golden.modelInterval[index][1], "lower")
      agree(point.forecast.value?.interval.value?.upper, golden.modelInterval[index][2], "upper")
    }
    #expect(own.value?.points.count == golden.thresholds.count)
    #expect(own.value?.events == cohort.tissue.count { $0 == 2 })
  }

  @Test func whatIsNotGivenIsLeftOut() throws {
    let own = try #require(
      DecisionCurve.figure(
        action: "schedule TACE", forecasts: nil, calls: [true, false, true],
        events: [true, false, false]
      ).value)
    #expect(own.points.count == 19)
    #expect(own.points[9].threshold == 0.5 && own.points[9].call.value?.value == 0)
    #expect(own.points[9].forecast == .leftOut("there are no forecasts"))
    #expect(
      DecisionCurve.figure(action: "", forecasts: nil, calls: [], events: []).reason
        == "there are no participants")
  }
}
