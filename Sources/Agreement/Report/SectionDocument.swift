import Documents
import Statistics

extension ReportSection {
  /// The section in `validation.json`.
  var document: JSONValue {
    var figures: [String: JSONValue] = [:]
    for figure in self.figures { figures[figure.key] = figure.document }
    var tables: [String: JSONValue] = [:]
    for table in self.tables { tables[table.key] = table.document }
    var leftOut: [String: JSONValue] = [:]
    var notes: [JSONValue] = []
    for block in blocks {
      switch block {
      case .leftOut(let key, let title, let reason):
        leftOut[key] = ["title": .string(title), "left_out": .string(reason)]
      case .text(let text), .warning(let text): notes.append(.string(text))
      default: break
      }
    }
    return [
      "number": .number(Double(place)), "title": .string(title), "figures": .object(figures),
      "tables": .object(tables), "left_out": .object(leftOut), "notes": .array(notes),
      "charts": .array(charts.map { .string("figures/\($0.file(in: self))") }),
    ]
  }
}

extension ReportFigure {
  /// Always a title; then a value with its interval, or `left_out`.
  var document: JSONValue {
    var members: [String: JSONValue] = ["title": .string(title), "unit": .string(unit.rawValue)]
    switch content {
    case .estimate(let estimate, let successes):
      members["value"] = .finite(estimate.value)
      members["n"] = .number(Double(estimate.n))
      members["successes"] = successes.map { .number(Double($0)) }
      members["method"] = .string(estimate.method.name)
      members["interval"] = estimate.interval.value?.document ?? .null
      members["interval_left_out"] = estimate.interval.reason.map { .string($0) }
    case .median(let value, let lower, let upper, let n, let events, let method):
      members["value"] = .finite(value)
      members["interval"] = [
        "lower": .finite(lower), "upper": .finite(upper), "level": .number(0.95),
      ]
      members["n"] = .number(Double(n))
      members["events"] = .number(Double(events))
      members["method"] = .string(method.name)
    case .test(let test, let method):
      members["statistic"] = .finite(test.statistic)
      members["degrees_of_freedom"] = .finite(test.degreesOfFreedom)
      members["p"] = .finite(test.p)
      members["method"] = .string(method.name)
    case .probability(let p, let n, let method):
      members["p"] = .finite(p)
      members["n"] = .number(Double(n))
      members["method"] = .string(method.name)
    case .word(let word): members["value"] = .string(word)
    case .leftOut(let reason): members["left_out"] = .string(reason)
    }
    return .object(members)
  }

  /// What the interval, or the test, is published in.
  var method: Method? {
    switch content {
    case .estimate(let estimate, _): estimate.method
    case .median(_, _, _, _, _, let method), .test(_, let method), .probability(_, _, let method):
      method
    case .word, .leftOut: nil
    }
  }
}

extension Interval {
  var document: JSONValue {
    ["lower": .finite(lower), "upper": .finite(upper), "level": .number(level)]
  }
}

extension ReportTable {
  var document: JSONValue {
    [
      "title": .string(title), "columns": .array(columns.map { .string($0) }),
      "rows": .array(rows.map { .array($0.map(\.document)) }),
    ]
  }

  func file(in section: ReportSection) -> String { "\(section.key.rawValue)-\(key).csv" }
}

extension ReportChart {
  func file(in section: ReportSection) -> String { "\(section.key.rawValue)-\(key).svg" }
}

extension ReportCell {
  var document: JSONValue {
    switch self {
    case .text(let text): .string(text)
    case .count(let count): .number(Double(count))
    case .number(let value, _): .finite(value)
    case .missing: .null
    }
  }
}
