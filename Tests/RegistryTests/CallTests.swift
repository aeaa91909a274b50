import Calibration
import Documents
import Foundation
import Registry
import Testing
import Trial

/// `call` and `tissue`: what is sealed, what is refused.
@Suite struct CallTests {
  private func seal(
    _ study: StudyFixture, _ measurement: JSONValue, acquiredOn: String? = nil,
    sealedOn: String? = nil, lesion: String = "L1", reason: String? = nil,
    by role: Role = .coordinator
  ) throws -> Recorded {
    try study.session(role).call(
      CallRequest(
        participant: "P-001", lesion: lesion, measurement: StudyFixture.bytes(measurement),
        acquiredOn: acquiredOn.map(StudyFixture.day), sealedOn: sealedOn.map(StudyFixture.day),
        reason: reason))
  }

  @Test func aCallIsSealed() throws {
    let study = try StudyFixture { $0.timeZone = "Asia/Shanghai" }
    try study.enrol("P-001")
    // Five in the afternoon in Greenwich is the next day in Shanghai.
    study.time.set("2026-03-01T17:30:00.250Z")
    let recorded = try study.call("P-001")
    let line = try #require(try study.session(.auditor).status(participant: "P-001").calls.first)
    #expect(line.call == "F3" && line.arm == .systemicAndTACE && line.pdffPercent == 7.75)
    #expect(line.sealedOn == StudyFixture.day("2026-03-02"))
    #expect(line.seal == recorded.seal)
    let entry = try #require(try study.session(.auditor).history(participant: "P-001").last)
    let seals = try #require(entry.after?["seals"])
    #expect(sha256Hex(Array(seals.canonical().utf8)) == recorded.seal)
    #expect(seals["sealed_at"] == "2026-03-01T17:30:00.250Z")
    #expect(seals["measurement"] == StudyFixture.measurement()["sha256"])
    #expect(seals["ledger"] == .string(String(repeating: "b", count: 64)))
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let name: String
    let document: JSONValue
    let code: String
    var testDescription: String { name }
  }

  private static func changed(_ key: String, _ value: JSONValue, sealed: Bool = true) -> JSONValue {
    guard case .object(var members) = StudyFixture.measurement() else { return .null }
    members[key] = value
    return sealed ? JSONValue.object(members).sealed() : .object(members)
  }

  private static func call(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(var call)? = StudyFixture.measurement()["subtype"] else { return .null }
    call[key] = value
    return changed("subtype", .object(call))
  }

  static let bad: [Bad] = [
    Bad(name: "no document", document: "text", code: "measurement-invalid"),
    Bad(
      name: "another schema", document: changed("schema", "pdff.measurement/2"),
      code: "measurement-invalid"),
    Bad(
      name: "a changed byte", document: changed("acquired_on", "2026-02-21", sealed: false),
      code: "measurement-changed"),
    Bad(name: "no call", document: changed("subtype", nil), code: "measurement-without-call"),
    Bad(name: "a contradiction", document: call("arm", "systemic"), code: "measurement-invalid"),
    Bad(name: "an unknown set", document: call("set", ["F4"]), code: "measurement-invalid"),
    Bad(name: "no model", document: call("model", nil), code: "measurement-invalid"),
    Bad(name: "no ledger", document: changed("rois", []), code: "measurement-invalid"),
    Bad(
      name: "another model",
      document: StudyFixture.measurement(model: String(repeating: "d", count: 64)),
      code: "model-not-approved"),
    Bad(
      name: "a demonstration model", document: StudyFixture.measurement(status: .demonstration),
      code: "model-status-unfit"),
    Bad(name: "no date", document: StudyFixture.measurement(on: nil), code: "scan-undated"),
    Bad(
      name: "shifted dates", document: StudyFixture.measurement(shifted: true), code: "scan-undated"
    ),
    Bad(
      name: "a scan of tomorrow", document: StudyFixture.measurement(on: "2026-03-02"),
      code: "date-in-future"),
    Bad(
      name: "after TACE", document: StudyFixture.measurement(afterTACE: true),
      code: "event-impossible"),
  ]

