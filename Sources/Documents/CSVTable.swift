import Faults
import Foundation

/// Why a CSV file was refused before its content was looked at.
public enum TableFault: String, FaultCode {
  case missing = "table-missing"
  case notText = "table-not-text"
  case tooLarge = "table-too-large"
  case malformed = "table-malformed"
  case empty = "table-empty"
  case header = "table-header"

  public var summary: String {
    switch self {
    case .missing: "the table is missing or cannot be read"
    case .notText: "the table is not plain text in UTF-8 or UTF-16"
    case .tooLarge: "the table is too large"
    case .malformed: "the table is not valid CSV"
    case .empty: "the table holds no rows"
    case .header: "the table's header does not name the columns that are needed"
    }
  }

  public var remedy: String {
    switch self {
    case .missing: "check the path"
    case .notText: "save it as CSV in UTF-8"
    case .tooLarge: "a table has \(CSVTable.largest >> 20) MB at most"
    case .malformed: "write one record a line, fields apart by commas, quotes doubled within quotes"
    case .empty: "give a header line and at least one record"
    case .header: "write the header as the documentation gives it"
    }
  }

  public var exit: ExitStatus { self == .missing ? .missingInput : .data }
}

public typealias TableError = Fault<TableFault>

/// A CSV file (RFC 4180) with a header: records by line, fields by column name.
///
/// A byte order mark, any line ending, empty lines, quoted fields with commas and line breaks are
/// read; a semicolon or a tab separates where the header holds no comma but holds one of them.
/// SwiftCSV was not taken: it does not say on which line a record begins, which every message about
/// a record needs, and it keeps a byte order mark as part of the first column's name.
public struct CSVTable: Sendable, Equatable {
  public struct Record: Sendable, Equatable {
    /// The line on which the record begins, from 1.
    public let line: Int
    /// As many as the header has columns; white space around a field is taken away.
    public let fields: [String]
  }

  /// Largest file that is read, bytes.
  public static let largest = 64 << 20

  /// Column names as written, in order.
  public let columns: [String]
  public let records: [Record]
  /// SHA-256 of the file's bytes.
  public let sha256: String

  /// Reads a file. Throws `TableError`, placed in the file.
  public init(file path: String) throws(TableError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TableError(.missing, file: path)
    }
    guard data.count <= Self.largest else { throw TableError(.tooLarge, file: path) }
    do {
      try self.init(bytes: Array(data))
    } catch {
      throw error.placed(in: path)
    }
  }

  /// - Parameter bytes: the file's content, UTF-8 or, with a byte order mark, UTF-16.
  public init(bytes: [UInt8]) throws(TableError) {
    guard let text = Self.text(of: bytes) else { throw TableError(.notText) }
    var reader = RecordReader(text: text, separator: Self.separator(of: text))
    guard let header = try reader.next() else { throw TableError(.empty) }
    let repeated = Set(header.fields.filter { name in header.fields.count { $0 == name } > 1 })
    guard repeated.isEmpty else {
      throw TableError(
        .header, "a column stands there twice: \(repeated.sorted().joined(separator: ", "))")
    }
    var records: [Record] = []
    while let record = try reader.next() {
      guard record.fields.count == header.fields.count else {
        throw TableError(
          .malformed,
          "line \(record.line) has \(record.fields.count) fields, the header \(header.fields.count)"
        )
      }
      records.append(record)
    }
    guard !records.isEmpty else { throw TableError(.empty) }
    columns = header.fields
    self.records = records
    sha256 = sha256Hex(bytes)
  }

  /// The place of a column in every record, or nil.
  public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

  /// Throws where one of the columns is missing: one message that names all of them.
  public func require(_ names: [String]) throws(TableError) {
    let missing = names.filter { column($0) == nil }
    guard missing.isEmpty else {
      throw TableError(
        .header,
        "missing: \(missing.joined(separator: ", ")); found: \(columns.joined(separator: ", "))")
    }
  }

  private static func text(of bytes: [UInt8]) -> String? {
    let text: String?
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      text = String(data: Data(bytes), encoding: .utf16)
    } else {
      text = String(validating: bytes, as: UTF8.self)
    }
    guard let text, !text.unicodeScalars.contains("\0") else { return nil }
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func separator(of text: String) -> Unicode.Scalar {
    let header = text.unicodeScalars.prefix { $0 != "\n" && $0 != "\r" }
    if header.contains(",") { return "," }
    return header.contains(";") ? ";" : header.contains("\t") ? "\t" : ","
  }
}

/// Takes one record after another from a CSV text, and counts lines.
private struct RecordReader {
  private let scalars: [Unicode.Scalar]
  private let separator: Unicode.Scalar
  private var place = 0
  private var line = 1

  init(text: String, separator: Unicode.Scalar) {
    scalars = Array(text.unicodeScalars)
    self.separator = separator
  }

  /// The next record that is not an empty line; nil at the end.
  mutating func next() throws(TableError) -> CSVTable.Record? {
    while place < scalars.count {
      let start = line
      var fields = [try field()]
      while place < scalars.count, scalars[place] == separator {
        place += 1
        fields.append(try field())
      }
      endLine()
      if fields != [""] { return CSVTable.Record(line: start, fields: fields) }
    }
    return nil
  }

  private mutating func field() throws(TableError) -> String {
    while place < scalars.count, scalars[place] == " " { place += 1 }
    if place < scalars.count, scalars[place] == "\"" { return try quotedField() }
    let start = place
    while place < scalars.count, !endsField(scalars[place]) {
      guard scalars[place] != "\"" else {
        throw TableError(.malformed, "a quotation mark within a field on line \(line)")
      }
      place += 1
    }
    return Self.trimmed(scalars[start..<place])
  }

  private mutating func quotedField() throws(TableError) -> String {
    let opened = line
    var content: [Unicode.Scalar] = []
    place += 1
    while place < scalars.count {
      let scalar = scalars[place]
      if scalar == "\"" {
        place += 1
        guard place < scalars.count, scalars[place] == "\"" else {
          while place < scalars.count, scalars[place] == " " { place += 1 }
          guard place == scalars.count || endsField(scalars[place]) else {
            throw TableError(.malformed, "text after a closing quotation mark on line \(line)")
          }
          return Self.trimmed(content[...])
        }
      } else if scalar == "\n" || (scalar == "\r" && !follows("\n")) {
        line += 1
      }
      content.append(scalar)
      place += 1
    }
    throw TableError(.malformed, "the quotation mark on line \(opened) is never closed")
  }

  private mutating func endLine() {
    guard place < scalars.count else { return }
    if scalars[place] == "\r", follows("\n") { place += 1 }
    place += 1
    line += 1
  }

  private func follows(_ scalar: Unicode.Scalar) -> Bool {
    place + 1 < scalars.count && scalars[place + 1] == scalar
  }

  private func endsField(_ scalar: Unicode.Scalar) -> Bool {
    scalar == separator || scalar == "\n" || scalar == "\r"
  }

  private static func trimmed(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text).trimmingCharacters(in: .whitespaces)
  }
}
