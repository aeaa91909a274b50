import Documents

/// Reads the fields of a table's records and collects what is wrong with them, by line.
struct FieldReader {
  /// Of one table; the first words of every problem, empty for the cohort itself.
  let place: String
  private let columns: [String: Int]
  private(set) var problems: [String] = []

  init(_ table: CSVTable, place: String = "") {
    self.place = place
    columns = Dictionary(
      table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func has(_ column: String) -> Bool { columns[column] != nil }

  /// nil where the column is missing or the field empty.
  func text(_ column: String, _ record: CSVTable.Record) -> String? {
    guard let place = columns[column], !record.fields[place].isEmpty else { return nil }
    return record.fields[place]
  }

  mutating func number(
    _ column: String, _ record: CSVTable.Record, _ range: ClosedRange<Double>
  ) -> Double? {
    guard let text = text(column, record) else { return nil }
    guard let value = Self.decimal(text) else {
      note(record.line, "\(column) '\(shown(text))' is not a number")
      return nil
    }
    guard range.contains(value) else {
      let words =
        range.lowerBound == 0 && value < 0
        ? "is negative" : "is not within \(plain(range.lowerBound)) to \(plain(range.upperBound))"
      note(record.line, "\(column) \(shown(text)) \(words)")
      return nil
    }
    return value
  }

  mutating func whole(_ column: String, _ record: CSVTable.Record, _ range: ClosedRange<Int>)
    -> Int?
  {
    guard
      let value = number(
        column, record, Double(range.lowerBound)...Double(range.upperBound))
    else { return nil }
    guard value == value.rounded() else {
      note(record.line, "\(column) is not a whole number")
      return nil
    }
    return Int(value)
  }

  mutating func word<Word: RawRepresentable<String> & CaseIterable>(
    _ column: String, _ record: CSVTable.Record, as type: Word.Type
  ) -> Word? {
    guard let text = text(column, record) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    note(record.line, "\(column) '\(shown(text))' is none of \(words)")
    return nil
  }

  /// yes, true, 1 or no, false, 0.
  mutating func flag(_ column: String, _ record: CSVTable.Record) -> Bool? {
    guard let text = text(column, record) else { return nil }
    switch text.lowercased() {
    case "yes", "true", "1": return true
    case "no", "false", "0": return false
    default:
      note(record.line, "\(column) '\(shown(text))' is neither yes nor no")
      return nil
    }
  }

  mutating func day(_ column: String, _ record: CSVTable.Record) -> CalendarDay? {
    guard let text = text(column, record) else { return nil }
    guard let day = CalendarDay(text) else {
      note(record.line, "\(column) '\(shown(text))' is no date as 2026-11-20")
      return nil
    }
    guard Self.earliest <= day, day < Self.latest else {
      note(record.line, "\(column) \(text) is an impossible date")
      return nil
    }
    return day
  }

  mutating func note(_ line: Int, _ words: String) {
    problems.append("\(place)line \(line): \(words)")
  }

  /// Proton-density fat fractions are younger than 2000.
  private static let earliest = CalendarDay(number: 10_957)
  private static let latest = CalendarDay(number: 47_482)

  /// Plain decimals only: "nan", "inf" and hexadecimal numbers are text where a number belongs.
  private static func decimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  private func plain(_ value: Double) -> String {
    value == value.rounded() ? "\(Int(value))" : "\(value)"
  }

  /// At most 20 characters of a field, so that a shifted column shows no more of what it holds.
  private func shown(_ text: String) -> String {
    text.count <= 20 ? text : text.prefix(20) + "..."
  }
}
