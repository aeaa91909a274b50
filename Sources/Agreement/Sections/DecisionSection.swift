import Calibration
import Pages
import Statistics

extension ReportSection {
  /// 7. Whether scheduling TACE by the call does more good than for all or for none.
  ///
  /// - Parameter nested: of the same participants; its forecasts stand in where no model was asked.
  static func decision(
    _ analysed: [AnalysedParticipant], nested: Figure<NestedValidation>, hasModel: Bool
  ) -> ReportSection {
    let asked = hasModel ? analysed.filter { $0.probabilities != nil } : analysed
    let forecasts =
      hasModel
      ? asked.compactMap { $0.probabilities?[2] }
      : nested.value?.heldOut.probabilities.map { $0[2] }
    let curve = DecisionCurve.figure(
      action: "schedule TACE", forecasts: forecasts,
      calls: asked.map { $0.call.arm == .systemicAndTACE }, events: asked.map { $0.tissue == .f3 })
    let name = hasModel ? "by the model" : "by a model of this cohort, held out"
    var blocks: [ReportBlock] = [
      .text(
        "The action is right where tissue is F3. A net benefit of 0 is that of scheduling nobody; an "
          + "undetermined arm schedules nobody. The threshold is the risk at which one would just "
          + "schedule.")
    ]
    switch curve {
    case .leftOut(let reason):
      blocks.append(.leftOut(key: "net_benefit", title: "Net benefit", reason: reason))
    case .value(let found): blocks += shown(found, forecast: forecasts == nil ? nil : name)
    }
    return ReportSection(.decisionCurve, "Decision curve for \"schedule TACE\"", blocks)
  }

  /// - Parameter forecast: what its line is called; nil without one.
  private static func shown(_ curve: DecisionCurve, forecast: String?) -> [ReportBlock] {
    let lowest = -0.15
    // Below the chart a line ends.
    func line(_ figure: (DecisionCurve.Point) -> Figure<Estimate>) -> [SIMD2<Double>] {
      curve.points.compactMap { point in
        figure(point).value.map { SIMD2(point.threshold, $0.value >= lowest ? $0.value : .nan) }
      }
    }
    let prevalence = Double(curve.events) / Double(curve.n)
    var marks = [
      Mark(.line(line(\.all)), label: "all", colour: .muted),
      Mark(.line(line(\.call)), label: "by the call", colour: .series(1)),
    ]
    if let forecast {
      marks.append(Mark(.line(line(\.forecast)), label: forecast, colour: .series(2)))
    }
    marks.append(Mark(.horizontalRule(0), label: "nobody", colour: .muted, isDashed: true))
    let chart = Chart(
      title: "Net benefit of scheduling TACE", width: 560, height: 340,
      x: Axis("threshold", range: 0...1),
      y: Axis("net benefit", range: lowest...max(0.1, prevalence * 1.1)), marks: marks)
    var columns = ["threshold"]
    for name in ["by the call", "all"] + [forecast].compactMap({ $0 }) {
      columns += [name, "\(name), lower", "\(name), upper"]
    }
    let table = ReportTable(
      "net_benefit", "Net benefit by threshold", columns,
      rows: curve.points.map { point in
        [.number(point.threshold, .plain)] + cells(point.call) + cells(point.all)
          + (forecast == nil ? [] : cells(point.forecast))
      })
    return [
      .chart(
        ReportChart(
          "net_benefit",
          "Net benefit of scheduling TACE; n = \(curve.n), tissue F3 in \(curve.events). Intervals "
            + "are in the table (Student's t of the participants' mean).", chart)), .table(table),
    ]
  }

  private static func cells(_ figure: Figure<Estimate>) -> [ReportCell] {
    let reason = figure.reason ?? figure.value?.interval.reason ?? ""
    let interval = figure.value?.interval.value
    return [
      .number(figure.value?.value, .plain, orElse: reason),
      .number(interval?.lower, .plain, orElse: reason),
      .number(interval?.upper, .plain, orElse: reason),
    ]
  }
}
