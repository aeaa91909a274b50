import Calibration
import Pages
import Statistics

extension ReportSection {
  /// That groups differ in more than their treatment.
  static let notTreatments =
    "Arms are not compared as treatments: who is in which arm was decided by the tumour's subtype, so "
    + "differences between arms are not effects of TACE."

  /// 9. What became of participants, by label.
  static func endpoints(_ evidence: CohortEvidence, events: [AdverseEvent]?, landmark: Landmark)
    -> ReportSection
  {
    let members = evidence.counting
    let atPFS = landmark.labelling(members, by: \.progressionFree, name: "PFS")
    let atOS = landmark.labelling(members, by: \.overall, name: "OS")
    var blocks: [ReportBlock] = [
      .warning(notTreatments),
      .text(
        "Objective response is confirmed CR or PR of all with a recorded best response; not evaluable "
          + "counts as no response. Survival times count from systemic start, and for 'as treated' from "
          + "day 28: who had the event or was censored before is left out and counted."),
    ]
    for labelling in [
      Labelling.provisionalSubtype(members), Labelling.provisionalArm(members),
      Labelling.tissueSubtype(members), Labelling.tissueArm(members),
    ] {
      blocks += EndpointBlocks(labelling, labelling, events).blocks
    }
    blocks += EndpointBlocks(atPFS, atOS, events).blocks
    for migration in Migration.all(members, landmark: landmark) {
      blocks.append(
        .table(
          ReportTable(
            migration.key, migration.title, ["from"] + migration.to,
            rows: zip(migration.from, migration.counts).map { name, counts in
              [.text(name)] + counts.map { .count($0) }
            })))
    }
    return ReportSection(.endpoints, "Endpoints by label", blocks)
  }
}

/// The endpoints of one labelling.
private struct EndpointBlocks {
  let label: Labelling
  /// The same with the landmark of overall survival; for labels known at the start it is the same.
  let overall: Labelling
  let events: [AdverseEvent]?

  init(_ label: Labelling, _ overall: Labelling, _ events: [AdverseEvent]?) {
    self.label = label
    self.overall = overall
    self.events = events
  }

  var blocks: [ReportBlock] {
    var blocks: [ReportBlock] = [.table(groups)]
    let figures = label.groups.flatMap { responses($0) }
    blocks.append(.figures(title: "\(label.title): response", figures))
    blocks += survival(
      SurvivalByLabel(label) { members in
        Responses.durations(members)
      }, key: "duration_of_response", title: "Duration of confirmed response")
    blocks += survival(
      SurvivalByLabel(label, \.progressionFree), key: "pfs", title: "Progression-free survival")
    blocks += survival(SurvivalByLabel(overall, \.overall), key: "os", title: "Overall survival")
    blocks.append(adverse)
    return blocks
  }

  private var groups: ReportTable {
    var rows = label.groups.map { [ReportCell.text($0.name), .count($0.members.count)] }
    rows += label.leftOut.map { [.text("left out: \($0.reason)"), .count($0.count)] }
    if label.landmark > 0 {
      rows += overall.leftOut.map {
        [.text("left out of overall survival: \($0.reason)"), .count($0.count)]
      }
    }
    return ReportTable(
      "\(label.key)_groups", "\(label.title): who is in which group", ["group", "participants"],
      rows: rows)
  }

  private func responses(_ group: Labelling.Group) -> [ReportFigure] {
    let key = "\(label.key)_\(ReportSection.slug(group.name))"
    let recist = Responses(group.members, best: \.recist)
    let mrecist = Responses(group.members, best: \.mrecist)
    func words(_ responses: Responses) -> String {
      let more = [
        responses.unconfirmed > 0 ? "\(responses.unconfirmed) unconfirmed" : nil,
        responses.notRecorded > 0 ? "\(responses.notRecorded) not recorded" : nil,
      ].compactMap { $0 }
      return more.isEmpty ? "" : " (\(more.joined(separator: ", ")))"
    }
    return [
      ReportFigure(
        "\(key)_orr_recist", "\(group.name): ORR, RECIST 1.1\(words(recist))",
        share: recist.objective),
      ReportFigure(
        "\(key)_orr_mrecist", "\(group.name): ORR, mRECIST\(words(mrecist))",
        share: mrecist.objective),
      ReportFigure(
        "\(key)_dcr_recist", "\(group.name): DCR, RECIST 1.1", share: recist.control),
      ReportFigure(
        "\(key)_dcr_mrecist", "\(group.name): DCR, mRECIST", share: mrecist.control),
      ReportFigure(
        "\(key)_conversion", "\(group.name): conversion", share: Responses.conversion(group.members)
      ),
    ]
  }

