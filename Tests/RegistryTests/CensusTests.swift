import Registry
import Testing
import Trial

/// A server keeps everybody in memory: what it says is what one says who reads the file for the first time.
/// Every comparison is exact.
@Suite struct CensusTests {
  private static func all(_ registry: Registry) throws -> [String] {
    var told: [String] = []
    for role in Role.allCases {
      let session = try registry.session(trusted: role == .admin ? "root" : role.rawValue)
      told.append("\(try session.sites())")
      for day in ["2026-02-20", "2026-03-05", "2026-03-12"].map(StudyFixture.day) {
        told.append("\(role) \(try session.summary(on: day).document.canonical())")
        guard role == .coordinator || role == .auditor else { continue }
        told += try session.forecast(on: day).map { "\(role) \($0.document.canonical())" }
      }
    }
    return told
  }

  @Test func whatIsKeptIsWhatTheFileSays() throws {
    let study = try StudyFixture()
    let kept = try Registry(
      opening: study.path, wait: 5, readsApart: true, clock: study.time.clock)
    try kept.readAhead()
    func check(_ what: Comment) throws {
      let fresh = try Registry(opening: study.path, wait: 5, clock: study.time.clock)
      #expect(try Self.all(kept) == Self.all(fresh), what)
    }
    try check("nobody")
    try study.discordant("P-001", "P-002")
    try check("two stories")
    let before = try Self.all(kept)
    for number in 10..<18 {
      try study.enrol("P-0\(number)", on: "2026-02-2\(number - 10)")
    }
    try study.treat("P-010", .systemicStart, "2026-03-01")
    try study.tissue("P-011", .f2, reported: "2026-03-09")
    #expect(try Self.all(kept) != before)
    try check("eight more")
    let coordinator = try study.session(.coordinator)
    let mistake = try study.tissue("P-012", .f3, reported: "2026-03-10").entry
    try check("a mistake")
    try coordinator.amend(entry: mistake, ["subtype": "F1"], reason: "misread")
    try check("amended")
    try coordinator.void(entry: mistake, reason: "of another participant")
    try check("void")
    let enrolment = try coordinator.enrol(participant: "P-099", site: "Bern").entry
    try check("enrolled")
    try coordinator.void(entry: enrolment, reason: "withdrew consent at once")
    try check("enrolment void")
    #expect(code { try study.enrol("P-001") } == "participant-exists")
    try check("refused")
    let admin = try study.session(.admin)
    try admin.configure(["tace_window_days": [10, 35]], reason: "amendment 2")
    try check("another window")
    try admin.unblind(reason: "the end")
    try check("unblinded")
  }

  /// Pages of single participants are read while somebody reads all of them.
  @Test func readingEverybodyKeepsNobodyWaiting() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    let kept = try Registry(
      opening: study.path, wait: 5, readsApart: true, clock: study.time.clock)
    let session = try kept.session(trusted: "coordinator")
    let seen = try kept.whileReadingEverybody { try session.worklist().count }
    #expect(seen == 1)
  }
}
