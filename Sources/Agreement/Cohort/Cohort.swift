import Calibration
import Documents
import Faults
import Statistics

/// One recorded adverse event.
public struct AdverseEvent: Sendable, Equatable {
  public let participant: String
  /// CTCAE's term.
  public let term: String
  /// 1...5.
  public let grade: Int
  /// nil where nobody says.
  public let relatedToTACE: Bool?

  public init(participant: String, term: String, grade: Int, relatedToTACE: Bool?) {
    self.participant = participant
    self.term = term
    self.grade = grade
    self.relatedToTACE = relatedToTACE
  }
}

/// A cohort as it was recorded: participants in the order of their first line.
public struct ValidationCohort: Sendable {
  public let participants: [CohortParticipant]
  /// nil where no table of adverse events was given.
  public let adverseEvents: [AdverseEvent]?
  /// Which columns the table has.
  public let columns: Set<String>
  /// Columns that were not read.
  public let unknownColumns: [String]
  /// Of the table's bytes; empty where there was no table.
  public let sha256: String
  public let adverseEventsSHA256: String?
  /// Whether a row says that it is simulated.
  public let isSimulated: Bool

  public var hasCalls: Bool { columns.contains(CohortColumn.provisionalSubtype.rawValue) }

  public init(
    participants: [CohortParticipant], adverseEvents: [AdverseEvent]? = nil, columns: Set<String>,
    unknownColumns: [String] = [], sha256: String = "", adverseEventsSHA256: String? = nil,
    isSimulated: Bool = false
  ) {
    self.participants = participants
    self.adverseEvents = adverseEvents
    self.columns = columns
    self.unknownColumns = unknownColumns
    self.sha256 = sha256
    self.adverseEventsSHA256 = adverseEventsSHA256
    self.isSimulated = isSimulated
  }

  /// The same with a table of adverse events that has a head and nothing else.
  public func withoutAdverseEvents() -> ValidationCohort {
    ValidationCohort(
      participants: participants, adverseEvents: [], columns: columns,
      unknownColumns: unknownColumns, sha256: sha256, isSimulated: isSimulated)
  }

  /// Reads the tables. Throws `TableError` for missing columns (of the second table, within
  /// `AdverseEventTableError`), and one `CohortError` with every
  /// wrong line of both; none shows a participant.
  public init(_ table: CSVTable, adverseEvents second: CSVTable? = nil) throws {
    try table.require(CohortColumn.needed.map(\.rawValue))
    do {
      try second?.require(AdverseEventColumn.allCases.map(\.rawValue))
    } catch {
      throw AdverseEventTableError(error: error)
    }
    var reader = CohortReader(table)
    let participants = reader.participants()
    var problems = reader.problems
    var events: [AdverseEvent]?
    if let second {
      var eventReader = AdverseEventReader(second, of: Set(reader.identifiers))
      events = eventReader.events()
      problems += eventReader.problems
    }
    guard problems.isEmpty else {
      let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
      throw CohortError(.rows, "\(count)\n  " + problems.joined(separator: "\n  "))
    }
    let known = Set(CohortColumn.allCases.map(\.rawValue))
    self.init(
      participants: participants, adverseEvents: events, columns: Set(table.columns),
      unknownColumns: table.columns.filter { !known.contains($0) }, sha256: table.sha256,
      adverseEventsSHA256: second?.sha256, isSimulated: reader.isSimulated)
  }
}

/// The header of the table of adverse events is wrong, not that of the cohort.
public struct AdverseEventTableError: Error {
  public let error: TableError
}

/// Gathers lines into participants.
private struct CohortReader {
  private let table: CSVTable
  private var rows: CohortRowReader
  private var order: [String] = []
  private var lines: [String: [Line]] = [:]
  private var firstLine: [Key: Int] = [:]

  private struct Key: Hashable {
    let participant: String
    let acquisition: Acquisition
  }

  private struct Line {
    let number: Int
    let measurement: MeasurementRow
    let part: ParticipantPart
  }

  init(_ table: CSVTable) {
    self.table = table
    rows = CohortRowReader(fields: FieldReader(table))
  }

  var problems: [String] { rows.fields.problems }
  private(set) var isSimulated = false
  /// Of every line, also of wrong ones.
  var identifiers: [String] { order }

  mutating func participants() -> [CohortParticipant] {
    for record in table.records { read(record) }
    refuseFractions()
    return order.compactMap { participant($0) }
  }

  private mutating func read(_ record: CSVTable.Record) {
    let identifier = rows.fields.text(CohortColumn.participant.rawValue, record)
    if identifier == nil { rows.fields.note(record.line, "participant_id is empty") }
    if rows.fields.flag(CohortColumn.simulated.rawValue, record) == true { isSimulated = true }
    let line = Line(
      number: record.line, measurement: rows.measurement(record), part: rows.participant(record))
    guard let identifier else { return }
    if lines[identifier] == nil { order.append(identifier) }
    let key = Key(participant: identifier, acquisition: line.measurement.acquisition)
    if let twin = firstLine[key] {
      rows.fields.note(
        line.number,
        "participant, lesion, scanner, field strength, reader and repeat of line \(twin) again")
    } else {
      firstLine[key] = line.number
    }
    lines[identifier, default: []].append(line)
  }

