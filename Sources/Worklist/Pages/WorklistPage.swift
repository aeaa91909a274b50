import Documents
import Foundation
import Hummingbird
import Pages
import Registry
import Trial

/// Which page of the worklist an address asks for.
struct WorklistAddress {
  static let rowsOfPage = 50

  var search = ""
  var site = ""
  var state = ""
  var consequence = ""
  var order = WorklistQuery.Order.urgency
  var descending = false
  /// From 1.
  var page = 1

  init(_ fields: [String: String]) {
    search = String(fields["search", default: ""].prefix(40))
    site = fields["site", default: ""]
    state = fields["state", default: ""]
    consequence = fields["consequence", default: ""]
    order = fields["order"].flatMap { WorklistQuery.Order(rawValue: $0) } ?? .urgency
    descending = fields["descending"] == "yes"
    page = pageNumber(fields)
  }

  var query: WorklistQuery {
    WorklistQuery(
      search: search, site: site.isEmpty ? nil : site, states: state.isEmpty ? [] : [state],
      consequences: Assessment.Consequence(rawValue: consequence).map { [$0] } ?? [], order: order,
      descending: descending, offset: (page - 1) * Self.rowsOfPage, limit: Self.rowsOfPage)
  }

  /// The address that shows this, after a change.
  func path(_ change: (inout WorklistAddress) -> Void = { _ in }) -> String {
    var copy = self
    change(&copy)
    let fields = [
      ("search", copy.search), ("site", copy.site), ("state", copy.state),
      ("consequence", copy.consequence),
      ("order", copy.order == .urgency ? "" : copy.order.rawValue),
      ("descending", copy.descending ? "yes" : ""), ("page", copy.page > 1 ? "\(copy.page)" : ""),
    ].filter { !$0.1.isEmpty }
    let query = fields.map { "\($0.0)=\(urlPart($0.1))" }.joined(separator: "&")
    return query.isEmpty ? "/" : "/?\(query)"
  }
}

extension Site {
  func addWorklist(_ inside: RouterGroup<WorklistContext>) {
    inside.get("/") { request, context in
      let visit = try arrival(context)
      let address = WorklistAddress(try request.query)
      return Response.page(try worklistPage(address, visit))
    }
  }

  private func worklistPage(_ address: WorklistAddress, _ visit: Visit) throws -> Page {
    let session = visit.session
    let settings = visit.settings
    var query = address.query
    query.on = on
    let list = try session.worklist(query)
    let sites = try session.sites()
    let seesAll = visit.sight.showsReconciliation
    return frame(title: "Worklist", visit: visit, current: .worklist) {
      element("h1") { "Worklist" }
      element("p", ["class": "soft"]) {
        "\(list.on) in the study's time zone (\(settings.timeZone)). "
        seesAll
          ? "In the order in which a coordinator must act."
          : "Your role sees how far participants are, not where calls and tissue differ."
      }
      filters(address, sites, seesAll)
      pager(address, list.count, atEnd: false)
      list.rows.isEmpty
        ? element("p") { "No participant matches." }
        : table(list, address, settings, seesAll)
      pager(address, list.count, atEnd: true)
    }
  }

  private func filters(_ address: WorklistAddress, _ sites: [String], _ seesAll: Bool) -> Markup {
    element("form", ["method": "get", "action": "/", "class": "filters", "role": "search"]) {
      input("search", "Pseudonym contains", type: "search", value: address.search)
      selection("site", "Site", [("", "all")] + sites.map { ($0, $0) }, value: address.site)
      if seesAll {
        selection(
          "state", "State",
          [("", "all")]
            + Assessment.State.allCases.map { ($0.rawValue, Words.state($0.rawValue).words) },
          value: address.state)
        selection(
          "consequence", "Consequence",
          [("", "all")]
            + Assessment.Consequence.allCases.map { ($0.rawValue, Words.consequence($0).words) },
          value: address.consequence)
      }
      selection(
        "order", "Order",
        [
          ("urgency", "urgency"), ("participant", "pseudonym"), ("site", "site"),
          ("enrolled", "enrolment"),
        ], value: address.order.rawValue)
      selection(
        "descending", "Direction", [("", "first to last"), ("yes", "last to first")],
        value: address.descending ? "yes" : "")
      element("button", ["type": "submit"]) { "Show" }
    }
  }

  private func pager(_ address: WorklistAddress, _ count: Int, atEnd: Bool) -> Markup {
    pageLinks(
      "\(count) participant\(count == 1 ? "" : "s")", of: count,
      rowsOfPage: WorklistAddress.rowsOfPage, page: address.page, atEnd: atEnd
    ) { page in address.path { $0.page = page } }
  }

  private func table(
    _ list: WorklistPage, _ address: WorklistAddress, _ settings: StudySettings, _ seesAll: Bool
  ) -> Markup {
    var columns: [Table.Column] = [.text("Participant"), .text("Site"), .text("State")]
    if seesAll {
      columns += [.text("Consequence"), .text("Next"), .date("By"), .text("TACE clock")]
    } else {
      columns.append(.date("Enrolled on"))
    }
    var table = Table(columns)
    for row in list.rows {
      var cells: [Markup] = [
        element("a", ["href": participantPath(row.participant)]) { row.participant },
        Markup(row.site), Words.stateBadge(row.state),
      ]
      if let assessment = row.assessment {
        cells += clockCells(assessment, settings)
      } else {
        cells.append("\(row.enrolledOn)")
      }
      table.rows.append(cells)
    }
    return table.markup()
  }

  private func clockCells(_ assessment: Assessment, _ settings: StudySettings) -> [Markup] {
    let (words, standing) = Words.consequence(assessment.consequence)
    let by = assessment.action.by
    let isDue = by.map { $0 <= assessment.on } ?? false
    return [
      assessment.consequence == .none ? Markup("–") : badge(standing, words),
      Markup(assessment.action.kind.words),
      by.map { day in
        isDue
          ? element("strong") { "\(day) \(day < assessment.on ? "(overdue)" : "(today)")" }
          : Markup("\(day)")
      } ?? Markup("–"),
      ClockDrawing(
        start: assessment.systemicStart, today: assessment.on,
        tissueBy: assessment.tissueDeadline, settings: settings
      ).markup(),
    ]
  }

  func participantPath(_ id: String, _ rest: String = "") -> String {
    "/participants/\(urlPart(id))\(rest)"
  }
}