  @Test(arguments: bad) func badMeasurementsAreRefused(bad: Bad) throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    #expect(code { _ = try seal(study, bad.document) } == bad.code)
    #expect(try study.session(.coordinator).status(participant: "P-001").calls.isEmpty)
    let last = try #require(try study.session(.auditor).history().last)
    #expect(last.action == "refusal" && last.after?["code"] == .string(bad.code))
  }

  @Test func aGivenDateIsRecordedWithWhoGaveIt() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let shifted = StudyFixture.measurement(on: "1999-01-01", shifted: true)
    _ = try seal(study, shifted, acquiredOn: "2026-02-18", by: .radiologist)
    let call = try #require(try study.session(.auditor).history(participant: "P-001").last?.after)
    #expect(call["scanned_on"] == "2026-02-18" && call["scanned_on_by"] == "radiologist")
    // A date that the measurement knows is not overruled.
    #expect(
      code {
        _ = try seal(study, StudyFixture.measurement(), acquiredOn: "2026-02-18", lesion: "L2")
      }
        == "scan-date-differs")
    #expect(
      code { _ = try seal(study, StudyFixture.measurement(), sealedOn: "2026-02-18", lesion: "L2") }
        == "sealed-on-given")
  }

  @Test func scansAreEarlierThanTreatmentAndBiopsy() throws {
    let study = try StudyFixture { $0.scanBeforeBiopsy = true }
    try study.enrol("P-001")
    try study.treat("P-001", .systemicStart, "2026-02-20")
    #expect(code { try study.call("P-001", scanned: "2026-02-21") } == "event-impossible")
    try study.tissue("P-001", .failed, biopsy: "2026-02-18", reported: "2026-02-19")
    #expect(code { try study.call("P-001", scanned: "2026-02-19") } == "event-impossible")
    // To a radiologist the biopsy is not told.
    #expect(
      code { try study.call("P-001", scanned: "2026-02-19", by: .radiologist) }
        == "call-not-accepted")
    try study.call("P-001", scanned: "2026-02-18")
    try study.enrol("P-002")
    try study.treat("P-002", .priorTACE, "2026-02-10")
    #expect(code { try study.call("P-002", scanned: "2026-02-12") } == "event-impossible")
  }

  @Test func aLaterCallTakesTheFirstOnesPlace() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let first = try study.call("P-001", [.f1])
    #expect(code { try study.call("P-001", [.f3]) } == "call-exists")
    let second = try study.call("P-001", [.f3], reason: "motion in the first scan")
    let calls = try study.session(.coordinator).status(participant: "P-001").calls
    #expect(calls.map(\.standing) == [.superseded, .standing])
    #expect(
      code { try study.session(.coordinator).void(entry: first.entry, reason: "r") }
        == "entry-in-use")
    // Voiding the later one brings the first one back.
    try study.session(.coordinator).void(entry: second.entry, reason: "wrong participant")
    let after = try study.session(.coordinator).status(participant: "P-001").calls
    #expect(after.map(\.standing) == [.standing, .voided])
    // Another lesion's call stands beside it.
    try study.call("P-001", [.f1], lesion: "L2")
  }

  @Test func onceTissueIsKnownNothingIsProvisional() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let recorded = try study.tissue("P-001", .f2, reported: "2026-02-28")
    #expect(code { try study.call("P-001") } == "event-impossible")
    #expect(code { try study.call("P-001", by: .radiologist) } == "call-not-accepted")
    // The log keeps the true reason.
    let refusal = try #require(try study.session(.auditor).history().last)
    #expect(refusal.user == "radiologist" && refusal.after?["rules"] == ["tissue-known"])
    // Voiding it does not make it unknown.
    try study.session(.reader).void(entry: recorded.entry, reason: "wrong participant")
    #expect(code { try study.call("P-001") } == "event-impossible")
    #expect(code { try study.call("P-001", by: .radiologist) } == "call-not-accepted")
  }

  @Test func evidenceNeedsTheSealFirstAndTheSameLesion() throws {
    let study = try StudyFixture()
    for id in ["P-001", "P-002", "P-003"] {
      try study.enrol(id)
      try study.call(id)
    }
    study.time.set("2026-03-02")
    try study.tissue("P-001", .f3, reported: "2026-03-01")
    try study.tissue("P-002", .f3, reported: "2026-03-02")
    try study.tissue("P-003", .f3, lesion: "L2", reported: "2026-03-02")
    let coordinator = try study.session(.coordinator)
    #expect(try coordinator.status(participant: "P-001").state == "not-evidence")
    #expect(try coordinator.status(participant: "P-002").state == "concordant")
    #expect(try coordinator.status(participant: "P-003").state == "not-evidence")
    let agreement = try #require(try coordinator.summary().agreement)
    #expect(agreement.pairs == 1 && agreement.notEvidence == 2)
    #expect(agreement.subtypes == ["F3": ["F3": 1]])
  }

  @Test func datesAreNotInTheFuture() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    #expect(code { try study.enrol("P-002", on: "2026-03-02") } == "date-in-future")
    #expect(code { try study.tissue("P-001", reported: "2026-03-02") } == "date-in-future")
    #expect(code { try study.treat("P-001", .systemicStart, "2026-03-02") } == "date-in-future")
    #expect(code { try study.follow("P-001", .withdrawal, "2026-03-02") } == "date-in-future")
    // A plan lies in the future.
    try study.treat("P-001", .systemicStart, "2026-03-01")
    try study.treat("P-001", .tacePlanned, "2026-03-20", reason: "no call yet")
  }

  @Test func inASimulatedStudyDatesAreData() throws {
    let study = try StudyFixture(simulated: true)
    try study.enrol("P-001", on: "2031-01-01")
    try study.call("P-001", [.f1], scanned: "2031-01-02", sealedOn: "2031-01-03")
    try study.tissue("P-001", .f1, biopsy: "2031-01-04", reported: "2031-01-20")
    let status = try study.session(.coordinator)
      .status(participant: "P-001", on: StudyFixture.day("2031-02-01"))
    #expect(status.state == "concordant" && status.isSimulated)
    let export = try study.session(.auditor).export(.csv, unblinded: true)
    #expect(export.text.contains(",simulated\n") && export.text.contains("P-001,7.75,F1,F1,F1,"))
    // A model for patients is not used on invented ones.
    let real = StudyFixture.measurement()
    #expect(code { _ = try seal(study, real, lesion: "L2") } == "model-status-unfit")
  }

  /// A date that is amended can make a sealed call worthless: it is not exported as a value.
  @Test func aScanThatTurnsOutTooLateIsNoValue() throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let coordinator = try study.session(.coordinator)
    let auditor = try study.session(.auditor)
    let started = try #require(
      try auditor.status(participant: "P-001").events.first { $0.event == "systemic-start" })
    let before = try auditor.export(.csv, unblinded: true).text
    #expect(before.contains("P-001,7.75,F1,F3"))
    try coordinator.amend(
      entry: started.entry, ["date": "2026-02-19"], reason: "the dose was given a day earlier")
    #expect(try coordinator.status(participant: "P-001").state == "not-evidence")
    let after = try auditor.export(.csv, unblinded: true).text
    #expect(after.contains("P-001,,F1,,,,,2026-03-09,,L1,"))
    let json = try auditor.export(.json, unblinded: true).text
    #expect(json.contains("\"not_evidence\": [\"scan-after-start\"]"))
  }
}
