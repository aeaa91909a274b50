import Documents
import Foundation
import TestSupport
import Testing

@Suite struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable { try CSVTable(bytes: Array(text.utf8)) }

  @Test func recordsKnowTheirLines() throws {
    let table = try table("\u{FEFF}a,b\r\n1, x \r\n\r\n\"two\r\nlines, \"\"quoted\"\"\",y\r\n3,z")
    #expect(table.columns == ["a", "b"])
    #expect(table.records.map(\.line) == [2, 4, 6])
    #expect(
      table.records.map(\.fields) == [["1", "x"], ["two\r\nlines, \"quoted\"", "y"], ["3", "z"]])
  }

  @Test(arguments: ["a;b\n1;2\n", "a\tb\n1\t2\n", "a,b\r1,2\r"])
  func otherSeparatorsAndLineEndings(text: String) throws {
    #expect(try table(text).records.map(\.fields) == [["1", "2"]])
  }

  @Test func utf16IsRead() throws {
    let units = Array("a,b\nä,2".utf16)
    let bytes: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(try CSVTable(bytes: bytes).records[0].fields == ["ä", "2"])
  }

  @Test(arguments: [
    ("", TableFault.empty), ("a,b\n", .empty), ("a,a\n1,2\n", .header),
    ("a,b\n1,2,3\n", .malformed), ("a,b\n1\n", .malformed), ("a,b\n\"1,2\n", .malformed),
    ("a,b\n\"1\"x,2\n", .malformed), ("a,b\n1\"2,3\n", .malformed), ("a,b\n1,\0\n", .notText),
  ])
  func badTables(text: String, fault: TableFault) throws {
    #expect(throws: TableError.self) { try table(text) }
    do { _ = try table(text) } catch let error as TableError { #expect(error.code == fault) }
  }

  @Test func missingColumnsAreNamedTogether() throws {
    let table = try table("a,b\n1,2\n")
    try table.require(["b"])
    do {
      try table.require(["a", "c", "d"])
      Issue.record("not refused")
    } catch { #expect(error.detail.contains("missing: c, d")) }
    #expect(throws: TableError.self) { try CSVTable(file: "/nowhere/at-all.csv") }
  }

  @Test func notTextIsRefused() {
    #expect(throws: TableError.self) { try CSVTable(bytes: [0x61, 0xC3, 0x28, 0x0A]) }
  }

  /// Against Python's csv module: a few hundred random tables.
  @Test func pythonReadsTheSame() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var random = SeededGenerator(seed: 12)
    let pieces = ["a", "1.5", ",", "\"", "\n", "\r\n", "ü", ";", "x y", "'"]
    for number in 0..<100 {
      let rows = (0..<4).map { row in
        (0..<3).map { column in
          row == 0
            ? "c\(column)"
            : "v"
              + (0..<Int.random(in: 0...4, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
              }.joined() + "w"
        }
      }
      let text = rows.map { row in
        row.map { "\"\($0.replacingOccurrences(of: "\"", with: "\"\""))\"" }.joined(separator: ",")
      }.joined(separator: "\n")
      try text.write(
        to: folder.appendingPathComponent("\(number).csv"), atomically: true, encoding: .utf8)
    }
    let output = try Tools.reference("read_csv", [folder.path])
    let read = try JSONValue(parsing: Array(output.utf8))
    for number in 0..<100 {
      let table = try CSVTable(file: folder.appendingPathComponent("\(number).csv").path)
      let own = JSONValue.array(
        ([table.columns] + table.records.map(\.fields)).map { .array($0.map { .string($0) }) })
      #expect(own == read["\(number)"])
    }
  }
}
