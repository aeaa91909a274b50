import ArgumentParser
import Documents
import Registry
import Trial

/// `pdff registry status`
struct ShowStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Say where participants stand, in the order in which a coordinator must act.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("One participant, with everything that you may see.", valueName: "id"))
  var participant: String?

  @Option(help: ArgumentHelp("The day of reading; today by default.", valueName: "YYYY-MM-DD"))
  var on: DayArgument?

  @Option(help: ArgumentHelp("Only this site.", valueName: "name"))
  var site: String?

  @Option(help: ArgumentHelp("Only this state; may be given several times.", valueName: "state"))
  var state: [String] = []

  @Option(help: ArgumentHelp("At most so many participants.", valueName: "n"))
  var limit: Int?

  func validate() throws {
    guard participant == nil || (site == nil && state.isEmpty && limit == nil) else {
      throw ValidationError("--participant stands alone.")
    }
    guard limit.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--limit is a whole number from 1.")
    }
  }

  func run() throws {
    let session = try registry.session()
    if let participant {
      let status = try session.status(participant: participant, on: on?.day)
      try Console.result(registry.json ? status.document.pretty() : status.words)
      return
    }
    let page = try all(session)
    try Console.result(registry.json ? page.document.pretty() : page.words)
  }

  /// Page by page, all for the same day.
  private func all(_ session: Session) throws -> WorklistPage {
    var query = WorklistQuery(on: on?.day, site: site, states: state, limit: limit ?? 1000)
    let first = try session.worklist(query)
    query.on = first.on
    var rows = first.rows
    while rows.count < limit ?? first.count {
      query.offset = rows.count
      let next = try session.worklist(query)
      if next.rows.isEmpty { break }
      rows += next.rows
    }
    return WorklistPage(
      on: first.on, rows: limit.map { Array(rows.prefix($0)) } ?? rows, count: first.count,
      isSimulated: first.isSimulated)
  }
}

/// What stands above everything of a simulated study.
let simulatedMark = "SIMULATED STUDY: no patient's data\n"

extension WorklistPage {
  var words: String {
    let mark = isSimulated ? simulatedMark : ""
    let shown = rows.count == count ? "" : ", the first \(rows.count) of them"
    let head = "\(count) participants on \(on)\(shown)\n"
    guard !rows.isEmpty else { return mark + head }
    guard rows.contains(where: { $0.assessment != nil }) else {
      return mark + head
        + LeftTable(
          ["participant", "site", "enrolled", "state"],
          rows.map { [$0.participant, $0.site, "\($0.enrolledOn)", $0.state] }
        ).text
    }
    return mark + head
      + LeftTable(
        ["participant", "site", "state", "consequence", "by", "what to do"],
        rows.map { row in
          [
            row.participant, row.site, row.state, row.assessment?.consequence.rawValue ?? "",
            row.assessment?.action.by?.description ?? "", row.assessment?.action.kind.words ?? "",
          ]
        }
      ).text
  }
}

extension ParticipantStatus {
  var words: String {
    var lines = ["\(participant), site \(site), enrolled \(enrolledOn)"]
    lines.append("on \(on): \(state)\(assessment.map { ", \($0.reasons)" } ?? "")")
    if let assessment { lines += assessment.lines }
    for call in calls { lines += call.lines }
    for result in tissue { lines.append(result.line) }
    for event in events { lines.append(event.line) }
    return (isSimulated ? simulatedMark : "") + lines.joined(separator: "\n") + "\n"
  }
}

extension Assessment {
  fileprivate var reasons: String {
    let consequence = "consequence \(consequence.rawValue)"
    guard !notEvidence.isEmpty else { return consequence }
    return "no evidence (\(notEvidence.map(\.rawValue).joined(separator: ", "))), \(consequence)"
  }

  fileprivate var lines: [String] {
    var lines = [
      "provisional arm \(provisionalArm.rawValue), tissue's arm \(tissueArm?.rawValue ?? "not known")"
    ]
    if let systemicStart { lines.append("systemic treatment since \(systemicStart) (D0)") }
    if let tissueDeadline { lines.append("tissue must answer by \(tissueDeadline)") }
    let from = action.from.map { " from \($0)" } ?? ""
    let by = action.by.map { " by \($0)" } ?? ""
    lines.append("next: \(action.kind.words)\(from)\(by)")
    return lines
  }
}

extension CallLine {
  fileprivate var lines: [String] {
    let fate = standing == .standing ? "" : ", \(standing.rawValue)"
    let set = set.map(\.rawValue).joined(separator: ", ")
    var lines = [
      "entry \(entry): call \(call) of \(lesion), set \(set), arm \(arm.rawValue)\(fate)",
      "  scanned \(scannedOn), sealed \(sealedOn), model \(model)",
    ]
    if let pdffPercent {
      let uncertainty = standardUncertainty.map { " +- \(Self.decimals($0))" } ?? ""
      lines.append("  PDFF \(Self.decimals(pdffPercent))\(uncertainty) %")
    }
    for reason in reasons { lines.append("  \(reason)") }
    return lines
  }

  private static func decimals(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let rest = hundredths % 100
    return
      "\(value < 0 && hundredths > 0 ? "-" : "")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}

extension TissueLine {
  fileprivate var line: String {
    "entry \(entry): tissue \(finding.rawValue) of \(lesion), biopsy \(biopsyOn), "
      + "reported \(reportedOn) (\(specimen), \(method), \(reference))"
  }
}

extension EventLine {
  fileprivate var line: String {
    let place = lesion.map { " of \($0)" } ?? ""
    let more = detail.isEmpty ? "" : ": \(detail)"
    let outside = deviations.isEmpty ? "" : " (deviation: \(deviations.joined(separator: "; ")))"
    return "entry \(entry): \(date) \(event)\(place)\(more)\(outside)"
  }
}

extension Recorded {
  var words: String {
    var lines = ["entry \(entry)"]
    if let seal { lines.append("seal \(seal)") }
    for deviation in deviations { lines.append("deviation: \(deviation)") }
    return lines.joined(separator: "\n") + "\n" + (status.map { "\n\($0.words)" } ?? "")
  }
}
