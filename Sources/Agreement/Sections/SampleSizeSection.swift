import Calibration
import Statistics

extension ReportSection {
  /// 10. What a sample can show: from a plan, or from what this sample gave.
  ///
  /// - Parameter planned: left out where the sample gave no plan.
  static func sampleSize(_ planned: Figure<SamplePlan>, isFromSample: Bool, halfWidths: [Double])
    -> ReportSection
  {
    let title = "What this sample can show"
    switch planned {
    case .leftOut(let reason):
      return ReportSection(
        .sampleSize, title,
        [.leftOut(key: "expected", title: "Expected intervals", reason: reason)])
    case .value(let plan):
      let prevalence = plan.prevalence.map { Shown.value($0, .share) }.joined(separator: ", ")
      let words =
        "At n = \(plan.n) determinate calls with tissue, a kappa of \(Shown.value(plan.kappa, .plain)) "
        + "and shares of \(plan.classes.joined(separator: ", ")) of \(prevalence)"
      return ReportSection(
        .sampleSize, title,
        [
          .text(
            words
              + (isFromSample
                ? ", as found here: the intervals that another sample of this size would give, and "
                  + "the participants that a stated half-width needs."
                : ": the intervals to be expected, and the participants that a stated half-width "
                  + "needs.")), .table(expected(plan)), .table(needed(plan, halfWidths)),
        ])
    }
  }

  private static func expected(_ plan: SamplePlan) -> ReportTable {
    let arms = "F1, F2 | F3"
    let areas = [0.7, 0.8, 0.9].map { plan.area($0, cut: plan.classes.count - 1) }
    let rows =
      zip(plan.weights, plan.kappas).map { weights, one in
        row("kappa, \(weights.rawValue)", one, .plain)
      } + plan.proportions.map { row($0.name, $0, .share) }
      + areas.map { row("AUC, \($0.name.isEmpty ? arms : $0.name)", $0, .plain) }
    return ReportTable(
      "expected", "Intervals to be expected",
      ["figure", "assumed", "participants", "lower", "upper", "method"], rows: rows)
  }

  private static func row(_ name: String, _ one: Expectation, _ unit: ReportUnit) -> [ReportCell] {
    let reason = one.interval.reason ?? ""
    return [
      .text(name), .number(one.value, unit), .count(one.count),
      .number(one.interval.value?.lower, unit, orElse: reason),
      .number(one.interval.value?.upper, unit, orElse: reason), .text(one.method.name),
    ]
  }

  private static func needed(_ plan: SamplePlan, _ halfWidths: [Double]) -> ReportTable {
    let shares = halfWidths.map { plan.neededForProportions(halfWidth: $0) }
    let rows =
      plan.weights.map { weights -> [ReportCell] in
        [.text("kappa, \(weights.rawValue)")]
          + halfWidths.map { .count(plan.neededForKappa(weights, halfWidth: $0)) }
      }
      + plan.proportions.enumerated().map { place, one -> [ReportCell] in
        [.text(one.name)] + shares.map { .count($0[place]) }
      }
    return ReportTable(
      "needed", "Participants needed for a half-width of",
      ["figure"] + halfWidths.map { "\($0)" }, rows: rows)
  }

  /// The plan that this sample's own figures make.
  static func plan(of tables: AgreementTables) -> Figure<SamplePlan> {
    let table = tables.subtypes
    let n = table.determinate
    guard n > 1 else { return .leftOut("fewer than two participants have a determinate call") }
    let counts = table.counts.map { $0.reduce(0, +) }
    guard counts.allSatisfy({ $0 > 0 }) else {
      return .leftOut("a class of tissue has no participant with a determinate call")
    }
    let weights = AgreementWeights.unweighted.matrix(classes: 3)
    guard let kappa = Kappa.value(table.counts.flatMap { $0.map { Double($0) } }, weights) else {
      return .leftOut("kappa is undefined in this sample")
    }
    do {
      return .value(
        try SamplePlan(
          classes: table.classes, kappa: kappa, prevalence: counts.map { Double($0) / Double(n) },
          n: n))
    } catch {
      return .leftOut("no table of calls has this sample's kappa of \(Shown.value(kappa, .plain))")
    }
  }
}
