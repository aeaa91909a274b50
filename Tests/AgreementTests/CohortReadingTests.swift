import Agreement
import Calibration
import Documents
import Testing

@Suite struct CohortReadingTests {
  private static let head =
    "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype,provisional_set,"
    + "provisional_arm,sealed_on,tissue_reported_on,lesion,tissue_lesion,scanner,field_strength_t,"
    + "reader,repeat,pfs_days,pfs_event,os_days,os_event,best_response_recist,response_confirmed,"
    + "response_days,as_treated_arm,first_tace_days"

  /// A line with the given fields; the rest empty.
  private static func line(_ fields: [String: String]) -> String {
    head.split(separator: ",").map { fields[String($0)] ?? "" }.joined(separator: ",")
  }

  private static func good(_ changes: [String: String] = [:]) -> [String: String] {
    var fields = [
      "participant_id": "p-secret", "tumour_pdff_percent": "5.2", "tissue_subtype": "F2",
      "provisional_subtype": "F2", "sealed_on": "2026-02-01", "tissue_reported_on": "2026-02-09",
      "lesion": "L1", "tissue_lesion": "L1", "scanner": "A", "field_strength_t": "3",
      "reader": "R1", "repeat": "1", "pfs_days": "90", "pfs_event": "1", "os_days": "120",
      "os_event": "0",
    ]
    fields.merge(changes) { $1 }
    return fields
  }

  static func cohort(_ rows: [[String: String]], events: String? = nil) throws -> ValidationCohort {
    let text = ([head] + rows.map(line)).joined(separator: "\n")
    return try ValidationCohort(
      CSVTable(bytes: Array(text.utf8)),
      adverseEvents: events.map { try CSVTable(bytes: Array($0.utf8)) })
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let change: [String: String]
    let words: String
    var testDescription: String { words }
  }

  static let bad: [Bad] = [
    Bad(change: ["tissue_subtype": "F4"], words: "tissue_subtype 'F4' is none of"),
    Bad(change: ["provisional_subtype": "maybe"], words: "provisional_subtype 'maybe' is none of"),
    Bad(change: ["provisional_set": "F1 F2"], words: "contradict each other"),
    Bad(change: ["provisional_arm": "systemic+TACE"], words: "contradicts the call"),
    Bad(change: ["provisional_set": "F1 F9"], words: "no set of F1, F2, F3"),
    Bad(change: ["sealed_on": "2026-02-30"], words: "sealed_on '2026-02-30' is no date"),
    Bad(change: ["sealed_on": "0206-02-03"], words: "impossible date"),
    Bad(change: ["pfs_days": "-3"], words: "pfs_days -3 is negative"),
    Bad(change: ["tumour_pdff_percent": "111"], words: "is not within -10 to 110"),
    Bad(change: ["tumour_pdff_percent": "-10.5"], words: "is not within -10 to 110"),
    Bad(change: ["tumour_pdff_percent": "about 5"], words: "'about 5' is not a number"),
    Bad(change: ["tumour_pdff_percent": "nan"], words: "'nan' is not a number"),
    Bad(change: ["tumour_pdff_percent": "0x5"], words: "'0x5' is not a number"),
    Bad(change: ["pfs_event": ""], words: "pfs_days and pfs_event go together"),
    Bad(change: ["pfs_event": "perhaps"], words: "neither yes nor no"),
    Bad(change: ["pfs_days": "130"], words: "pfs_days is after os_days"),
    Bad(change: ["repeat": "1.5"], words: "repeat is not a whole number"),
    Bad(change: ["participant_id": ""], words: "participant_id is empty"),
    Bad(change: ["response_days": "40"], words: "neither best response is CR or PR"),
    Bad(
      change: ["response_days": "95", "best_response_recist": "PR"],
      words: "response_days is after pfs_days"),
    Bad(
      change: ["as_treated_arm": "systemic", "first_tace_days": "20"],
      words: "as_treated_arm is systemic"),
    Bad(change: ["as_treated_arm": "undetermined"], words: "is none of systemic, systemic+TACE"),
    Bad(
      change: ["tissue_subtype": ""], words: "tissue_reported_on is given, tissue_subtype is empty"),
  ]

  @Test(arguments: bad) func wrongLinesAreNamed(bad: Bad) throws {
    // A wrong field and a good line; the message holds line and words, and nobody's name.
    let rows = [Self.good(["participant_id": "other"]), Self.good(bad.change)]
    let error = #expect(throws: CohortError.self) { try Self.cohort(rows) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("1 problem\n"), "\(text)")
    #expect(text.contains("line 3: ") && text.contains(bad.words), "\(text)")
    #expect(!text.contains("p-secret") && error?.exit.rawValue == 65)
  }