  private mutating func participant(_ identifier: String) -> CohortParticipant? {
    let own = lines[identifier] ?? []
    var merged = own[0].part
    for line in own.dropFirst() { merge(line, into: &merged, first: own[0].number) }
    if merged.tissueReportedOn != nil, !merged.saysTissue {
      rows.fields.note(own[0].number, "tissue_reported_on is given, tissue_subtype is empty")
    }
    check(merged.endpoints, line: own[0].number)
    return CohortParticipant(
      identifier: identifier, site: merged.site, tissue: merged.tissue ?? .pending,
      tissueReportedOn: merged.tissueReportedOn, tissueLesion: merged.tissueLesion,
      endpoints: merged.endpoints, rows: own.map(\.measurement))
  }

  /// Later lines may leave empty what the first says, and must not contradict it.
  private mutating func merge(_ line: Line, into part: inout ParticipantPart, first: Int) {
    var differing: [String] = []
    func join<Value: Equatable>(_ known: inout Value?, _ new: Value?, _ column: CohortColumn) {
      if let new, let known, known != new { differing.append(column.rawValue) }
      known = known ?? new
    }
    let new = line.part
    join(&part.site, new.site, .site)
    join(&part.tissue, new.tissue, .tissue)
    part.saysTissue = part.saysTissue || new.saysTissue
    join(&part.tissueReportedOn, new.tissueReportedOn, .tissueReportedOn)
    join(&part.tissueLesion, new.tissueLesion, .tissueLesion)
    join(&part.endpoints.systemicStart, new.endpoints.systemicStart, .systemicStart)
    join(&part.endpoints.recist, new.endpoints.recist, .recist)
    join(&part.endpoints.mrecist, new.endpoints.mrecist, .mrecist)
    join(&part.endpoints.responseConfirmed, new.endpoints.responseConfirmed, .responseConfirmed)
    join(&part.endpoints.responseDays, new.endpoints.responseDays, .responseDays)
    join(&part.endpoints.progressionFree, new.endpoints.progressionFree, .pfsDays)
    join(&part.endpoints.overall, new.endpoints.overall, .osDays)
    join(&part.endpoints.converted, new.endpoints.converted, .converted)
    join(&part.endpoints.asTreatedArm, new.endpoints.asTreatedArm, .asTreatedArm)
    join(&part.endpoints.firstTACEDays, new.endpoints.firstTACEDays, .firstTACEDays)
    for column in differing {
      rows.fields.note(
        line.number, "\(column) differs from line \(first) of the same participant")
    }
  }

  /// What can't be true together.
  private mutating func check(_ known: Endpoints, line: Int) {
    let responded = [known.recist, known.mrecist].contains { $0 == .complete || $0 == .partial }
    if let progression = known.progressionFree, let overall = known.overall,
      progression.time > overall.time
    {
      rows.fields.note(line, "pfs_days is after os_days")
    }
    if let days = known.responseDays {
      if !responded {
        rows.fields.note(line, "response_days is given, but neither best response is CR or PR")
      } else if known.recist == .complete || known.recist == .partial,
        let progression = known.progressionFree, days > progression.time
      {
        // By mRECIST alone a response may follow progression by RECIST.
        rows.fields.note(line, "response_days is after pfs_days")
      }
    }
    if known.responseConfirmed == true, !responded {
      rows.fields.note(line, "response_confirmed is yes, but neither best response is CR or PR")
    }
    if known.asTreatedArm == .systemic, known.firstTACEDays != nil {
      rows.fields.note(line, "as_treated_arm is systemic, but first_tace_days is given")
    }
  }

  /// Five values can be small; all of a cohort's can't.
  private mutating func refuseFractions() {
    let values = order.flatMap { lines[$0] ?? [] }.compactMap(\.measurement.percent)
    guard values.count > 5, let largest = values.max(), largest <= 1 else { return }
    rows.fields.note(
      table.records[0].line,
      "the largest tumour_pdff_percent of all lines is \(largest): write percent, not fractions")
  }
}

/// Reads the table of adverse events.
private struct AdverseEventReader {
  private let table: CSVTable
  private let participants: Set<String>
  private var fields: FieldReader

  init(_ table: CSVTable, of participants: Set<String>) {
    self.table = table
    self.participants = participants
    fields = FieldReader(table, place: "adverse events, ")
  }

  var problems: [String] { fields.problems }

  mutating func events() -> [AdverseEvent] { table.records.compactMap { event($0) } }

  private mutating func event(_ record: CSVTable.Record) -> AdverseEvent? {
    let participant = fields.text(AdverseEventColumn.participant.rawValue, record)
    let term = fields.text(AdverseEventColumn.term.rawValue, record)
    let given = fields.text(AdverseEventColumn.grade.rawValue, record)
    let grade = fields.whole(AdverseEventColumn.grade.rawValue, record, 1...5)
    let related = fields.flag(AdverseEventColumn.relatedToTACE.rawValue, record)
    if let participant, !participants.contains(participant) {
      fields.note(record.line, "the participant is not in the cohort")
    }
    for (column, value) in [
      ("participant_id", participant), ("ctcae_term", term), ("grade", given),
    ]
    where value == nil { fields.note(record.line, "\(column) is empty") }
    guard let participant, let term, let grade else { return nil }
    return AdverseEvent(
      participant: participant, term: term, grade: grade, relatedToTACE: related)
  }
}
