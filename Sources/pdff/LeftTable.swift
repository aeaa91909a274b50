/// A table of text for a terminal, every column to the left.
struct LeftTable {
  private let rows: [[String]]

  init(_ head: [String], _ rows: [[String]]) { self.rows = [head] + rows }

  /// Lines that end with a line feed.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        line += text + String(repeating: " ", count: widths[column] - text.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
