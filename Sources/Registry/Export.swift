import Calibration
import Documents
import GRDB
import Trial

/// The study as a table, for the validation pack and for inspectors.
public struct StudyExport: Sendable, Hashable {
  public enum Format: String, Sendable, CaseIterable {
    case csv
    case json
  }

  /// One row per participant, one line each, with a head; or one JSON document.
  public let text: String
  /// CSV: adverse events, one a line; JSON holds them in `text`.
  public let adverseEvents: String?
  public let participants: Int
  /// The entry that records the export.
  public let entry: Int
  /// SHA-256 of `text`.
  public let sha256: String
}

extension Session {
  /// Exports the study; that is an entry, which is on the disk before anything is returned.
  ///
  /// Unblinded it holds everything; blinded, who was enrolled where and when, and how far they are.
  public func export(_ format: StudyExport.Format, unblinded: Bool) throws -> StudyExport {
    try change(unblinded ? .exportUnblinded : .exportBlinded) { space in
      let table = try ExportTable(space, unblinded: unblinded)
      let text = format == .csv ? table.csv : table.json(space).pretty()
      let sha256 = sha256Hex(Array(text.utf8))
      let entry = try space.append(
        .export,
        after: [
          "format": .string(format.rawValue), "view": unblinded ? "unblinded" : "blinded",
          "participants": .integer(table.rows.count), "sha256": .string(sha256),
        ])
      return StudyExport(
        text: text, adverseEvents: format == .csv && unblinded ? table.adverseEventsCSV : nil,
        participants: table.rows.count, entry: entry.number, sha256: sha256)
    }
  }
}

struct ExportTable {
  /// Columns and their values; nil is empty.
  typealias Row = [String: JSONValue]

  let columns: [String]
  private let isUnblinded: Bool
  private let isSimulated: Bool
  private(set) var rows: [Row] = []
  private(set) var adverseEvents: [Row] = []

  static let blindedColumns = [
    "participant_id", "site", "enrolled_on", "progress",
  ]
  /// As `pdff validate` reads them.
  static let unblindedColumns = [
    "participant_id", "tumour_pdff_percent", "tissue_subtype", "provisional_subtype",
    "provisional_set", "provisional_arm", "sealed_on", "tissue_reported_on", "lesion",
    "tissue_lesion", "standard_uncertainty", "background_pdff_percent", "site", "scanner",
    "field_strength_t", "r2star_per_s", "systemic_start", "best_response_recist",
    "best_response_mrecist", "response_confirmed", "response_days", "pfs_days", "pfs_event",
    "os_days", "os_event", "converted", "as_treated_arm", "first_tace_days",
  ]
  static let adverseEventColumns = ["participant_id", "ctcae_term", "grade", "related_to_tace"]

  init(_ space: Workspace, unblinded: Bool) throws {
    isUnblinded = unblinded
    isSimulated = space.settings.isSimulated
    // A simulated study says so in every table.
    columns =
      (unblinded ? Self.unblindedColumns : Self.blindedColumns) + (isSimulated ? ["simulated"] : [])
    // In a simulated study any date is data, also one after today.
    let day = isSimulated ? CalendarDay(number: Phase.never) : space.today
    var rows: [Row] = []
    var adverseEvents: [Row] = []
    try space.db.eachParticipantStored { stored, records in
      guard unblinded else {
        rows.append(Self.blinded(stored, space))
        return
      }
      let record = try ParticipantRecord.gather(stored.participant, records)
      rows.append(Self.unblinded(record, records, Assessment(record, space.settings, on: day)))
      adverseEvents += Self.adverseEvents(stored.participant.id, records)
    }
    self.rows = rows
    self.adverseEvents = adverseEvents
  }

  private static func blinded(_ stored: StoredParticipant, _ space: Workspace) -> Row {
    [
      "participant_id": .string(stored.participant.id), "site": .string(stored.participant.site),
      "enrolled_on": .day(stored.participant.enrolledOn),
      "progress": .string(Workspace.progress(stored, [])),
    ]
  }

