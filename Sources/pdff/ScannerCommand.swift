import ArgumentParser
import Calibration
import Documents
import Foundation

/// `pdff scanner`: the ledger of phantoms.
struct ScannerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scanner",
    abstract: "Keep the ledger of phantoms by which scanners are calibrated.",
    subcommands: [AddScanner.self, ListScanners.self, CheckScanner.self])
}

/// Which scanner and protocol.
struct ScannerName: ParsableArguments {
  @Option(help: ArgumentHelp("The ledger.", valueName: "file"))
  var ledger: String

  @Option(
    help: ArgumentHelp("The scanner's name, as 'pdff measure' will give it.", valueName: "id"))
  var scanner: String

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("The protocol's name.", valueName: "name"))
  var protocolName: String
}

/// `pdff scanner add`
struct AddScanner: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a phantom that was measured on a scanner.")

  @OptionGroup var name: ScannerName

  @Option(
    help: ArgumentHelp(
      "Table reference_pdff_percent,measured_pdff_percent[,repeat].", valueName: "csv"))
  var phantom: String

  @Option(
    name: .customLong("temperature-c"),
    help: ArgumentHelp("The phantom's temperature; recorded, not applied.", valueName: "degrees"))
  var temperature: Double

  @Option(help: ArgumentHelp("The day on which it was measured.", valueName: "YYYY-MM-DD"))
  var date: String

  @Option(help: ArgumentHelp("Days for which the entry holds.", valueName: "n"))
  var validDays = 365

  @Flag(help: "Print the entry as one JSON document.")
  var json = false

  func validate() throws {
    guard CalendarDay(date) != nil else {
      throw ValidationError("--date takes a day of the calendar, YYYY-MM-DD.")
    }
    guard (-50...100).contains(temperature) else {
      throw ValidationError("--temperature-c is in degrees Celsius, -50 to 100.")
    }
    guard (1...3660).contains(validDays) else {
      throw ValidationError("--valid-days is a whole number from 1 to 3660.")
    }
  }

  func run() throws {
    guard let day = CalendarDay(date) else { return }
    let table = try CSVTable(file: phantom)
    let vials = try Vial.read(table, file: phantom)
    let entry: LedgerEntry
    do {
      entry = try LedgerEntry(
        scanner: name.scanner, protocol: name.protocolName, measuredOn: day, validDays: validDays,
        temperature: temperature, vials: vials, tableSHA256: table.sha256,
        addedAt: Date.now.formatted(.iso8601))
    } catch { throw error.placed(in: phantom) }
    _ = try LedgerFile(name.ledger).add(entry)
    try Console.result(json ? entry.document.pretty() : entry.words)
  }
}

/// `pdff scanner list`
struct ListScanners: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name every phantom of a ledger.")

  @Option(help: ArgumentHelp("The ledger.", valueName: "file"))
  var ledger: String

  @Flag(help: "Print the ledger as one JSON document.")
  var json = false

  func run() throws {
    let ledger = try LedgerFile(ledger).read()
    let text = ledger.entries.map(\.words).joined(separator: "\n")
    try Console.result(json ? ledger.document().pretty() : text)
  }
}

/// `pdff scanner check`
struct CheckScanner: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether an entry holds on a day; the exit status is 0 only then.")

  @OptionGroup var name: ScannerName

  @Option(help: ArgumentHelp("The day; today (UTC) by default.", valueName: "YYYY-MM-DD"))
  var date: String?

  @Flag(help: "Print the entry that holds as one JSON document.")
  var json = false

  func validate() throws {
    if let date, CalendarDay(date) == nil {
      throw ValidationError("--date takes a day of the calendar, YYYY-MM-DD.")
    }
  }

  func run() throws {
    let today = CalendarDay(number: Int((Date.now.timeIntervalSince1970 / 86_400).rounded(.down)))
    let day = date.flatMap { CalendarDay($0) } ?? today
    let entry: LedgerEntry
    do {
      entry = try LedgerFile(name.ledger).read()
        .entry(scanner: name.scanner, protocol: name.protocolName, on: day)
    } catch { throw error.placed(in: name.ledger) }
    try Console.result(json ? entry.document.pretty() : "valid on \(day)\n" + entry.words)
  }
}

extension LedgerEntry {
  /// The entry for a reader, in lines that end with a line feed.
  fileprivate var words: String {
    func number(_ value: Double) -> String {
      String(format: "%.3f", locale: Locale(identifier: "en_US_POSIX"), value)
    }
    func interval(_ c: ScannerLine.Coefficient) -> String {
      "\(number(c.value)) (95 % \(number(c.low)) to \(number(c.high)))"
    }
    let levels = Set(vials.map(\.referencePercent)).count
    let range = "\(number(line.range.lowerBound)) to \(number(line.range.upperBound)) %"
    let repeats = line.repeatabilitySD.map { ", of repeats \(number($0))" } ?? ""
    return """
      scanner \(scanner), protocol \(`protocol`)
        phantom of \(measuredOn), valid to \(validUntil), \(number(temperature)) degrees C
        \(vials.count) measurements of \(levels) fat fractions, \(range)
        measured = a + b x reference
          a  \(interval(line.intercept)) percentage points
          b  \(interval(line.slope))
        SD from the line \(number(line.residualSD))\(repeats) percentage points
        \(line.linearity.words); off the line by up to \(number(line.linearity.departurePercent)) points

      """
  }
}
