import Calibration
import Documents
import Testing
import Trial

/// The days that the trial's public record gives, one by one. Every comparison is exact.
@Suite struct ClockTests {
  static let started = [Invented.treatment(.systemicStart, 0)]

  private func assess(
    _ record: ParticipantRecord, _ settings: StudySettings = Invented.settings, on day: Int
  ) -> Assessment {
    Assessment(record, settings, on: Invented.day(day))
  }

  @Test func unplannedTACEDivergesOnD9() {
    let record = Invented.record(
      calls: [Invented.call([.f3])], tissue: [Invented.tissue(.f1)], treatment: Self.started)
    #expect(assess(record, on: 8).consequence == .harmless)
    #expect(assess(record, on: 9).consequence == .confirmPause)
    #expect(assess(record, on: 9).state == .discordant)
    let waiting = Invented.record(calls: [Invented.call([.f3])], treatment: Self.started)
    #expect(assess(waiting, on: 1).tissueDeadline == Invented.day(8))
  }

  @Test func plannedTACEDivergesFiveDaysBefore() {
    let record = Invented.record(
      calls: [Invented.call([.f3])], tissue: [Invented.tissue(.f2)],
      treatment: Self.started + [Invented.treatment(.tacePlanned, 21)])
    #expect(assess(record, on: 15).consequence == .harmless)
    #expect(assess(record, on: 16).consequence == .confirmPause)
    #expect(assess(record, on: 15).action == NextAction(.cancelTACE, by: Invented.day(15)))
  }

  @Test(arguments: [(0, 23), (4, 19), (10, 13)])
  func turnsToTACEUntilD23LessTheLeadTime(lead: Int, last: Int) {
    var settings = Invented.settings
    settings.leadTimeDays = ["S1": lead]
    settings.defaultLeadTimeDays = 7
    for calls in [[Invented.call([.f1])], [Invented.call(Subtype.allCases)], []] {
      let record = Invented.record(
        calls: calls, tissue: [Invented.tissue(.f3)], treatment: Self.started)
      #expect(assess(record, settings, on: last).consequence == .harmless)
      #expect(assess(record, settings, on: last + 1).consequence == .lateTACE)
      #expect(assess(record, settings, on: last).action.by == Invented.day(last))
      let waiting = Invented.record(calls: calls, treatment: Self.started)
      #expect(assess(waiting, settings, on: 1).tissueDeadline == Invented.day(last))
    }
  }

  @Test func factsComeBeforeDates() {
    let plan = Self.started + [Invented.treatment(.tacePlanned, 20)]
    let paused = plan + [Invented.treatment(.apatinibPause, 15)]
    let restarted = paused + [Invented.treatment(.apatinibRestart, 17)]
    let done = paused + [Invented.treatment(.tace, 20, "L1")]
    func consequence(_ events: [TreatmentEvent]) -> Assessment.Consequence {
      let record = Invented.record(
        calls: [Invented.call([.f3])], tissue: [Invented.tissue(.f1)], treatment: events)
      return assess(record, on: 22).consequence
    }
    #expect(consequence(plan) == .confirmPause)
    #expect(consequence(plan + [Invented.treatment(.noPause, 16)]) == .harmless)
    #expect(consequence(plan + [Invented.treatment(.noPause, 14)]) == .confirmPause)
    #expect(consequence(paused) == .recoverable)
    #expect(consequence(restarted) == .harmless)
    #expect(consequence(done) == .irreversible)
    let later = done + [Invented.treatment(.tacePlanned, 60)]
    let record = Invented.record(
      calls: [Invented.call([.f3])], tissue: [Invented.tissue(.f1)], treatment: later)
    #expect(assess(record, on: 22).action.kind == .cancelTACE)
  }

  /// A TACE was planned for day 20, and nobody has recorded what became of it.
  @Test(arguments: [21, 29, 60]) func plansWhoseDayHasPassedAreAskedAbout(day: Int) {
    let plan = Self.started + [Invented.treatment(.tacePlanned, 20)]
    let asked = NextAction(.confirmTACE, by: Invented.day(day))
    for tissue in [[], [Invented.tissue(.f3)], [Invented.tissue(.failed)]] {
      func action(_ events: [TreatmentEvent]) -> NextAction {
        assess(
          Invented.record(calls: [Invented.call([.f3])], tissue: tissue, treatment: events),
          on: day
        ).action
      }
      #expect(action(plan) == asked)
      #expect(action(plan + [Invented.treatment(.tace, 20)]) != asked)
      #expect(action(plan + [Invented.treatment(.taceCancelled, 20)]) != asked)
    }
    let waiting = Invented.record(calls: [Invented.call([.f3])], treatment: plan)
    #expect(assess(waiting, on: 20).action.kind == .decideWithoutTissue)
  }

  @Test func undecidedSubtypeCountsOnArmLevel() {
    func state(_ set: [Subtype], _ finding: TissueResult.Finding) -> Assessment {
      assess(
        Invented.record(calls: [Invented.call(set)], tissue: [Invented.tissue(finding)]), on: 6)
    }
    #expect(state([.f1, .f2], .f1).state == .sameArm)
    #expect(state([.f1, .f2], .f3).state == .discordant)
    #expect(state([.f1], .f2).state == .sameArm)
    #expect(state([.f1], .f1).state == .concordant)
    #expect(state([.f2, .f3], .f3).notEvidence == [.indeterminate])
  }

  @Test(arguments: [(4, true), (5, false), (6, false)])
  func sealedBeforeTheDayOfTheReport(sealed: Int, isEvidence: Bool) {
    let record = Invented.record(
      calls: [Invented.call([.f1], sealed: sealed)], tissue: [Invented.tissue(.f1, reported: 5)])
    #expect(assess(record, on: 9).state == (isEvidence ? .concordant : .notEvidence))
  }

  @Test func supersededAndVoidedCallsDoNotStand() {
    for standing in [SealedCall.Standing.superseded, .voided] {
      var first = Invented.call([.f3])
      first.standing = standing
      #expect(assess(Invented.record(calls: [first]), on: 1).state == .noCall)
      let record = Invented.record(
        calls: [first, Invented.call([.f1], sealed: -8)], tissue: [Invented.tissue(.f1)])
      #expect(assess(record, on: 6).state == .concordant)
    }
  }

  /// A coordinator's list: today's harm that can be undone, today's, by date, without date, done, closed.
  @Test func urgencyOrders() {
    let call = [Invented.call([.f3])]
    let tissue = [Invented.tissue(.f1)]
    let pause = Self.started + [Invented.treatment(.apatinibPause, 9)]
    let records = [
      Invented.record(calls: call, tissue: tissue, treatment: pause, id: "recoverable"),
      Invented.record(calls: call, tissue: tissue, treatment: Self.started, id: "confirm"),
      Invented.record(treatment: Self.started, id: "deadline-23"),
      Invented.record(id: "no-call"),
      Invented.record(
        calls: [Invented.call([.f1])], tissue: tissue, treatment: Self.started, id: "a-done"),
      Invented.record(
        calls: call, tissue: tissue, treatment: pause,
        followUp: [Invented.followUp(.withdrawal, 9)], id: "a-closed"),
    ]
    let order = records.reversed().map { assess($0, on: 10) }.sorted { $0.urgency < $1.urgency }
    #expect(order.map(\.participant) == records.map(\.participant.id))
  }
}