  private static func unblinded(
    _ record: ParticipantRecord, _ records: [StoredRecord], _ assessment: Assessment
  ) -> Row {
    // A scan that turned out too late, after a date was amended, measured something else: no value, no call.
    let tooLate: Set<Assessment.NotEvidence> = [.scanAfterTACE, .scanAfterStart, .scanAfterBiopsy]
    let isTooLate = !tooLate.isDisjoint(with: assessment.notEvidence)
    let call = isTooLate ? nil : record.calls.first { $0.entry == assessment.callEntry }
    let tissue = record.tissue.first { $0.entry == assessment.tissueEntry } ?? record.tissue.last
    let measured = records.first { $0.entry == call?.entry }?.content["measured"] ?? .null
    let ends = Endpoints(record)
    func number(_ key: String) -> JSONValue { measured[key] ?? .null }
    return [
      "participant_id": .string(record.participant.id), "site": .string(record.participant.site),
      "not_evidence": .array(assessment.notEvidence.map { .string($0.rawValue) }),
      "tumour_pdff_percent": number("pdff_percent"),
      "tissue_subtype": .text(tissue?.finding.rawValue),
      "provisional_subtype": .text(call.map { $0.subtype?.rawValue ?? "indeterminate" }),
      "provisional_set": .text(call.map { $0.set.map(\.rawValue).joined(separator: " ") }),
      "provisional_arm": .text(call?.arm.rawValue), "sealed_on": .day(call?.sealedOn),
      "tissue_reported_on": .day(tissue?.reportedOn), "lesion": .text(call?.lesion),
      "tissue_lesion": .text(tissue?.lesion),
      "standard_uncertainty": number("standard_uncertainty"),
      "background_pdff_percent": number("background_pdff_percent"), "scanner": number("scanner"),
      "field_strength_t": number("field_strength_t"), "r2star_per_s": number("r2star_per_s"),
      "systemic_start": .day(ends.systemicStart),
      "best_response_recist": .text(ends.bestRECIST?.rawValue),
      "best_response_mrecist": .text(ends.bestMRECIST?.rawValue),
      "response_confirmed": .flag(ends.responseConfirmed),
      "response_days": .integer(ends.responseDays), "pfs_days": .integer(ends.progressionDays),
      "pfs_event": .flag(ends.progressed), "os_days": .integer(ends.survivalDays),
      "os_event": .flag(ends.died), "converted": .bool(ends.converted),
      "as_treated_arm": .text(ends.asTreated), "first_tace_days": .integer(ends.firstTACEDays),
    ]
  }

  private static func adverseEvents(_ id: String, _ records: [StoredRecord]) -> [Row] {
    records.filter { $0.voided == nil && $0.content.text("event") == "adverse-event" }.map {
      [
        "participant_id": .string(id), "ctcae_term": $0.content["term"] ?? .null,
        "grade": $0.content["grade"] ?? .null,
        "related_to_tace": $0.content["related_to_tace"] ?? .null,
      ]
    }
  }
}

extension ExportTable {
  var csv: String { Self.csv(columns, rows) }
  var adverseEventsCSV: String {
    Self.csv(Self.adverseEventColumns + (isSimulated ? ["simulated"] : []), adverseEvents)
  }

  func json(_ space: Workspace) -> JSONValue {
    [
      "schema": "pdff.registry-export/1", "study": .string(space.settings.study),
      "simulated": .bool(space.settings.isSimulated),
      "view": isUnblinded ? "unblinded" : "blinded",
      "exported_at": .string(space.now.description),
      "participants": .array(rows.map { .object($0) }),
      "adverse_events": .array(adverseEvents.map { .object($0) }),
    ]
  }

  /// RFC 4180 with line feeds; flags are 1 and 0.
  private static func csv(_ columns: [String], _ rows: [Row]) -> String {
    func cell(_ value: JSONValue?) -> String {
      switch value {
      case .string(let text):
        text.contains { ",\"\n\r;".contains($0) } || text.hasPrefix(" ")
          ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
      case .number: value?.canonical() ?? ""
      case .bool(let flag): flag ? "1" : "0"
      default: ""
      }
    }
    let lines = rows.map { row in
      columns.map { $0 == "simulated" ? "1" : cell(row[$0]) }.joined(separator: ",")
    }
    return ([columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }
}

extension JSONValue {
  fileprivate static func flag(_ value: Bool?) -> JSONValue { value.map { .bool($0) } ?? .null }
}
