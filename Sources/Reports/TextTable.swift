/// A table of text for a terminal: the first column to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  /// - Parameter head: lines of the head, each with one cell per column.
  init(head: [[String]]) { rows = head }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// Lines without a line feed, indented by two spaces.
  var lines: [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }
      return "  " + cells.joined(separator: "  ").trimmedAtEnd
    }
  }
}

extension String {
  var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// A number with a fixed count of decimals; "–" where there is none.
func fixed(_ value: Double?, _ decimals: Int) -> String {
  guard let value, value.isFinite, abs(value) < 1e15 else { return "–" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (abs(value) * scale).rounded()
  let sign = value < 0 && rounded > 0 ? "-" : ""
  let digits = String(Int(rounded))
  guard decimals > 0 else { return sign + digits }
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
}
