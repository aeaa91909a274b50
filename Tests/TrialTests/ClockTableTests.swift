import Calibration
import Documents
import TestSupport
import Testing
import Trial

/// The clock against a table of combinations that an independent script evaluates (Tests/reference/
/// trial_clock.py, written from the trial's public record). Every row is exact.
@Suite struct ClockTableTests {
  /// A prime, so that every value of every column comes with every value of every other.
  static let every = Tools.isLong ? 1 : 37

  @Test func everyRowOfTheTable() throws {
    let table = try Tools.reference("trial_clock", ["--every", String(Self.every)])
    var states: [Assessment.State: Int] = [:]
    var consequences: [Assessment.Consequence: Int] = [:]
    var actions: [NextAction.Kind: Int] = [:]
    var rows = 0
    var wrong: [String] = []
    for line in table.split(separator: "\n") {
      let row = try #require(ClockRow(line))
      let found = Assessment(row.record, row.settings, on: row.day)
      rows += 1
      states[found.state, default: 0] += 1
      consequences[found.consequence, default: 0] += 1
      actions[found.action.kind, default: 0] += 1
      if row.words(of: found) != row.expected { wrong.append("\(line) | \(row.words(of: found))") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(rows), first: \(wrong.prefix(3))")
    #expect(rows > 10_000)
    // The table reaches everything that an assessment can say, and more than once.
    for state in Assessment.State.allCases { #expect(states[state, default: 0] > 50) }
    for consequence in Assessment.Consequence.allCases {
      #expect(consequences[consequence, default: 0] > 50)
    }
    for action in NextAction.Kind.allCases { #expect(actions[action, default: 0] > 50) }
  }
}

/// One line of the table.
struct ClockRow {
  static let start = 20_000
  let settings: StudySettings
  let day: CalendarDay
  let record: ParticipantRecord
  let expected: [String]

  init?(_ line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count == 18 else { return nil }
    let numbers = fields[0..<7].compactMap { Int($0) }
    guard numbers.count == 7 else { return nil }
    var settings = StudySettings(study: "table")
    settings.taceWindowDays = numbers[0]...numbers[1]
    settings.pauseDays = numbers[2]...numbers[3]
    settings.leadTimeDays = ["S1": numbers[4]]
    settings.scanBeforeBiopsy = numbers[5] == 1
    self.settings = settings
    day = Self.day(numbers[6])
    var record = ParticipantRecord(
      participant: Participant(id: "P1", site: "S1", enrolledOn: Self.day(-20)))
    record.calls = Self.parts(fields[7]).enumerated().compactMap(Self.call)
    record.tissue = Self.parts(fields[8]).enumerated().compactMap(Self.result)
    record.treatment = Self.parts(fields[9]).enumerated().compactMap(Self.treatment)
    record.followUp = Self.parts(fields[10]).enumerated().compactMap(Self.closing)
    self.record = record
    expected = fields[11...].map(String.init)
  }

  func words(of found: Assessment) -> [String] {
    func relative(_ day: CalendarDay?) -> String { day.map { "\($0.number - Self.start)" } ?? "-" }
    let reasons = found.notEvidence.map(\.rawValue).sorted().joined(separator: ",")
    return [
      found.state.rawValue, found.reconciliation.rawValue, reasons.isEmpty ? "-" : reasons,
      found.consequence.rawValue, relative(found.tissueDeadline), found.action.kind.rawValue,
      relative(found.action.by),
    ]
  }

  private static func day(_ number: Int) -> CalendarDay { CalendarDay(number: start + number) }

  private static func day(_ text: Substring) -> CalendarDay { day(Int(text) ?? 0) }

  private static func parts(_ field: Substring) -> [[Substring]] {
    field == "-" ? [] : field.split(separator: ",").map { $0.split(separator: ":") }
  }

  private static func call(_ index: Int, _ part: [Substring]) -> SealedCall? {
    SealedCall(
      entry: index, lesion: String(part[0]),
      set: part[1].split(separator: "+").compactMap { Subtype(rawValue: String($0)) },
      scannedOn: day(part[2]), sealedOn: day(part[3]))
  }

  private static func result(_ index: Int, _ part: [Substring]) -> TissueResult? {
    TissueResult.Finding(rawValue: String(part[1])).map {
      TissueResult(
        entry: index, lesion: String(part[0]), finding: $0, biopsyOn: day(part[2]),
        reportedOn: day(part[3]))
    }
  }

  private static func treatment(_ index: Int, _ part: [Substring]) -> TreatmentEvent? {
    TreatmentEvent.Kind(rawValue: String(part[0])).map {
      TreatmentEvent(
        entry: index, kind: $0, date: day(part[1]), lesion: part[2] == "-" ? nil : String(part[2]))
    }
  }

  private static func closing(_ index: Int, _ part: [Substring]) -> FollowUpEvent? {
    let details: [Substring: FollowUpEvent.Detail] = [
      "death": .death, "withdrawal": .withdrawal, "conversion": .conversion,
    ]
    return details[part[0]].map { FollowUpEvent(entry: index, date: day(part[1]), detail: $0) }
  }
}
