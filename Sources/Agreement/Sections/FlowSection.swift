import Calibration

extension ReportSection {
  /// 1. Flow of participants.
  static func flow(_ evidence: CohortEvidence) -> ReportSection {
    let flow = CohortFlow(evidence)
    var blocks: [ReportBlock] = []
    if evidence.callsAfterTheFact {
      blocks.append(
        .warning(
          "The calls were made after the fact by the model, for participants whose tissue may have "
            + "been known: this is not evidence of calls that were sealed in advance."))
    } else if !evidence.showsSeals {
      blocks.append(
        .warning(
          "The table has no sealed_on or no tissue_reported_on: that calls came before tissue is "
            + "assumed, not shown."))
    }
    let diagram = diagram(flow)
    blocks += [
      .chart(
        ReportChart(
          "diagram",
          "Participants from enrolment to analysis (STARD 2015). Indeterminate calls are analysed: "
            + "they lower the yield and the accuracy of all, not the accuracy of determinate calls.",
          markup: diagram.svg(isFile: false), svg: diagram.svg(isFile: true).source + "\n")),
      .table(steps(flow)),
      .table(
        ReportTable(
          "calls_by_tissue", "Called participants, by call and by outcome of tissue",
          ["call"] + CohortFlow.outcomes.map { "tissue \($0)" } + ["all"],
          rows: zip(CohortFlow.calls, flow.called).map { name, counts in
            [.text(name)] + counts.map { .count($0) } + [.count(counts.reduce(0, +))]
          })),
    ]
    return ReportSection(.flow, "Flow of participants (STARD 2015)", blocks)
  }

  private static func steps(_ flow: CohortFlow) -> ReportTable {
    var rows: [[ReportCell]] = [["enrolled", .count(flow.enrolled)]]
    for reason in SetApart.allCases {
      rows.append([
        .text("set apart: \(reason.summary)"), .count(flow.setApart[reason] ?? 0),
      ])
    }
    rows += [
      ["not measured", .count(flow.notMeasured)], ["measured", .count(flow.measured)],
      ["measured, no call", .count(flow.notCalled)], ["called", .count(flow.calledCount)],
      ["called indeterminate", .count(flow.indeterminate)],
      ["called, tissue failed", .count(flow.tissueFailed)],
      ["called, tissue not yet known", .count(flow.tissuePending)],
      ["analysed", .count(flow.analysed)],
      ["analysed, determinate call", .count(flow.analysedDeterminate)],
    ]
    return ReportTable("steps", "Participants at each step", ["step", "participants"], rows: rows)
  }

  private static func diagram(_ flow: CohortFlow) -> FlowDiagram {
    let short: [SetApart: String] = [
      .trained: "in the model's training", .tissueBeforeSeal: "tissue known before the seal",
      .orderUnknown: "order of seal and tissue unknown", .otherLesion: "tissue of another lesion",
    ]
    let apart = SetApart.allCases.compactMap { reason -> (words: String, count: Int)? in
      guard let count = flow.setApart[reason], count > 0 else { return nil }
      return (short[reason] ?? reason.summary, count)
    }
    func leaving(_ entries: [(words: String, count: Int)]) -> [(words: String, count: Int)] {
      entries.filter { $0.count > 0 }
    }
    return FlowDiagram(steps: [
      .init(
        words: "Enrolled", count: flow.enrolled,
        leaving: apart + leaving([("fat fraction not measured", flow.notMeasured)])),
      .init(
        words: "Fat fraction measured", count: flow.measured,
        leaving: leaving([("no provisional call", flow.notCalled)])),
      .init(
        words: "Provisional call", count: flow.calledCount,
        leaving: leaving([
          ("tissue failed", flow.tissueFailed), ("tissue not yet known", flow.tissuePending),
        ])),
      .init(
        words: "Analysed: call and tissue", count: flow.analysed,
        leaving: leaving([
          ("indeterminate call (counted)", flow.analysed - flow.analysedDeterminate)
        ])),
      .init(words: "Determinate call", count: flow.analysedDeterminate),
    ])
  }
}
