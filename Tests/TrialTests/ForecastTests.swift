import Calibration
import Documents
import Testing
import Trial

/// Exact: the sums are of small fractions.
@Suite struct ForecastTests {
  /// Ten who were answered after 10, 11 ... 19 days, four whose biopsy failed after 12, and two who died.
  static let past: [ParticipantRecord] = {
    func record(_ finding: TissueResult.Finding, _ days: Int) -> ParticipantRecord {
      Invented.record(tissue: [Invented.tissue(finding, reported: days - 20)])
    }
    let dead = Invented.record(followUp: [Invented.followUp(.death, -9)])
    return (10...19).map { record(.f1, $0) } + Array(repeating: record(.failed, 12), count: 4)
      + [dead, dead]
  }()

  /// D0 so many days after enrolment, so that the deadline is 23 days later.
  static func waiting(start: Int) -> ParticipantRecord {
    Invented.record(
      calls: [Invented.call([.f1])],
      treatment: [Invented.treatment(.systemicStart, start - 20)])
  }

  static func forecast(_ record: ParticipantRecord, waited: Int) -> Forecast {
    let day = Invented.day(waited - 20)
    let waits = past.map { Wait($0, on: Invented.day(60)) } + [Wait(record, on: day)]
    return Forecast(record, Invented.settings, waits: waits, on: day)
  }

  @Test func conditionsOnTheDaysWaited() throws {
    // Until day 23 - 8 = 15 six of sixteen were answered.
    let fresh = Self.forecast(Self.waiting(start: -8), waited: 0)
    #expect(fresh.atRisk == 16 && fresh.daysWaited == 0 && fresh.deadline == Invented.day(-5))
    #expect(abs(try #require(fresh.estimate).probability - 6.0 / 16) < 1e-12)
    // On day 13, which is still open, seven are left; three of them were answered by day 15.
    let late = Self.forecast(Self.waiting(start: -8), waited: 13)
    #expect(late.atRisk == 7 && late.daysWaited == 13)
    #expect(abs(try #require(late.estimate).probability - 3.0 / 7) < 1e-12)
  }

  @Test func saysWhyThereIsNone() {
    func gap(_ record: ParticipantRecord, waited: Int) -> Forecast.Gap? {
      Self.forecast(record, waited: waited).gap
    }
    #expect(gap(Invented.record(calls: [Invented.call([.f1])]), waited: 10) == .noDeadline)
    #expect(gap(Self.waiting(start: -8), waited: 16) == .deadlinePassed)
    let answered = Invented.record(
      calls: [Invented.call([.f1])], tissue: [Invented.tissue(.f1, reported: -10)],
      treatment: [Invented.treatment(.systemicStart, -20)])
    #expect(gap(answered, waited: 12) == .notWaiting)
    #expect(gap(Self.waiting(start: 0), waited: 17) == .tooFew)
    // Read for a day before enrolment.
    #expect(gap(Self.waiting(start: -8), waited: -1) == .notWaiting)
    let young = Array(repeating: Wait(Invented.record(), on: Invented.day(-6)), count: 6)
    let early = Forecast(
      Self.waiting(start: -8), Invented.settings, waits: young, on: Invented.day(-10))
    #expect(early.atRisk == 6 && early.gap == .notSeenSoLong && early.estimate == nil)
  }

  @Test func waitsEndWithWhatCameFirst() {
    let day = Invented.day(0)
    func wait(_ record: ParticipantRecord) -> Wait { Wait(record, on: day) }
    let still = wait(Invented.record())
    #expect(still.days == 19 && still.end == nil)
    let failed = wait(
      Invented.record(
        tissue: [Invented.tissue(.failed, reported: -8), Invented.tissue(.f1, reported: -5)]))
    #expect(failed.days == 12 && failed.end == .failed)
    let left = wait(
      Invented.record(
        tissue: [Invented.tissue(.f2, reported: -5)],
        followUp: [Invented.followUp(.withdrawal, -6)]))
    #expect(left.days == 14 && left.end == .left)
    let later = wait(Invented.record(tissue: [Invented.tissue(.f2, reported: 1)]))
    #expect(later.end == nil)
  }
}
