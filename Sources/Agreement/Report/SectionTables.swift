import Documents
import Statistics

extension ReportSection {
  /// The files below `tables/`, by name.
  var csvFiles: [(name: String, content: String)] {
    var files: [(name: String, content: String)] = []
    if !figures.isEmpty {
      let head = [
        "key", "title", "unit", "value", "lower", "upper", "level", "n", "successes", "events",
        "statistic", "degrees_of_freedom", "p", "method", "left_out",
      ]
      files.append(
        ("\(key.rawValue).csv", csv([head] + figures.map { $0.csvRow(head) })))
    }
    for table in tables {
      files.append(
        (table.file(in: self), csv([table.columns] + table.rows.map { $0.map(\.plainText) })))
    }
    return files
  }
}

extension ReportFigure {
  /// The members of its document, by the names of a head.
  fileprivate func csvRow(_ head: [String]) -> [String] {
    let document = self.document
    return head.map { name in
      switch name {
      case "key": key
      case "lower", "upper", "level": document["interval"]?[name]?.plainText ?? ""
      case "left_out":
        (document["left_out"] ?? document["interval_left_out"])?.plainText ?? ""
      default: document[name]?.plainText ?? ""
      }
    }
  }
}

extension JSONValue {
  /// A number or a text as it stands in a table; nothing for null.
  fileprivate var plainText: String {
    switch self {
    case .string(let text): text
    case .number: canonical()
    default: ""
    }
  }
}

extension ReportCell {
  fileprivate var plainText: String {
    switch self {
    case .text(let text): text
    case .count(let count): "\(count)"
    case .number(let value, _): value.isFinite ? JSONValue.number(value).canonical() : ""
    case .missing: ""
    }
  }
}

/// RFC 4180: commas, quotes doubled within quotes, CR LF.
private func csv(_ rows: [[String]]) -> String {
  rows.map { row in row.map(quoted).joined(separator: ",") + "\r\n" }.joined()
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front; a number does not.
private func quoted(_ field: String) -> String {
  let isFormula = "=+-@\t\r".contains(field.first ?? " ") && Double(field) == nil
  let text = isFormula ? "'" + field : field
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
