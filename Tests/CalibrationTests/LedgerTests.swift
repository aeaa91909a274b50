import Calibration
import Documents
import Foundation
import TestSupport
import Testing

@Suite struct ScannerLineTests {
  struct Case: Decodable {
    struct Line: Decodable {
      let slope, slopeError, intercept, interceptError, covariance, quantile: Double
      let degrees: Int
    }
    struct Linearity: Decodable {
      let f, p: Double
      let d1, d2: Int
    }
    let vials: [[Double]]
    let residualSD: Double
    let repeatabilitySD: Double?
    let line: Line
    let test: Linearity
  }

  /// Tolerance: 1e-9 of SciPy's, rounding of sums.
  @Test func equalsSciPy() throws {
    let text = try Tools.reference("scanner_line")
    let cases = try JSONDecoder().decode([Case].self, from: Data(text.utf8))
    #expect(cases.count == 13)
    func same(_ a: Double, _ b: Double, _ what: String) {
      #expect(abs(a - b) <= 1e-9 * max(1, abs(b)), "\(what): \(a), SciPy \(b)")
    }
    for item in cases {
      let line = try ScannerLine(
        item.vials.map {
          Vial(referencePercent: $0[0], measuredPercent: $0[1], measurement: Int($0[2]))
        })
      same(line.slope.value, item.line.slope, "slope")
      same(line.slope.standardError, item.line.slopeError, "slope's error")
      same(line.slope.high, item.line.slope + item.line.quantile * item.line.slopeError, "high")
      same(line.intercept.value, item.line.intercept, "intercept")
      same(line.intercept.standardError, item.line.interceptError, "intercept's error")
      same(
        line.intercept.low, item.line.intercept - item.line.quantile * item.line.interceptError,
        "low")
      same(line.covariance, item.line.covariance, "covariance")
      #expect(line.degreesOfFreedom == item.line.degrees)
      same(line.residualSD, item.residualSD, "residual SD")
      #expect((line.repeatabilitySD == nil) == (item.repeatabilitySD == nil))
      same(line.repeatabilitySD ?? 0, item.repeatabilitySD ?? 0, "repeatability")
      same(line.linearity.statistic, item.test.f, "F")
      same(line.linearity.pValue, item.test.p, "p")
      #expect(line.linearity.numeratorDegrees == item.test.d1)
      #expect(line.linearity.denominatorDegrees == item.test.d2)
    }
  }

  /// Tolerance: rounding. Correction turns the line round, and its uncertainty is that of a new point
  /// on a line known with nu degrees of freedom.
  @Test func correctionTurnsTheLineRound() throws {
    let line = try LedgerSamples.entry(slope: 0.97, intercept: -2.7).line
    for x in [0.0, 4, 30] {
      let measured = line.intercept.value + line.slope.value * x
      #expect(abs(line.corrected(.init(percent: measured)).percent - x) < 1e-12)
    }
    let (x, nu) = (4.0, Double(line.degreesOfFreedom))
    let ofLine =
      line.intercept.standardError * line.intercept.standardError + 2 * x * line.covariance
      + x * x * line.slope.standardError * line.slope.standardError
    func u(_ deviation: Double) -> Double {
      ((ofLine + deviation) * nu / (nu - 2)).squareRoot() / line.slope.value
    }
    let s = line.residualSD * line.residualSD
    let alone = line.uncertainty(of: .init(percent: x), withRepeatability: false).percent
    #expect(abs(alone - u(s)) < 1e-12)
    let repeats = try #require(line.repeatabilitySD)
    let besides = line.uncertainty(of: .init(percent: x), withRepeatability: true).percent
    #expect(abs(besides - u(max(0, s - repeats * repeats))) < 1e-12)
    #expect(besides < alone)
  }

