import Documents
import Faults
import Statistics

/// Participants whose fat fraction and tissue subtype are both known.
public struct SubtypeCohort: Sendable {
  public struct Member: Sendable, Equatable {
    public let participant: String
    public let value: MeasuredValue
    public let subtype: Subtype
    /// The liver beside the tumour, percent; nil where the cohort has no such column.
    public let background: Double?

    public init(
      participant: String, value: MeasuredValue, subtype: Subtype, background: Double? = nil
    ) {
      self.participant = participant
      self.value = value
      self.subtype = subtype
      self.background = background
    }
  }

  public let members: [Member]
  /// Sites, sorted; nil where the cohort does not say.
  public let sites: [String]?
  public let scanners: [String]?
  /// Whether the cohort has standard uncertainties.
  public let hasUncertainties: Bool
  /// SHA-256 of the file's bytes.
  public let sha256: String

  public func count(_ subtype: Subtype) -> Int { members.count { $0.subtype == subtype } }

  static let needed = ["participant_id", "tumour_pdff_percent", "tissue_subtype"]

  public init(
    members: [Member], sites: [String]? = nil, scanners: [String]? = nil,
    hasUncertainties: Bool = true, sha256: String = ""
  ) {
    self.members = members
    self.sites = sites
    self.scanners = scanners
    self.hasUncertainties = hasUncertainties
    self.sha256 = sha256
  }

  /// Reads a table. Throws `TableError` for missing columns, and one `SubtypeError` with every wrong
  /// line; neither shows a participant.
  ///
  /// - Parameter background: whether `background_pdff_percent` is needed; it is ignored otherwise.
  public init(_ table: CSVTable, background: Bool) throws {
    try table.require(Self.needed + (background ? ["background_pdff_percent"] : []))
    var reader = CohortReader(table, background: background)
    members = try reader.members()
    hasUncertainties = table.column("standard_uncertainty") != nil
    sites = Self.names(table, "site")
    scanners = Self.names(table, "scanner")
    sha256 = table.sha256
  }

  private static func names(_ table: CSVTable, _ column: String) -> [String]? {
    guard let place = table.column(column) else { return nil }
    let names = Set(table.records.map { $0.fields[place] }).subtracting([""])
    return names.isEmpty ? nil : names.sorted()
  }
}

/// Reads rows and collects what is wrong with them.
private struct CohortReader {
  private let table: CSVTable
  private let background: Bool
  private var problems: [String] = []
  private var firstLine: [String: Int] = [:]

  init(_ table: CSVTable, background: Bool) {
    self.table = table
    self.background = background
  }

  mutating func members() throws(SubtypeError) -> [SubtypeCohort.Member] {
    var members: [SubtypeCohort.Member] = []
    for record in table.records {
      if let member = member(record) { members.append(member) }
    }
    guard problems.isEmpty else {
      let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
      throw SubtypeError(.cohortRows, "\(count)\n  " + problems.joined(separator: "\n  "))
    }
    try refuseFractions(members.map(\.value.percent), "tumour_pdff_percent")
    if background {
      try refuseFractions(members.compactMap(\.background), "background_pdff_percent")
    }
    return members
  }

  private func refuseFractions(_ values: [Double], _ column: String) throws(SubtypeError) {
    guard let largest = values.max(), largest <= 1 else { return }
    throw SubtypeError(.cohortFractions, "the largest \(column) is \(decimals(largest, 4))")
  }

  private mutating func member(_ record: CSVTable.Record) -> SubtypeCohort.Member? {
    let known = problems.count
    let participant = field("participant_id", record) ?? ""
    if participant.isEmpty {
      note(record, "participant_id is empty")
    } else if let first = firstLine[participant] {
      note(record, "the participant of line \(first) again")
    } else {
      firstLine[participant] = record.line
    }
    let name = field("tissue_subtype", record) ?? ""
    let subtype = Subtype(rawValue: name)
    if subtype == nil {
      let words = Subtype.allCases.map(\.rawValue).joined(separator: ", ")
      note(
        record,
        name.isEmpty
          ? "tissue_subtype is empty" : "tissue_subtype '\(shown(name))' is none of \(words)")
    }
    let percent = number("tumour_pdff_percent", record, -100...200)
    let uncertainty =
      table.column("standard_uncertainty") == nil
      ? 0 : number("standard_uncertainty", record, 0...100)
    let beside = background ? number("background_pdff_percent", record, -10...110) : nil
    if let percent, let uncertainty {
      let value = MeasuredValue(percent: percent, standardUncertainty: uncertainty)
      if !value.isPossible {
        note(record, "no fat fraction within 0 to 100 % explains tumour_pdff_percent")
      }
    }
    guard problems.count == known, let subtype, let percent, let uncertainty else { return nil }
    return SubtypeCohort.Member(
      participant: participant,
      value: MeasuredValue(percent: percent, standardUncertainty: uncertainty),
      subtype: subtype, background: beside)
  }

  private func field(_ column: String, _ record: CSVTable.Record) -> String? {
    table.column(column).map { record.fields[$0] }
  }

  private mutating func number(
    _ column: String, _ record: CSVTable.Record, _ range: ClosedRange<Double>
  ) -> Double? {
    let text = field(column, record) ?? ""
    guard !text.isEmpty else {
      note(record, "\(column) is empty")
      return nil
    }
    guard let value = Double(text), value.isFinite else {
      note(record, "\(column) '\(shown(text))' is not a number")
      return nil
    }
    guard range.contains(value) else {
      note(record, "\(column) \(shown(text)) is out of range")
      return nil
    }
    return value
  }

  /// At most 20 characters of a field, so that a shifted column shows no more of what it holds.
  private func shown(_ text: String) -> String {
    text.count <= 20 ? text : text.prefix(20) + "..."
  }

  private mutating func note(_ record: CSVTable.Record, _ words: String) {
    problems.append("line \(record.line): \(words)")
  }
}