  private func survival(_ found: SurvivalByLabel, key: String, title: String) -> [ReportBlock] {
    let name = "\(label.key)_\(key)"
    let figures =
      found.groups.map { group in
        ReportFigure(
          "\(name)_median_\(ReportSection.slug(group.name))", "\(group.name): median", .days,
          group.curve.content { curve in
            .median(
              curve.median, lower: curve.medianInterval.lower, upper: curve.medianInterval.upper,
              n: curve.count, events: curve.events, method: .kaplanMeierMedian)
          })
      } + [
        ReportFigure(
          "\(name)_log_rank", "Log-rank test of the groups", test: found.logRank.map(\.test),
          .logRank)
      ]
    let blocks: [ReportBlock] = [.figures(title: "\(label.title): \(title.lowercased())", figures)]
    let curves = found.groups.compactMap { group in group.curve.value.map { (group.name, $0) } }
    guard key != "duration_of_response", !curves.isEmpty else { return blocks }
    return [chart(curves, name: name, title: title)] + blocks + [.table(table(curves, name, title))]
  }

  private func chart(_ curves: [(String, KaplanMeier)], name: String, title: String) -> ReportBlock
  {
    let start = label.landmark
    let chart = Chart(
      title: title, width: 560, height: 340,
      x: Axis(start > 0 ? "days since day \(Int(start))" : "days since systemic start"),
      y: Axis("share", range: 0...1),
      marks: curves.enumerated().map { place, curve in
        Mark(
          .steps([SIMD2(0, 1)] + thinned(curve.1).map { SIMD2($0.time, $0.survival) }),
          label: "\(curve.0) (n = \(curve.1.count))", colour: .series(place + 1),
          isDashed: place > 2)
      })
    return .chart(
      ReportChart(
        name,
        "\(title) by \(label.title.lowercased()), Kaplan-Meier. "
          + ReportSection.notTreatments, chart))
  }

  /// The curves at every time with an event.
  private func table(_ curves: [(String, KaplanMeier)], _ name: String, _ title: String)
    -> ReportTable
  {
    ReportTable(
      "\(name)_curves", "\(title): the curves, with log-log intervals",
      ["group", "days", "at risk", "events", "censored", "share", "lower", "upper"],
      rows: curves.flatMap { group, curve in
        thinned(curve).map { step in
          [
            .text(group), .number(step.time, .days), .count(step.atRisk), .count(step.events),
            .count(step.censored), .number(step.survival, .plain),
            .number(step.interval?.lower, .plain, orElse: "no interval at 0"),
            .number(step.interval?.upper, .plain, orElse: "no interval at 0"),
          ]
        }
      })
  }

  private func thinned(_ curve: KaplanMeier) -> [KaplanMeier.Step] {
    let most = 500
    guard curve.steps.count > most else { return curve.steps }
    return (0..<most).map { curve.steps[$0 * (curve.steps.count - 1) / (most - 1)] }
  }

  private var adverse: ReportBlock {
    let title = "\(label.title): adverse events, participants by worst grade"
    guard let events else {
      return .leftOut(
        key: "\(label.key)_adverse_events", title: title,
        reason: "no table of adverse events was given (--adverse-events)")
    }
    var rows: [[ReportCell]] = []
    for group in overall.groups {
      let found = AdverseEventsByLabel(group.members, events)
      func row(_ term: String, _ grades: [Int]) -> [ReportCell] {
        [.text(group.name), .text(term)] + grades.map { .count($0) }
          + [.count(grades[2...].reduce(0, +)), .count(found.participants)]
      }
      rows.append(row("any", found.worst))
      rows.append(row("any, related to TACE", found.worstRelated))
      rows += found.terms.map { row($0.name, $0.byGrade) }
    }
    return .table(
      ReportTable(
        "\(label.key)_adverse_events",
        title + (label.landmark > 0 ? " (all recorded events: the table has no dates)" : ""),
        ["group", "term"] + (1...5).map { "grade \($0)" } + ["grade 3 or more", "participants"],
        rows: rows))
  }
}

extension Method {
  static let kaplanMeierMedian = Method(
    "Kaplan-Meier, log(-log) interval of Brookmeyer and Crowley",
    reference: "Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481; Brookmeyer R, Crowley J. "
      + "Biometrics 1982;38:29-41")
  static let logRank = Method(
    "log-rank, chi-squared",
    reference: "Peto R, Peto J. J R Stat Soc A 1972;135:185-207")
}