  /// Vendors' published biases can be calibrated; lines that are far off or bent cannot.
  @Test func limits() throws {
    for (slope, intercept) in [(1.0, 0.0), (0.96, -2.7), (1.02, 1.13), (0.98, -1.9)] {
      _ = try LedgerSamples.entry(slope: slope, intercept: intercept)
    }
    for (slope, intercept, reason) in [
      (0.85, 0.0, "slope"), (1.2, 0, "slope"), (1, 7, "intercept"), (1, -7, "intercept"),
    ] {
      let refused = #expect(throws: LedgerError.self) {
        try LedgerSamples.entry(slope: slope, intercept: intercept)
      }
      #expect(refused?.code == .tooFarOff && refused?.detail.contains(reason) == true)
      #expect(refused?.detail.contains("limits") == true)
    }
    for repeats in [1, 2] {
      let bent = #expect(throws: LedgerError.self) {
        try LedgerSamples.entry(curve: 4, repeats: repeats)
      }
      #expect(bent?.code == .notLinear)
      let test = repeats > 1 ? "lack of fit" : "quadratic term"
      #expect(bent?.detail.contains(test) == true)
    }
    let noisy = #expect(throws: LedgerError.self) { try LedgerSamples.entry(noise: 4) }
    #expect(noisy?.code == .tooFarOff && noisy?.detail.contains("residual SD") == true)
    let few = #expect(throws: LedgerError.self) {
      try LedgerSamples.entry(levels: [0, 10, 20, 30])
    }
    #expect(few?.code == .tooFewLevels)
  }

  /// A phantom without any error: nothing divides by zero, a line is a line, a parabola none.
  @Test func exactPhantoms() throws {
    for repeats in [1, 2] {
      let line = try LedgerSamples.entry(slope: 0.98, noise: 0, repeats: repeats).line
      #expect(line.linearity.pValue > 0.05 && line.slope.standardError < 1e-9)
      #expect(line.uncertainty(of: .init(percent: 4), withRepeatability: true).percent < 1e-9)
      #expect(throws: LedgerError.self) {
        try LedgerSamples.entry(noise: 0, curve: 3, repeats: repeats)
      }
    }
  }
}

/// Entries for tests.
enum LedgerSamples {
  static func vials(
    slope: Double = 1, intercept: Double = 0, noise: Double = 0.3, curve: Double = 0,
    repeats: Int = 2, levels: [Double] = [0, 5, 10, 20, 30, 40, 50], seed: UInt64 = 4
  ) -> [Vial] {
    var random = SeededGenerator(seed: seed)
    return levels.flatMap { x in
      (1...repeats).map { k in
        let u = Double.random(in: 1e-12..<1, using: &random)
        let angle = 2 * Double.pi * Double.random(in: 0..<1, using: &random)
        let error = noise * (-2 * log(u)).squareRoot() * cos(angle)
        let bend = curve * (x - 25) * (x - 25) / 625
        return Vial(
          referencePercent: x, measuredPercent: intercept + slope * x + bend + error, measurement: k
        )
      }
    }
  }

  static func entry(
    scanner: String = "A", protocol: String = "p", on day: String = "2026-01-10",
    validDays: Int = 365, slope: Double = 1, intercept: Double = 0, noise: Double = 0.3,
    curve: Double = 0, repeats: Int = 2, levels: [Double] = [0, 5, 10, 20, 30, 40, 50]
  ) throws -> LedgerEntry {
    try LedgerEntry(
      scanner: scanner, protocol: `protocol`, measuredOn: try #require(CalendarDay(day)),
      validDays: validDays, temperature: 21.5,
      vials: vials(
        slope: slope, intercept: intercept, noise: noise, curve: curve, repeats: repeats,
        levels: levels),
      tableSHA256: String(repeating: "ab", count: 32), addedAt: "2026-01-11T10:00:00Z")
  }
}

@Suite struct LedgerTests {
  private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

  private func ledger() throws -> Ledger {
    var ledger = Ledger()
    try ledger.add(try LedgerSamples.entry(on: "2026-01-10", validDays: 100))
    try ledger.add(try LedgerSamples.entry(on: "2026-03-01", validDays: 100, intercept: 1))
    try ledger.add(try LedgerSamples.entry(scanner: "B", on: "2026-02-01"))
    return ledger
  }

