import Documents
import Registry
import Testing
import Trial

/// `amend` and `void`, `configure`.
@Suite struct ChangeTests {
  @Test func amendingKeepsWhatWasThere() throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let coordinator = try study.session(.coordinator)
    let reader = try study.session(.reader)
    let entry = try #require(try reader.status(participant: "P-001").tissue.first).entry
    #expect(
      code { try reader.amend(entry: entry, ["subtype": "F3"], reason: nil) } == "reason-missing")
    #expect(
      code { try reader.amend(entry: entry, ["subtype": "F1"], reason: "r") } == "nothing-changed")
    #expect(
      code { try reader.amend(entry: entry, ["subtype": "F9"], reason: "r") }
        == "registry-text-invalid")
    #expect(
      code { try reader.amend(entry: entry, ["biopsy_on": "2026-03-10"], reason: "r") }
        == "event-impossible")
    // A report can't be later than the day on which it was entered.
    study.time.set("2026-03-20")
    #expect(
      code { try reader.amend(entry: entry, ["reported_on": "2026-03-15"], reason: "r") }
        == "date-in-future")
    try reader.amend(entry: entry, ["subtype": "F3"], reason: "typing error")
    #expect(try coordinator.status(participant: "P-001").state == "concordant")
    let line = try #require(try study.session(.auditor).history(participant: "P-001").last)
    #expect(line.before?["subtype"] == "F1" && line.after?["content"]?["subtype"] == "F3")
    #expect(line.reason == "typing error" && line.action == "amend")
  }

  @Test func whoMayNotMakeAnEntryMayNotChangeIt() throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let all = try study.session(.auditor).history(participant: "P-001")
    let entries = Dictionary(all.map { ($0.action, $0.entry) }) { first, _ in first }
    let call = try #require(entries["call"])
    let tissue = try #require(entries["tissue"])
    let treatment = try #require(entries["treat"])
    #expect(
      code { try study.session(.radiologist).void(entry: tissue, reason: "r") } == "entry-missing")
    #expect(
      code { try study.session(.radiologist).void(entry: 9999, reason: "r") } == "entry-missing")
    #expect(code { try study.session(.reader).void(entry: call, reason: "r") } == "entry-missing")
    #expect(
      code { try study.session(.reader).void(entry: treatment, reason: "r") } == "entry-missing")
    #expect(code { try study.session(.auditor).void(entry: call, reason: "r") } == "not-permitted")
    #expect(
      code { try study.session(.coordinator).amend(entry: call, ["lesion": "L2"], reason: "r") }
        == "entry-fixed")
    let enrolment = try #require(entries["enrol"])
    #expect(
      code { try study.session(.coordinator).void(entry: enrolment, reason: "r") } == "entry-in-use"
    )
  }

  @Test func aVoidedEnrolmentCanBeMadeAnew() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let coordinator = try study.session(.coordinator)
    let entry = try #require(try coordinator.history(participant: "P-001").last).entry
    try coordinator.amend(entry: entry, ["site": "Bern"], reason: "wrong site")
    #expect(try coordinator.status(participant: "P-001").site == "Bern")
    try coordinator.void(entry: entry, reason: "not eligible")
    #expect(code { _ = try coordinator.status(participant: "P-001") } == "participant-missing")
    #expect(try coordinator.worklist().count == 0)
    try study.enrol("P-001")
    #expect(try coordinator.history(participant: "P-001").count == 4)
    _ = try Registry.verify(study.path)
  }

  @Test func deviationsStandWithTheirReason() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    try study.call("P-001")
    try study.treat("P-001", .systemicStart, "2026-02-21")
    study.time.set("2026-04-20")
    #expect(
      code { try study.treat("P-001", .tace, "2026-04-15", lesion: "L1") }
        == "deviation-unexplained")
    let recorded = try study.treat(
      "P-001", .tace, "2026-04-15", lesion: "L1", reason: "the angiography was out of order")
    #expect(!recorded.deviations.isEmpty)
    let event = try #require(recorded.status?.events.last)
    #expect(event.deviations.count == recorded.deviations.count)
    for (rule, message) in zip(event.deviations, recorded.deviations) {
      #expect(message.hasPrefix(rule))
    }
    let entry = try #require(try study.session(.coordinator).history(participant: "P-001").last)
    #expect(entry.reason == "the angiography was out of order")
  }

  @Test func settingsChangeKeyByKey() throws {
    let study = try StudyFixture { $0.leadTimeDays = ["Basel": 2] }
    let root = try study.session(.admin)
    try root.configure(["scan_before_biopsy": true], reason: "amendment 2")
    let settings = try root.settings()
    #expect(settings.scanBeforeBiopsy && settings.leadTimeDays == ["Basel": 2])
    #expect(settings.approvedModels == [StudyFixture.model])
    #expect(
      code { try root.configure(["scan_before_biopsy": true], reason: "r") } == "nothing-changed")
    for wrong: JSONValue in [["simulated": true], ["study": "other"], ["unknown": 1], "text"] {
      #expect(code { try root.configure(wrong, reason: "r") } == "study-settings-invalid")
    }
    #expect(code { try study.session(.coordinator).configure([:], reason: "r") } == "not-permitted")
  }

  @Test func textsAreOneLine() throws {
    let study = try StudyFixture()
    for site in ["", " ", "a\nb", "a\u{0}b", String(repeating: "x", count: 41)] {
      #expect(code { try study.enrol("P-001", site: site) } == "registry-text-invalid")
    }
    try study.enrol("P-001", site: "Zürich '); DROP TABLE entry; --")
    #expect(try study.session(.coordinator).sites() == ["Zürich '); DROP TABLE entry; --"])
    _ = try Registry.verify(study.path)
  }
}
