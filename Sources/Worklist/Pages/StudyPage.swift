import Documents
import Hummingbird
import Pages
import Registry
import Statistics
import Trial

extension Site {
  func addStudy(_ inside: RouterGroup<WorklistContext>) {
    inside.get("study") { _, context in
      let visit = try arrival(context)
      let summary = try await apart { try visit.session.summary(on: on) }
      return Response.page(studyPage(visit, summary))
    }
    inside.get("forecast") { request, context in
      let visit = try arrival(context)
      let number = pageNumber(try request.query)
      return Response.page(
        forecastPage(visit, try await forecasts(visit.session, page: number), page: number))
    }
  }

  private func studyPage(_ visit: Visit, _ summary: StudySummary) -> Page {
    frame(title: "Study", visit: visit, current: .study) {
      element("h1") { "Study \(summary.study)" }
      facts([
        "On": "\(summary.on)", "Enrolled": "\(summary.enrolled)",
        "Researchers see": Markup(
          summary.isUnblinded ? "everything: the study is unblinded" : "the blinded view"),
        "Your role": Markup(visit.session.role.rawValue),
      ])
      states(summary)
      if let yield = summary.yield { yieldPart(yield, summary.enrolled) }
      if let agreement = summary.agreement { agreementPart(agreement) }
      turnaround(summary)
      if visit.may(.forecast) {
        element("p") {
          element("a", ["href": "/forecast"]) { "Forecast: will tissue answer in time?" }
        }
      }
    }
  }

  @MarkupBuilder private func states(_ summary: StudySummary) -> Markup {
    element("h2") { "Where participants stand" }
    element("div", ["class": "row"]) {
      counts("State", summary.states) { Words.stateBadge($0) }
      if let consequences = summary.consequences {
        counts("Consequence", consequences) { name in
          Assessment.Consequence(rawValue: name).map {
            let (words, standing) = Words.consequence($0)
            return badge(standing, words)
          } ?? Markup(name)
        }
      }
    }
  }

  private func counts(
    _ title: String, _ counts: [String: Int], _ words: (String) -> Markup
  ) -> Markup {
    var table = Table(caption: Markup(title), [.text(Markup(title)), .number("Participants")])
    for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      table.add(words(name), "\(count)")
    }
    return table.markup()
  }

  @MarkupBuilder private func yieldPart(_ yield: StudySummary.Yield, _ enrolled: Int) -> Markup {
    element("h2") { "Yield of calls" }
    facts([
      "Participants with a call": share(yield.called, enrolled),
      "A call that leaves one subtype": share(yield.subtype, yield.called),
      "A call that decides the arm": share(yield.arm, yield.called),
    ])
  }

  /// A count with its share; where there is nothing to divide by, the count alone.
  private func share(_ part: Int, _ whole: Int) -> Markup {
    guard whole > 0 else { return "\(part)" }
    return "\(part) of \(whole) (\(number(100 * Double(part) / Double(whole), 0)) %)"
  }

  @MarkupBuilder private func agreementPart(_ agreement: StudySummary.Agreement) -> Markup {
    element("h2") { "Concordance so far" }
    element("p") {
      "\(agreement.pairs) participant\(agreement.pairs == 1 ? "" : "s") with a call that was sealed "
        + "before tissue was reported, of the same lesion; \(agreement.notEvidence) more whose call is "
        + "not evidence. Counts only: intervals and tests are the work of "
      element("code") { "pdff validate" }
      "."
    }
    if agreement.pairs > 0 {
      facts([
        "Same arm": share(same(agreement.arms), agreement.pairs),
        "Same subtype": share(same(agreement.subtypes), agreement.pairs),
      ])
      element("div", ["class": "row"]) {
        crossTable("Arm", agreement.arms, ["systemic", "systemic+TACE", "undetermined"])
        crossTable("Subtype", agreement.subtypes, ["F1", "F2", "F3", "indeterminate"])
      }
    }
  }

  private func same(_ table: [String: [String: Int]]) -> Int {
    table.reduce(0) { $0 + ($1.value[$1.key] ?? 0) }
  }

  /// Tissue in rows, calls in columns.
  private func crossTable(
    _ title: String, _ counts: [String: [String: Int]], _ names: [String]
  ) -> Markup {
    var table = Table(
      caption: "\(title): tissue in rows, calls in columns",
      [.text("Tissue")] + names.map { .number(Markup($0)) })
    for name in names where counts[name] != nil {
      table.rows.append([Markup(name)] + names.map { "\(counts[name]?[$0] ?? 0)" })
    }
    return table.markup()
  }

  @MarkupBuilder private func turnaround(_ summary: StudySummary) -> Markup {
    let lists = [
      ("From biopsy to its report", summary.daysToReport),
      ("From the seal to tissue's report", summary.daysFromSeal),
    ]
    if lists.contains(where: { $0.1 != nil }) { element("h2") { "Turnaround of tissue" } }
    for case (let title, let days?) in lists {
      if days.isEmpty {
        element("p") { "\(title): no report yet." }
      } else {
        figure(
          waitingChart(title, days).markup(),
          caption:
            "\(title): \(days.count) report\(days.count == 1 ? "" : "s"), median \(median(days)) days, "
            + "\(days[0]) to \(days[days.count - 1]).")
      }
    }
  }

  /// The share of reports that had come within so many days, among those that have come.
  private func waitingChart(_ title: String, _ days: [Int]) -> Chart {
    var steps = [SIMD2<Double>(0, 0)]
    for (place, day) in days.enumerated() {
      let share = 100 * Double(place + 1) / Double(days.count)
      if steps.last?.x == Double(day) {
        steps[steps.count - 1].y = share
      } else {
        steps.append([Double(day), share])
      }
    }
    return Chart(
      title: title, height: 220, x: Axis("days"), y: Axis("reports so far (%)", range: 0...100),
      marks: [Mark(.steps(steps))])
  }

  private func median(_ days: [Int]) -> String {
    guard let median = Sample.median(days.map(Double.init)) else { return "–" }
    return number(median, median == median.rounded() ? 0 : 1)
  }
}
