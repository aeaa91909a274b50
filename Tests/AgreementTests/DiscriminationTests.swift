import Agreement
import Foundation
import Statistics
import Testing

@Suite struct DiscriminationTests {
  /// Value and standard error; where there is no interval, there is a reason.
  private func agree(_ own: Figure<Estimate>, _ golden: [Double?]?, _ what: String) {
    AgreementTests.agree(own.value?.value, golden?[0], what)
    AgreementTests.agree(own.value?.standardError, golden?[1], what)
    #expect(golden != nil || own.reason?.isEmpty == false)
    if let estimate = own.value, let interval = estimate.interval.value {
      #expect(interval.lower < estimate.value && estimate.value < interval.upper)
      #expect(interval.lower > 0 && interval.upper < 1)
    }
  }

  @Test(arguments: Golden.cohorts) func areasAreThoseOfPROC(cohort: Golden.Cohort) {
    for cut in 1...2 {
      let golden = cohort.areas[cut - 1]
      let own = ROCCurve.figure(cohort.sample, cut: cut, direction: .rises)
      agree(own.map(\.area), golden.map { [$0.area, $0.standardError] }, "area \(cut)")
      guard let curve = own.value, let golden else { continue }
      #expect(curve.points.count == golden.points.count)
      for (point, reference) in zip(curve.points, golden.points) {
        AgreementTests.agree(point.falsePositiveRate, reference[0], "false positives")
        AgreementTests.agree(point.truePositiveRate, reference[1], "true positives")
      }
      #expect(curve.points.dropFirst().map(\.threshold) == golden.thresholds)
    }
  }

  @Test(arguments: Golden.cohorts) func orderedFiguresAreTheReferences(cohort: Golden.Cohort) {
    let sample = cohort.sample
    for (weights, golden) in zip([OrdinalAccuracy.PairWeights.sample, .equal], cohort.obuchowski) {
      agree(
        OrdinalAccuracy.figure(sample, direction: .rises, pairWeights: weights).map(\.accuracy),
        golden, "Obuchowski \(weights)")
    }
    agree(VolumeUnderSurface.figure(sample, direction: .rises), cohort.volume, "volume")
    agree(Concordance.figure(sample, direction: .rises), cohort.concordance, "concordance")
  }

  /// Turning values and direction round changes nothing but the thresholds' sign.
  @Test(arguments: Golden.cohorts) func directionIsASign(cohort: Golden.Cohort) {
    let sample = cohort.sample
    let turned = ClassedValues(
      classes: subtypes, values: cohort.values.map { -$0 }, tissue: cohort.tissue)
    for cut in 1...2 {
      let (a, b) = (
        ROCCurve.figure(sample, cut: cut, direction: .rises),
        ROCCurve.figure(turned, cut: cut, direction: .falls)
      )
      #expect(a.map(\.area) == b.map(\.area))
      #expect(a.value?.points.map(\.threshold) == b.value?.points.map { -$0.threshold })
    }
    #expect(
      VolumeUnderSurface.figure(sample, direction: .rises)
        == VolumeUnderSurface.figure(turned, direction: .falls))
    #expect(
      Concordance.figure(sample, direction: .rises)
        == Concordance.figure(turned, direction: .falls))
    if let own = Concordance.figure(sample, direction: .rises).value {
      let other = Concordance.figure(sample, direction: .falls).value
      AgreementTests.agree(other?.value, 1 - own.value, "the other direction")
      #expect(Concordance.direction(sample) == (own.value >= 0.5 ? .rises : .falls))
    }
  }

  @Test func withoutSpreadThereIsNoInterval() {
    let alike = ClassedValues(
      classes: subtypes, values: [5, 5, 5, 5, 5, 5], tissue: [0, 0, 1, 1, 2, 2])
    let area = ROCCurve.figure(alike, cut: 1, direction: .rises).value?.area
    #expect(area?.value == 0.5 && area?.interval.reason?.contains("no spread") == true)
    let volume = VolumeUnderSurface.figure(alike, direction: .rises).value
    agree(
      .value(volume ?? Estimate(value: 0, interval: .leftOut(""), n: 0, method: .volume)),
      [1 / 6, 0], "volume")
    #expect(volume?.interval.reason?.contains("no spread") == true)
    let single = ClassedValues(classes: subtypes, values: [1, 4, 3, 2], tissue: [0, 1, 2, 1])
    let one = VolumeUnderSurface.figure(single, direction: .rises).value
    #expect(one?.standardError == nil && one?.interval.reason != nil)
    let nobody = ClassedValues(classes: subtypes, values: [], tissue: [])
    #expect(Concordance.figure(nobody, direction: .rises) == .leftOut("there are no participants"))
    #expect(Concordance.direction(nobody) == nil)
    #expect(
      ROCCurve.figure(nobody, cut: 2, direction: .rises).reason
        == "no participant has tissue F1 or F2")
  }
}