  /// Everything wrong in both tables stands in one message.
  @Test func allProblemsAreListedTogether() throws {
    let events =
      "participant_id,ctcae_term,grade,related_to_tace\np-secret,Fatigue,6,no\nnobody,Pain,2,\n,x,2.5,?"
    let rows = [
      Self.good(["tissue_subtype": "F9"]), Self.good(),
      Self.good(["reader": "R2", "os_days": "x"]),
      Self.good(["reader": "R3", "tissue_subtype": "F1"]),
    ]
    let error = #expect(throws: CohortError.self) { try Self.cohort(rows, events: events) }
    let text = error.map { "\($0)" } ?? ""
    for words in [
      "line 2: tissue_subtype 'F9'", "line 3: participant, lesion", "of line 2 again",
      "line 4: os_days 'x' is not a number", "line 5: tissue_subtype differs from line",
      "adverse events, line 2: grade 6", "adverse events, line 3: the participant is not in the",
      "adverse events, line 4: participant_id is empty",
      "adverse events, line 4: grade is not a whole number",
      "adverse events, line 4: related_to_tace '?'",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
    #expect(!text.contains("p-secret") && !text.contains("nobody"))
  }

  @Test func fractionsAreNotPercent() throws {
    let rows = (1...6).map {
      Self.good(["participant_id": "p\($0)", "tumour_pdff_percent": "0.0\($0)"])
    }
    let error = #expect(throws: CohortError.self) { try Self.cohort(rows) }
    #expect(error.map { "\($0)".contains("write percent, not fractions") } ?? false)
    #expect(try Self.cohort(Array(rows.prefix(5))).participants.count == 5)
  }

  /// A mean slightly below 0 is noise and is kept; later lines may leave empty what the first says.
  @Test func theCountedRow() throws {
    let cohort = try Self.cohort([
      Self.good(["tumour_pdff_percent": "-0.7", "repeat": "2", "provisional_subtype": ""]),
      Self.good(["reader": "R2", "tumour_pdff_percent": "9", "tissue_subtype": ""]),
      Self.good(["tumour_pdff_percent": "6"]),
      Self.good(["scanner": "B", "tumour_pdff_percent": "8"]),
      Self.good(["lesion": "L0", "tumour_pdff_percent": "30"]),
    ])
    #expect(cohort.participants.count == 1)
    let participant = try #require(cohort.participants.first)
    #expect(participant.counted.percent == 6 && participant.rows.count == 5)
    #expect(participant.rows[0].percent == -0.7)
    #expect(participant.tissue == .subtype(.f2))
    #expect(participant.counted.call == ProvisionalCall(subtype: .f2))
  }

  /// The lesion that tissue came from counts, wherever it is listed.
  @Test func theBiopsiedLesionCounts() throws {
    let cohort = try Self.cohort([
      Self.good(["lesion": "L0", "tumour_pdff_percent": "30"]), Self.good(),
    ])
    #expect(cohort.participants[0].counted.percent == 5.2)
    let evidence = try CohortEvidence(cohort, model: nil)
    #expect(evidence.setApart.isEmpty)
  }

  @Test func whatIsNoEvidenceIsSetApart() throws {
    func apart(_ change: [String: String]) throws -> SetApart? {
      try CohortEvidence(Self.cohort([Self.good(change)]), model: nil).setApart[0]
    }
    #expect(try apart([:]) == nil)
    #expect(try apart(["tissue_reported_on": "2026-02-01"]) == .tissueBeforeSeal)
    #expect(try apart(["tissue_reported_on": "2026-01-31"]) == .tissueBeforeSeal)
    #expect(try apart(["tissue_reported_on": "2026-02-02"]) == nil)
    #expect(try apart(["sealed_on": ""]) == .orderUnknown)
    #expect(try apart(["tissue_lesion": "L7"]) == .otherLesion)
    // Without tissue, or without a call, there is nothing that could be evidence.
    #expect(try apart(["tissue_subtype": "", "tissue_reported_on": "", "sealed_on": ""]) == nil)
    #expect(
      try apart(["tissue_subtype": "failed", "tissue_reported_on": "2026-01-01"]) == nil)
    #expect(try apart(["provisional_subtype": "", "sealed_on": ""]) == nil)
  }

  @Test func withoutCallsAModelIsNeeded() throws {
    let text = "participant_id,tumour_pdff_percent,tissue_subtype\na,3,F1\n"
    let cohort = try ValidationCohort(CSVTable(bytes: Array(text.utf8)))
    let error = #expect(throws: CohortError.self) { try CohortEvidence(cohort, model: nil) }
    #expect(error?.code == .modelNeeded && error?.exit.rawValue == 64)
  }

  @Test func theFlowAddsUp() throws {
    func row(_ number: Int, _ change: [String: String]) -> [String: String] {
      Self.good(change.merging(["participant_id": "p\(number)"]) { $1 })
    }
    let cohort = try Self.cohort([
      row(1, [:]), row(2, ["provisional_subtype": "indeterminate", "provisional_set": "F1 F2"]),
      row(3, ["tissue_subtype": "failed"]),
      row(4, ["tissue_subtype": "", "tissue_reported_on": ""]),
      row(5, ["tumour_pdff_percent": "", "provisional_subtype": "", "sealed_on": ""]),
      row(6, ["provisional_subtype": "", "sealed_on": ""]),
      row(7, ["sealed_on": "2026-03-01"]),
    ])
    let evidence = try CohortEvidence(cohort, model: nil)
    let flow = CohortFlow(evidence)
    #expect(flow.enrolled == 7 && flow.setApart[.tissueBeforeSeal] == 1)
    #expect(flow.notMeasured == 1 && flow.measured == 5 && flow.notCalled == 1)
    #expect(flow.calledCount == 4 && flow.indeterminate == 1)
    #expect(flow.tissueFailed == 1 && flow.tissuePending == 1)
    #expect(flow.analysed == 2 && flow.analysedDeterminate == 1)
    #expect(evidence.analysed.count == flow.analysed)
    // An indeterminate call within F1 and F2 decides the arm.
    #expect(evidence.analysed[1].calledArmIndex == 0)
  }

  /// Unknown columns are named, not refused; a spreadsheet's other separators are read by the table.
  @Test func unknownColumnsAreNamed() throws {
    let text = "participant_id,tumour_pdff_percent,tissue_subtype,pfs_event_\na,3,F1,1\n"
    let cohort = try ValidationCohort(CSVTable(bytes: Array(text.utf8)))
    #expect(cohort.unknownColumns == ["pfs_event_"])
  }
}
