import Documents
import Pages
import Statistics

/// `validation.html`: one page that needs nothing but itself.
public struct ValidationPage: Sendable {
  private let validation: Validation

  public init(_ validation: Validation) { self.validation = validation }

  public func html() -> String {
    Page(title: "Validation: MRI fat against tissue", kind: "validation") {
      element("h1") { "Can MRI fat stand in for tissue?" }
      head
      glance
      contents
      for section in validation.sections { SectionPage(section).markup }
      MethodsText(validation).markup
    }.html()
  }

  @MarkupBuilder private var head: Markup {
    if validation.isSimulated { note(.caution) { "SIMULATED STUDY: these are not patients." } }
    if validation.model?.status == .demonstration {
      note(.bad) { "Made with a demonstration model from synthetic data: NOT FOR PATIENTS." }
    }
    for notice in validation.notices where notice.code != "validation-model-demonstration" {
      note(.caution) { "\(notice.message)." }
    }
    facts([
      "analysed": "\(validation.analysed) participants with a call and tissue",
      "calls": validation.callsAfterTheFact
        ? "made by the model after the fact" : "as recorded in the cohort",
      "model": validation.model.map {
        "\($0.name) \($0.version), \($0.status.rawValue), sha256 \(code($0.sha256))"
      },
      "cohort": validation.cohortSHA256.map { "sha256 \(code($0))" },
      "seed": "\(validation.options.seed), \(validation.options.resamples) bootstrap samples",
      "software": "\(Software.name) \(Software.version)",
    ])
    element("p", ["class": "soft"]) {
      "Research use only. pdff is not a diagnostic device. Intervals are 95 %. What the data can't carry "
        + "is left out with the reason."
    }
  }

  /// The figures that answer first.
  @MarkupBuilder private var glance: Markup {
    element("h2") { "At a glance" }
    SectionPage.figureTable(
      "\(validation.analysed) participants analysed", validation.headline.map(\.named))
  }

  private func code(_ text: String) -> Markup { element("code") { text } }

  private var contents: Markup {
    element("nav", ["aria-label": "Sections"]) {
      element("ul") {
        for section in validation.sections {
          element("li") {
            element("a", ["href": "#\(section.key.rawValue)"]) {
              "\(section.place) \(section.title)"
            }
          }
        }
      }
    }
  }
}

/// One section of the page.
struct SectionPage {
  let section: ReportSection
  init(_ section: ReportSection) { self.section = section }

  /// Longer tables are folded.
  private static let longest = 30

  var markup: Markup {
    element("section", ["id": section.key.rawValue]) {
      element("h2") { "\(section.place). \(section.title)" }
      for block in section.blocks { self.markup(block) }
    }
  }

  @MarkupBuilder private func markup(_ block: ReportBlock) -> Markup {
    switch block {
    case .text(let text): element("p") { text }
    case .warning(let text): note(.caution) { element("p") { text } }
    case .figures(let title, let figures): Self.figureTable(title, figures)
    case .table(let table): shown(table)
    case .chart(let chart): figure(chart.markup, caption: Markup(chart.caption))
    case .leftOut(_, let title, let reason):
      note(.neutral) {
        element("strong") { "\(title): left out. " }
        "\(reason)."
      }
    }
  }

  static func figureTable(_ title: String, _ figures: [ReportFigure]) -> Markup {
    var table = Table(
      caption: Markup(title),
      [
        .text("figure"), .number("value"), .number("95 % interval"), .number("n"),
        .text("interval or test"),
      ])
    for figure in figures { table.rows.append(cells(figure)) }
    return table.markup()
  }

  private static func cells(_ figure: ReportFigure) -> [Markup] {
    let title = Markup(figure.title)
    let method = Markup(figure.method?.name ?? "")
    switch figure.content {
    case .estimate(let estimate, let successes):
      let count = successes.map { "\($0) of \(estimate.n)" } ?? "\(estimate.n)"
      let interval = estimate.interval.value.map { Shown.interval($0, figure.unit) }
      return [
        title, Markup(Shown.value(estimate.value, figure.unit)), Markup(interval ?? "–"),
        Markup(count), interval == nil ? Markup(estimate.interval.reason ?? "") : method,
      ]
    case .median(let value, let lower, let upper, let n, let events, _):
      let reached = value.map { "\(Shown.value($0, figure.unit)) days" } ?? "not reached"
      let limits = [lower, upper].map {
        $0.map { Shown.value($0, figure.unit) } ?? "not reached"
      }
      return [
        title, Markup(reached), Markup(limits.joined(separator: " to ")),
        "\(n), \(events) events", method,
      ]
    case .test(let test, _):
      let degrees = Shown.value(test.degreesOfFreedom, .days)
      return [
        title, "p \(Shown.p(test.p))", "–", "–",
        "\(method): \(Shown.value(test.statistic, .plain)), \(degrees) df",
      ]
    case .probability(let p, let n, _): return [title, "p \(Shown.p(p))", "–", "\(n)", method]
    case .word(let word): return [title, Markup(word), "–", "–", ""]
    case .leftOut(let reason):
      return [title, "left out", "–", "–", element("span", ["class": "soft"]) { reason }]
    }
  }

  private func shown(_ table: ReportTable) -> Markup {
    let columns = PageColumn.of(table)
    var markup = Table(
      caption: Markup(table.title),
      columns.map { $0.isNumber ? .number(Markup($0.name)) : .text(Markup($0.name)) })
    for row in table.rows { markup.rows.append(columns.map { $0.cell(row) }) }
    guard table.rows.count > Self.longest else { return markup.markup() }
    markup.caption = nil
    return element("details") {
      element("summary") { "\(table.title): \(table.rows.count) rows" }
      markup.markup()
    }
  }
}

/// A column of the page. `x`, `x, lower` and `x, upper` of a table become one.
private struct PageColumn {
  let name: String
  let isNumber: Bool
  /// The value's, and where there is an interval those of its limits.
  private let places: [Int]

  static func of(_ table: ReportTable) -> [PageColumn] {
    let names = table.columns
    return names.indices.compactMap { place in
      let name = names[place]
      if name.hasSuffix(", lower") || name.hasSuffix(", upper") { return nil }
      let limits = [place + 1, place + 2].filter { names.indices.contains($0) }
      let hasInterval = limits.map { names[$0] } == ["\(name), lower", "\(name), upper"]
      return PageColumn(
        name: hasInterval ? "\(name) (95 %)" : name,
        isNumber: place > 0 && table.rows.contains { $0[place].isNumber },
        places: hasInterval ? [place] + limits : [place])
    }
  }

  func cell(_ row: [ReportCell]) -> Markup {
    guard places.count == 3, case .number(let value, let unit) = row[places[0]],
      case .number(let lower, _) = row[places[1]], case .number(let upper, _) = row[places[2]]
    else { return row[places[0]].markup }
    return Markup(
      "\(Shown.value(value, unit)) (\(Shown.interval(Interval(lower: lower, upper: upper), unit)))")
  }
}

extension ReportCell {
  fileprivate var isNumber: Bool {
    switch self {
    case .count, .number: true
    case .text, .missing: false
    }
  }

  fileprivate var markup: Markup {
    switch self {
    case .text(let text): Markup(text)
    case .count(let count): "\(count)"
    case .number(let value, let unit): Markup(Shown.value(value, unit))
    case .missing(let reason):
      element("span", ["class": "soft", "title": reason]) { "–" }
    }
  }
}
