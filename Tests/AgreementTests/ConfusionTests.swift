import Agreement
import Statistics
import Testing

@Suite struct ConfusionTests {
  @Test func thereAreCohorts() {
    #expect(Golden.cohorts.count == 8 && Golden.all?.plans.count == 3)
  }

  private func agree(_ own: Figure<Proportion>, _ golden: [Double]?, _ what: String) {
    AgreementTests.agree(own.value?.value, golden?[0], what)
    AgreementTests.agree(own.value?.interval.lower, golden?[1], what)
    AgreementTests.agree(own.value?.interval.upper, golden?[2], what)
    #expect(golden != nil || own.reason?.isEmpty == false)
  }

  @Test(arguments: Golden.cohorts) func sharesAreTheReferences(cohort: Golden.Cohort) {
    #expect(cohort.table.counts == cohort.confusion.counts)
    #expect(cohort.table.indeterminate == cohort.confusion.indeterminate)
    let own = ConfusionFigures(cohort.table)
    let golden = cohort.confusion
    agree(own.accuracy, golden.accuracy, "accuracy")
    agree(own.accuracyOfAll, golden.accuracyOfAll, "accuracy of all")
    agree(own.yield, golden.yield, "yield")
    for (own, golden) in zip(own.classes, golden.classes) {
      agree(own.sensitivity, golden.sensitivity, "sensitivity")
      agree(own.specificity, golden.specificity, "specificity")
      agree(own.positivePredictiveValue, golden.positive, "PPV")
      agree(own.negativePredictiveValue, golden.negative, "NPV")
      agree(own.sensitivityOfAll, golden.sensitivityOfAll, "sensitivity of all")
      agree(own.specificityOfAll, golden.specificityOfAll, "specificity of all")
    }
  }

  /// What is left out says why, and nothing is made up.
  @Test func emptyTablesAreLeftOut() {
    let empty = ConfusionFigures(ConfusionTable(classes: subtypes, tissue: [], calls: []))
    #expect(empty.accuracy == .leftOut("no participant has a determinate call"))
    #expect(empty.yield == .leftOut("there are no participants"))
    #expect(empty.classes[2].sensitivityOfAll == .leftOut("no participant has tissue F3"))
    let silent = ConfusionFigures(
      ConfusionTable(classes: subtypes, tissue: [0, 2], calls: [nil, nil]))
    #expect(silent.accuracyOfAll.value?.value == 0 && silent.yield.value?.value == 0)
    #expect(silent.classes[0].positivePredictiveValue == .leftOut("no participant is called F1"))
  }

  /// Counting indeterminate calls as wrong never flatters.
  @Test(arguments: Golden.cohorts) func ofAllIsNeverAbove(cohort: Golden.Cohort) {
    let own = ConfusionFigures(cohort.table)
    for figures in own.classes {
      if let some = figures.sensitivity.value, let all = figures.sensitivityOfAll.value {
        #expect(all.value <= some.value)
      }
      if let some = figures.specificity.value, let all = figures.specificityOfAll.value {
        #expect(all.value <= some.value)
      }
    }
  }
}