  @Test func theLatestPhantomUpToTheDayCounts() throws {
    let ledger = try ledger()
    func found(_ scanner: String, _ text: String) throws -> Ledger.Finding {
      ledger.find(scanner: scanner, protocol: "p", on: try day(text))
    }
    let (first, second) = (ledger.entries[0], ledger.entries[1])
    #expect(try found("A", "2026-01-09") == .notYet(first))
    #expect(try found("A", "2026-01-10") == .valid(first))
    #expect(try found("A", "2026-02-28") == .valid(first))
    #expect(try found("A", "2026-03-01") == .valid(second))
    #expect(try found("A", "2026-06-09") == .valid(second))
    #expect(try found("A", "2026-06-10") == .expired(second))
    #expect(try found("C", "2026-03-01") == .missing)
    #expect(ledger.find(scanner: "A", protocol: "q", on: try day("2026-03-01")) == .missing)
    let expired = #expect(throws: LedgerError.self) {
      try ledger.entry(scanner: "A", protocol: "p", on: try day("2027-01-01"))
    }
    #expect(expired?.code == .entryExpired && expired?.detail.contains("2026-06-09") == true)
    let missing = #expect(throws: LedgerError.self) {
      try ledger.entry(scanner: "C", protocol: "p", on: try day("2026-03-01"))
    }
    #expect(missing?.code == .entryMissing && missing?.detail.contains("A / p, B / p") == true)
  }

  @Test func entriesAreNeverReplaced() throws {
    var ledger = try ledger()
    let again = #expect(throws: LedgerError.self) {
      try ledger.add(try LedgerSamples.entry(on: "2026-03-01", intercept: 2))
    }
    #expect(again?.code == .entryExists && ledger.entries.count == 3)
    for name in ["", " A", "A ", "a\nb", String(repeating: "n", count: 101)] {
      let refused = #expect(throws: LedgerError.self) { try LedgerSamples.entry(scanner: name) }
      #expect(refused?.code == .nameInvalid)
    }
  }

  @Test func aDocumentComesBack() throws {
    let ledger = try ledger()
    let bytes = Array((ledger.document().canonical() + "\n").utf8)
    #expect(try Ledger(bytes: bytes) == ledger)
  }

  /// Every byte counts: changed by one, left out, doubled, laid out anew.
  @Test func aChangedByteIsRefused() throws {
    let bytes = Array((try ledger().document().canonical() + "\n").utf8)
    for place in stride(from: 0, to: bytes.count, by: 37) {
      var changed = bytes
      changed[place] ^= 1
      var shorter = bytes
      shorter.remove(at: place)
      for bad in [changed, shorter] {
        let refused = #expect(throws: LedgerError.self) { try Ledger(bytes: bad) }
        #expect(refused?.exit == .data)
      }
    }
    let pretty = Array(try ledger().document().pretty().utf8)
    #expect(throws: LedgerError.self) { try Ledger(bytes: pretty) }
    #expect(throws: LedgerError.self) { try Ledger(bytes: []) }
    let newer = JSONValue(dictionaryLiteral: ("schema", "pdff.scanner-ledger/2")).sealed()
    let refused = #expect(throws: LedgerError.self) {
      try Ledger(bytes: Array((newer.canonical() + "\n").utf8))
    }
    #expect(refused?.code == .newer)
  }

  /// Many at once, none lost.
  @Test func concurrentAddsLoseNothing() async throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = LedgerFile(folder.appendingPathComponent("ledger.json").path)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        group.addTask { _ = try file.add(try LedgerSamples.entry(scanner: "scanner \(number)")) }
      }
      try await group.waitForAll()
    }
    let names = try file.read().entries.map(\.scanner)
    #expect(Set(names) == Set((0..<24).map { "scanner \($0)" }) && names.count == 24)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ledger.json"])
  }

  @Test func aRefusedAddChangesNothing() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("ledger.json").path
    _ = try LedgerFile(path).add(try LedgerSamples.entry())
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: LedgerError.self) { try LedgerFile(path).add(try LedgerSamples.entry()) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: LedgerError.self) {
      try LedgerFile(path).add(try LedgerSamples.entry(scanner: "B"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("{}".utf8))
    let missing = #expect(throws: LedgerError.self) { try LedgerFile(path + "x").read() }
    #expect(missing?.code == .missing)
  }

  /// Every problem in one message, with its line.
  @Test func problemsOfVialsAreListedTogether() throws {
    let text = """
      reference_pdff_percent,measured_pdff_percent,repeat
      0,0.2,1
      ten,9.8,1
      20,,1
      130,20,1
      30,-40,1
      0,0.3,1
      40,39,1.5
      """
    let table = try CSVTable(bytes: Array(text.utf8))
    let refused = #expect(throws: LedgerError.self) { try Vial.read(table) }
    #expect(refused?.code == .vialsInvalid)
    for line in 3...8 { #expect(refused?.detail.contains("line \(line):") == true) }
    let shares = try CSVTable(
      bytes: Array("reference_pdff_percent,measured_pdff_percent\n0.1,0.11\n0.2,0.19\n".utf8))
    let fractions = #expect(throws: LedgerError.self) { try Vial.read(shares) }
    #expect(fractions?.detail.contains("fractions") == true)
    let columns = try CSVTable(bytes: Array("reference,measured\n1,1\n".utf8))
    #expect(throws: TableError.self) { try Vial.read(columns) }
  }
}

@Suite struct CalendarDayTests {
  /// Against Foundation's calendar, every 97th day of four centuries.
  @Test func equalsFoundation() throws {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for number in stride(from: -70_000, through: 70_000, by: 97) {
      let date = Date(timeIntervalSince1970: Double(number) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      let text = String(
        format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
      #expect(CalendarDay(number: number).description == text)
      #expect(CalendarDay(text)?.number == number)
    }
  }

  @Test func otherTextsAreNoDays() {
    for text in [
      "2026-02-29", "2026-13-01", "2026-00-10", "2026-4-01", "20260401", "2026-04-31", "0000-01-01",
      "2026-04-01 ", "-026-04-01", "٢٠٢٦-04-01", "",
    ] { #expect(CalendarDay(text) == nil, "\(text)") }
    #expect(CalendarDay("2024-02-29")?.adding(days: 366).description == "2025-03-01")
  }
}
