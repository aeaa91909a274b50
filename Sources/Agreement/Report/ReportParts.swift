import Documents
import Pages
import Statistics

/// In what a number is shown. Documents and tables hold it as it is; pages show shares in percent.
public enum ReportUnit: String, Sendable {
  /// 0...1.
  case share
  /// Percent fat.
  case percent
  /// Of percent fat.
  case percentagePoints = "percentage_points"
  case days
  /// A coefficient, ratio or score without a unit.
  case plain = "none"
}

/// One figure of a section: an estimate, a test, or why it is left out.
public struct ReportFigure: Sendable {
  public enum Content: Sendable {
    case estimate(Estimate, successes: Int?)
    /// An estimate whose interval may have no end: a median that is not reached on one side.
    case median(Double?, lower: Double?, upper: Double?, n: Int, events: Int, method: Method)
    case test(TestResult, method: Method)
    /// A p alone, of the test that the method names.
    case probability(Double, n: Int, method: Method)
    case word(String)
    case leftOut(String)
  }

  /// Stable within its section.
  public let key: String
  public let title: String
  public let unit: ReportUnit
  public let content: Content

  public init(_ key: String, _ title: String, _ unit: ReportUnit, _ content: Content) {
    self.key = key
    self.title = title
    self.unit = unit
    self.content = content
  }

  public init(_ key: String, _ title: String, _ unit: ReportUnit, _ figure: Figure<Estimate>) {
    self.init(key, title, unit, figure.content { .estimate($0, successes: nil) })
  }

  public init(_ key: String, _ title: String, _ figure: Figure<Estimate>) {
    self.init(key, title, .plain, figure)
  }

  public init(_ key: String, _ title: String, share figure: Figure<Proportion>) {
    self.init(
      key, title, .share,
      figure.content {
        .estimate(
          Estimate(
            value: $0.value, interval: .value($0.interval), n: $0.trials, method: .clopperPearson),
          successes: $0.successes)
      })
  }

  public init(_ key: String, _ title: String, test figure: Figure<TestResult>, _ method: Method) {
    self.init(key, title, .plain, figure.content { .test($0, method: method) })
  }
}

extension Figure {
  func content(_ shown: (Value) -> ReportFigure.Content) -> ReportFigure.Content {
    switch self {
    case .value(let value): shown(value)
    case .leftOut(let reason): .leftOut(reason)
    }
  }
}

/// A cell of a table.
public enum ReportCell: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral
{
  case text(String)
  case count(Int)
  case number(Double, ReportUnit)
  /// Nothing is known; the reason stands in the cell.
  case missing(String)

  public init(stringLiteral value: String) { self = .text(value) }
  public init(integerLiteral value: Int) { self = .count(value) }

  static func number(_ value: Double?, _ unit: ReportUnit, orElse reason: String) -> ReportCell {
    value.map { .number($0, unit) } ?? .missing(reason)
  }
}

/// A table of a section, and a file of its own.
public struct ReportTable: Sendable {
  public let key: String
  public let title: String
  public let columns: [String]
  public var rows: [[ReportCell]]

  public init(_ key: String, _ title: String, _ columns: [String], rows: [[ReportCell]] = []) {
    self.key = key
    self.title = title
    self.columns = columns
    self.rows = rows
  }
}

/// A chart of a section, and a file of its own.
public struct ReportChart: Sendable {
  public let key: String
  public let caption: String
  /// For the page, whose stylesheet colours it.
  public let markup: Markup
  /// The same as a file of its own.
  public let svg: String

  public init(_ key: String, _ caption: String, _ chart: Chart) {
    self.init(key, caption, markup: chart.markup(), svg: chart.document())
  }

  public init(_ key: String, _ caption: String, markup: Markup, svg: String) {
    self.key = key
    self.caption = caption
    self.markup = markup
    self.svg = svg
  }
}

/// A part of a section, in the order of the page.
public enum ReportBlock: Sendable {
  case text(String)
  /// What must not be overlooked.
  case warning(String)
  case figures(title: String, [ReportFigure])
  case table(ReportTable)
  case chart(ReportChart)
  /// A table or chart that the data can't carry.
  case leftOut(key: String, title: String, reason: String)
}

/// One of the ten sections.
public struct ReportSection: Sendable {
  public enum Key: String, CaseIterable, Sendable {
    case flow
    case confusion
    case kappa
    case discrimination
    case modelChecks = "model_checks"
    case measurement
    case decisionCurve = "decision_curve"
    case subgroups
    case endpoints
    case sampleSize = "sample_size"
  }

  public let key: Key
  public let title: String
  public var blocks: [ReportBlock]

  public init(_ key: Key, _ title: String, _ blocks: [ReportBlock] = []) {
    self.key = key
    self.title = title
    self.blocks = blocks
  }

  /// 1...10.
  public var place: Int { (Key.allCases.firstIndex(of: key) ?? 0) + 1 }
  public var figures: [ReportFigure] {
    blocks.flatMap { block -> [ReportFigure] in
      guard case .figures(_, let figures) = block else { return [] }
      return figures
    }
  }
  public var tables: [ReportTable] {
    blocks.compactMap { block -> ReportTable? in
      guard case .table(let table) = block else { return nil }
      return table
    }
  }
  public var charts: [ReportChart] {
    blocks.compactMap { block -> ReportChart? in
      guard case .chart(let chart) = block else { return nil }
      return chart
    }
  }
}
