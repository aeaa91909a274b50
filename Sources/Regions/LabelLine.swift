/// One line of a file of label names.
enum LabelLine {
  enum Layout: Equatable {
    case itkSnap
    /// Columns, from 0, of label and name.
    case table(label: Int, name: Int)
  }

  struct Problem: Error {
    let code: RegionsFault
    let words: String
  }

  /// Header words for the column of labels, best first.
  private static let labelColumns = ["index", "label", "value", "id", "idx", "number", "key"]
  /// Header words for the column of names, best first.
  private static let nameColumns = [
    "name", "label_name", "labelname", "label", "structure", "region", "description",
  ]

  /// The format that the first line shows, and whether that line is a header.
  static func layout(of line: Substring) throws(Problem) -> (Layout, isHeader: Bool) {
    if snap(line) != nil { return (.itkSnap, false) }
    let cells = cells(of: line)
    if cells.count >= 2, integer(cells[0]) != nil { return (.table(label: 0, name: 1), false) }
    guard cells.count >= 2 else {
      throw Problem(
        code: .namesLine, words: "no tab between label and name, and no ITK-SNAP line either")
    }
    let words = cells.map { $0.lowercased() }
    guard let label = labelColumns.lazy.compactMap({ words.firstIndex(of: $0) }).first,
      let name = nameColumns.lazy.compactMap({ words.firstIndex(of: $0) })
        .first(where: { $0 != label })
    else {
      throw Problem(code: .namesHeader, words: "the columns are \(listed(words.map(shortened)))")
    }
    return (.table(label: label, name: name), true)
  }

  /// Label and name of a line; nil where it names the background or says 'not available'.
  static func read(_ line: Substring, _ layout: Layout) throws(Problem) -> (
    label: Int, name: String
  )? {
    let label: Int
    let name: Substring
    switch layout {
    case .itkSnap:
      guard let found = snap(line) else {
        throw Problem(code: .namesLine, words: "not an ITK-SNAP line as those before")
      }
      (label, name) = found
    case .table(let labelColumn, let nameColumn):
      let cells = cells(of: line)
      guard labelColumn < cells.count, nameColumn < cells.count else {
        throw Problem(
          code: .namesLine,
          words: "\(cells.count) columns where \(max(labelColumn, nameColumn) + 1) are needed")
      }
      guard let number = integer(cells[labelColumn]) else {
        throw Problem(
          code: .namesLine, words: "\"\(shortened(cells[labelColumn]))\" is no whole number")
      }
      (label, name) = (number, cells[nameColumn])
    }
    guard label >= 0, label <= Int(LabelImage.highestLabel) else {
      throw Problem(code: .namesLine, words: "label \(label) is not in 0...16777216")
    }
    guard name.unicodeScalars.count <= LabelNames.longestName else {
      throw Problem(
        code: .namesLine, words: "a name longer than \(LabelNames.longestName) characters")
    }
    if label == 0 || name.isEmpty || name == "n/a" { return nil }
    return (label, String(name))
  }

  /// `index red green blue alpha visible mesh "name"`.
  private static func snap(_ line: Substring) -> (label: Int, name: Substring)? {
    guard let open = line.firstIndex(of: "\""), let close = line.lastIndex(of: "\""), open < close,
      LabelText.trimmed(line[line.index(after: close)...]).isEmpty
    else { return nil }
    let numbers = line[..<open].split(whereSeparator: \.isWhitespace)
    guard numbers.count == 7, let label = integer(numbers[0]),
      numbers.dropFirst().allSatisfy({ Double($0) != nil })
    else { return nil }
    return (label, LabelText.trimmed(line[line.index(after: open)..<close]))
  }

  /// Cells between tabs, without blanks and quotation marks around them.
  private static func cells(of line: Substring) -> [Substring] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map { cell in
      let bare = LabelText.trimmed(cell)
      guard bare.count >= 2, bare.first == "\"", bare.last == "\"" else { return bare }
      return LabelText.trimmed(bare.dropFirst().dropLast())
    }
  }

  /// "3", "+3", "3.0": as spreadsheets write whole numbers.
  private static func integer(_ text: Substring) -> Int? {
    guard let point = text.firstIndex(of: ".") else { return Int(text) }
    let decimals = text[text.index(after: point)...]
    return decimals.allSatisfy { $0 == "0" } ? Int(text[..<point]) : nil
  }

  private static func shortened(_ text: some StringProtocol) -> String {
    text.unicodeScalars.count <= 40
      ? String(text) : String(String.UnicodeScalarView(text.unicodeScalars.prefix(40))) + "..."
  }
}
