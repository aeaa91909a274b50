import Documents
import Foundation
import Hummingbird
import Pages
import Registry
import Trial

extension Site {
  func addParticipant(_ inside: RouterGroup<WorklistContext>) {
    inside.get("participants/:id") { request, context in
      let visit = try arrival(context)
      let done = try request.query["done"].flatMap { Int($0) }
      return Response.page(try participantPage(context.part("id"), visit, done: done))
    }
  }

  private func participantPage(_ id: String, _ visit: Visit, done: Int?) throws -> Page {
    let session = visit.session
    let settings = visit.settings
    let status = try session.status(participant: id, on: on)
    let history = try session.history(participant: id)
    return frame(title: id, visit: visit, current: .worklist) {
      element("h1") { "Participant \(id)" }
      if let done {
        element("div", ["class": "note good", "role": "status"]) {
          element("p") { "Recorded as entry \(done)." }
        }
      }
      standing(status)
      actions(id, visit)
      if status.assessment != nil || !status.calls.isEmpty || !status.tissue.isEmpty {
        element("h2") { "Timeline" }
        timeline(status, settings)
      }
      if !status.calls.isEmpty { calls(status, visit) }
      if !status.tissue.isEmpty { tissue(status, visit) }
      if !status.events.isEmpty { events(status, visit) }
      element("h2") { "History" }
      historyTable(history)
    }
  }

  /// Who this is, and what today's state means.
  @MarkupBuilder private func standing(_ status: ParticipantStatus) -> Markup {
    let assessment = status.assessment
    if let assessment {
      let standing =
        assessment.consequence == .none
        ? Words.state(status.state).standing : Words.consequence(assessment.consequence).standing
      element("div", ["class": "note consequence \(standing.rawValue)", "id": "consequence"]) {
        element("p") { Words.sentence(assessment) }
      }
    }
    facts([
      "Site": Markup(status.site), "Enrolled on": "\(status.enrolledOn)",
      "State on \(status.on)": Words.stateBadge(status.state),
      "Consequence": assessment.map {
        let (words, standing) = Words.consequence($0.consequence)
        return badge(standing, words)
      },
      "Provisional arm": assessment.map { Markup($0.provisionalArm.rawValue) },
      "Arm by tissue": assessment.map { Markup($0.tissueArm?.rawValue ?? "not known yet") },
      "Call and tissue differ since": differSince(status).map { "\($0), tissue's report" },
      "First systemic dose (D0)": assessment.map { Markup($0.systemicStart?.description ?? "–") },
      "Tissue must answer by": assessment.flatMap { $0.tissueDeadline.map { "\($0)" } },
    ])
  }

  /// The day from which tissue said another arm than the call; nil where they do not differ in arm.
  private func differSince(_ status: ParticipantStatus) -> CalendarDay? {
    guard let assessment = status.assessment, assessment.reconciliation == .discordant else {
      return nil
    }
    return status.tissue.first { $0.entry == assessment.tissueEntry }?.reportedOn
  }

  /// The forms that the role may use.
  @MarkupBuilder private func actions(_ id: String, _ visit: Visit) -> Markup {
    let forms = RecordForm.ofParticipant(id, isSimulated: visit.settings.isSimulated)
      .filter { visit.may($0.act) }
    if !forms.isEmpty {
      element("ul", ["class": "actions screen-only"]) {
        for form in forms {
          element("li") {
            element("a", ["class": "button", "href": participantPath(id, "/\(form.verb)")]) {
              form.title
            }
          }
        }
      }
    }
  }

  private func timeline(_ status: ParticipantStatus, _ settings: StudySettings) -> Markup {
    var events: [Timeline.Event] = []
    for call in status.calls where call.standing != .voided {
      events.append(.init(day: call.scannedOn, kind: .scan, words: "scan of \(call.lesion)"))
      events.append(
        .init(day: call.sealedOn, kind: .call, words: "call \(call.call) of \(call.lesion)"))
    }
    for result in status.tissue {
      events.append(.init(day: result.biopsyOn, kind: .tissue, words: "biopsy of \(result.lesion)"))
      events.append(
        .init(
          day: result.reportedOn, kind: .tissue,
          words: "tissue of \(result.lesion): \(result.finding.rawValue)"))
    }
    for event in status.events {
      let isPlan = event.event == TreatmentEvent.Kind.tacePlanned.rawValue
      events.append(
        .init(
          day: event.date, kind: isPlan ? .planned : .treatment,
          words: Words.event(event.event) + (event.detail.isEmpty ? "" : ": \(event.detail)")))
    }
    var line = Timeline(events: events, today: status.on)
    if let start = status.assessment?.systemicStart {
      let window = settings.taceWindowDays
      line.window = .init(
        days: start.adding(days: window.lowerBound)...start.adding(days: window.upperBound),
        words: "TACE window, day \(window.lowerBound) to \(window.upperBound) after D0")
    }
    line.tissueBy = status.assessment?.tissueDeadline
    let picture = element("div", ["class": "scroll", "tabindex": "0"]) { line.markup() }
    return figure(picture, caption: caption(line))
  }

