import Foundation
import TestSupport
import Testing

/// docs/errors.md against the program and against the sources.
@Suite struct ErrorTableTests {
  private func page() throws -> String {
    try String(
      contentsOf: Tools.root.appendingPathComponent("docs/errors.md"), encoding: .utf8)
  }

  private func codes(in page: String) -> [String] {
    page.matches(of: /(?m)^\|(?: \d+ \|)? `([a-z0-9-]+)` \|/).map { String($0.1) }
  }

  /// The page's tables are exactly what the program prints: every row there, none too many.
  /// `make docs-tables` brings them up to date.
  @Test func thePageIsWhatTheProgramSays() throws {
    let printed = try Tools.run(Tools.pdff, ["codes"])
    #expect(printed.status == 0)
    let page = try page()
    let start = try #require(page.range(of: "## Errors\n")).lowerBound
    #expect(page[start...] == printed.output, "run make docs-tables")
  }

  /// Every error and warning of every source file is on the page, and nothing else is: so the
  /// program's list of rooms is complete.
  @Test func thePageHoldsEveryCodeOfTheSources() throws {
    var found: [String] = []
    for folder in ["Sources", "phantoms"] {
      let root = Tools.root.appendingPathComponent(folder)
      let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        guard file.pathExtension == "swift" else { continue }
        found += codesDeclared(in: try String(contentsOf: file, encoding: .utf8))
      }
    }
    #expect(found.count > 80)
    let page = try page()
    let end = try #require(page.range(of: "## Quality bits")).lowerBound
    let listed = codes(in: String(page[..<end]))
    #expect(Set(found).subtracting(listed).isEmpty)
    #expect(Set(listed).subtracting(found).isEmpty)
  }

  /// Raw values of the cases of enumerations that are fault or notice codes.
  private func codesDeclared(in source: String) -> [String] {
    var codes: [String] = []
    for start in source.matches(of: /enum \w+: String, (?:FaultCode|NoticeCode)\b[^{]*\{/) {
      let body = source[start.range.upperBound...].prefix { _ in true }
      for line in body.split(separator: "\n") {
        if line.starts(with: "}") { break }
        if let match = line.firstMatch(of: /^  case (\w+) = "([a-z0-9-]+)"$/) {
          codes.append(String(match.2))
        } else if let match = line.firstMatch(of: /^  case ([a-z]+)$/) {
          codes.append(String(match.1))
        }
      }
    }
    return codes
  }

  /// A code means one condition.
  @Test func codesAreUniqueOverAllRooms() throws {
    let page = try page()
    let warnings = try #require(page.range(of: "## Warnings")).lowerBound
    let bits = try #require(page.range(of: "## Quality bits")).lowerBound
    for part in [page[..<warnings], page[warnings..<bits]] {
      let listed = codes(in: String(part))
      let twice = Dictionary(grouping: listed) { $0 }.filter { $1.count > 1 }.keys.sorted()
      #expect(twice.isEmpty)
    }
  }
}