  private func caption(_ line: Timeline) -> Markup {
    "Squares are scans, diamonds sealed calls, triangles biopsies and tissue reports, circles "
      + "treatment (open where it is planned)"
      + (line.window == nil ? "" : "; the shaded band is the TACE window")
      + (line.tissueBy == nil ? "." : "; the upright line is the last day for tissue to answer.")
  }

  private func calls(_ status: ParticipantStatus, _ visit: Visit) -> Markup {
    let seesFat = status.calls.contains { $0.pdffPercent != nil }
    var table = Table(
      caption: "Provisional calls",
      [.text("Lesion"), .text("Call"), .text("Arm"), .date("Scan"), .date("Sealed")]
        + (seesFat ? [.number("PDFF")] : []) + [.text("Standing"), .text("Model"), .text("Entry")])
    for call in status.calls {
      var cells: [Markup] = [
        Markup(call.lesion),
        "\(call.call)\(call.set.count == 2 ? " (\(call.set.map(\.rawValue).joined(separator: " or ")))" : "")",
        Markup(call.arm.rawValue), "\(call.scannedOn)", "\(call.sealedOn)",
      ]
      if seesFat { cells.append(fat(call, status.participant)) }
      cells += [
        Markup(call.standing.rawValue), Markup(call.model),
        entryLinks(
          call.entry, status.participant, visit, call.standing == .standing ? ["void"] : [], .call),
      ]
      table.rows.append(cells)
    }
    return table.markup()
  }

  private func fat(_ call: CallLine, _ participant: String) -> Markup {
    guard let percent = call.pdffPercent else { return "–" }
    let spread = call.standardUncertainty.map { " ± \(number($0, 1))" } ?? ""
    let words = "\(number(percent, 1))\(spread) %"
    guard maps != nil else { return Markup(words) }
    return element("a", ["href": participantPath(participant, "/calls/\(call.entry)/maps")]) {
      "\(words), maps"
    }
  }

  private func tissue(_ status: ParticipantStatus, _ visit: Visit) -> Markup {
    var table = Table(
      caption: "Tissue",
      [
        .text("Lesion"), .text("Result"), .date("Biopsy"), .date("Reported"), .text("Specimen"),
        .text("Method"), .text("Reference"), .text("Entry"),
      ])
    for result in status.tissue {
      table.add(
        Markup(result.lesion), Markup(result.finding.rawValue), "\(result.biopsyOn)",
        "\(result.reportedOn)", Markup(result.specimen), Markup(result.method),
        Markup(result.reference),
        entryLinks(result.entry, status.participant, visit, ["amend", "void"], .tissue))
    }
    return table.markup()
  }

  private func events(_ status: ParticipantStatus, _ visit: Visit) -> Markup {
    var table = Table(
      caption: "Treatment and follow-up",
      [
        .date("Date"), .text("What"), .text("Lesion"), .text("Outside the protocol"),
        .text("Entry"),
      ])
    for event in status.events {
      let isTreatment = TreatmentEvent.Kind(rawValue: event.event) != nil
      table.add(
        "\(event.date)",
        "\(Words.event(event.event))\(event.detail.isEmpty ? "" : ": \(event.detail)")",
        Markup(event.lesion ?? "–"),
        Markup(event.deviations.isEmpty ? "–" : event.deviations.joined(separator: "; ")),
        entryLinks(
          event.entry, status.participant, visit, ["amend", "void"],
          isTreatment ? .treat : .follow))
    }
    return table.markup()
  }

  /// An entry's number, and what may be done about it.
  private func entryLinks(
    _ entry: Int, _ participant: String, _ visit: Visit, _ verbs: [String], _ act: Act
  ) -> Markup {
    guard visit.may(act) else { return "\(entry)" }
    let links = verbs.map { verb in
      element("a", ["href": participantPath(participant, "/entries/\(entry)/\(verb)")]) {
        verb
        element("span", ["class": "hidden"]) { " entry \(entry)" }
      }
    }
    return Markup([Markup("\(entry)")] + links, separator: " ")
  }
}
