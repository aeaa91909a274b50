import Calibration
import Documents
import Testing
import Trial

/// What is refused, and what is a deviation; every comparison is exact.
@Suite struct RuleTests {
  static let started = [Invented.treatment(.systemicStart, 0)]
  static let called = [Invented.call([.f3])]

  private func broken(
    _ kind: TreatmentEvent.Kind, _ date: Int, _ lesion: String? = nil,
    after events: [TreatmentEvent], tissue: [TissueResult] = []
  ) -> [String] {
    Invented.broken(
      .treatment(Invented.treatment(kind, date, lesion)),
      Invented.record(calls: Self.called, tissue: tissue, treatment: events))
  }

  @Test(arguments: [(13, false), (14, true), (28, true), (29, false)])
  func windowBindsTheFirstSession(date: Int, isInside: Bool) {
    let paused = Self.started + [Invented.treatment(.apatinibPause, date - 4)]
    #expect(
      broken(.tace, date, "L1", after: paused) == (isInside ? [] : ["tace-outside-window"]))
    let again =
      Self.started + [Invented.treatment(.tace, 15, "L1"), Invented.treatment(.apatinibPause, 56)]
    #expect(broken(.tace, 60, "L1", after: again) == [])
    var settings = Invented.settings
    settings.windowBindsEverySession = true
    let record = Invented.record(calls: Self.called, treatment: again)
    #expect(
      Invented.broken(.treatment(Invented.treatment(.tace, 60, "L1")), record, settings)
        == ["tace-outside-window"])
  }

  @Test(arguments: [(2, false), (3, true), (5, true), (6, false)])
  func apatinibRests(days: Int, isEnough: Bool) {
    let paused = Self.started + [Invented.treatment(.apatinibPause, 20 - days)]
    #expect(
      broken(.tace, 20, "L1", after: paused) == (isEnough ? [] : ["pause-outside-days"]))
    let done =
      Self.started + [
        Invented.treatment(.apatinibPause, 16), Invented.treatment(.tace, 20, "L1"),
      ]
    #expect(
      broken(.apatinibRestart, 20 + days, after: done) == (isEnough ? [] : ["restart-outside-days"])
    )
  }

  @Test func twoPerTumourFourInAll() {
    func session(_ date: Int, _ lesion: String) -> [TreatmentEvent] {
      [
        Invented.treatment(.apatinibPause, date - 4), Invented.treatment(.tace, date, lesion),
        Invented.treatment(.apatinibRestart, date + 4),
      ]
    }
    let two = Self.started + session(20, "L1") + session(62, "L1")
    let third = two + [Invented.treatment(.apatinibPause, 100)]
    #expect(broken(.tace, 104, "L1", after: third) == ["too-many-in-tumour"])
    #expect(broken(.tace, 104, "L2", after: third) == [])
    // Two tumours on one day are one session.
    let four = two + session(104, "L2") + session(146, "L2")
    #expect(broken(.tace, 146, "L3", after: four) == [])
    let fifth = four + [Invented.treatment(.apatinibPause, 184)]
    #expect(broken(.tace, 188, "L3", after: fifth) == ["too-many-sessions"])
  }

  @Test func orderOfEvents() {
    #expect(broken(.systemicStart, 3, after: Self.started) == ["already-recorded"])
    #expect(broken(.systemicStart, 0, after: Self.started) == ["already-recorded"])
    #expect(broken(.priorTACE, 0, after: Self.started) == ["prior-tace-after-start"])
    #expect(broken(.priorTACE, -40, after: Self.started) == [])
    #expect(broken(.apatinibPause, 10, after: []) == ["not-started"])
    #expect(broken(.apatinibRestart, 10, after: Self.started) == ["not-paused"])
    let paused = Self.started + [Invented.treatment(.apatinibPause, 10)]
    #expect(broken(.apatinibPause, 12, after: paused) == ["already-paused"])
    #expect(broken(.noPause, 12, after: paused) == ["already-paused"])
    #expect(broken(.noPause, 8, after: Self.started) == ["no-pause-too-early"])
    #expect(broken(.noPause, 9, after: Self.started) == [])
    #expect(broken(.taceCancelled, 10, after: Self.started) == ["nothing-planned"])
    let planned = Self.started + [Invented.treatment(.tacePlanned, 20, "L1")]
    #expect(broken(.taceCancelled, 20, after: planned) == [])
    #expect(broken(.taceCancelled, 10, after: planned) == [])
    #expect(broken(.taceCancelled, 21, after: planned) == ["nothing-planned"])
    #expect(broken(.tacePlanned, 20, "L1", after: planned) == ["already-recorded"])
    #expect(broken(.tace, 20, after: paused).contains("lesion-missing"))
  }

  @Test func outsideTheArmWantsAReason() throws {
    let tissue = [Invented.tissue(.f1, reported: 12)]
    // What was done before tissue answered was in the arm of the call.
    #expect(broken(.apatinibPause, 11, after: Self.started, tissue: tissue) == [])
    #expect(broken(.apatinibPause, 12, after: Self.started, tissue: tissue) == ["not-in-arm"])
    let breaches = [RuleBreach(.notInArm)]
    #expect(throws: TrialError(.deviationUnexplained, Rule.notInArm.summary)) {
      try RuleBreach.refuse(breaches, reason: nil)
    }
    try RuleBreach.refuse(breaches, reason: "decided at the tumour board")
    #expect(throws: TrialError(.eventImpossible, Rule.notPaused.summary)) {
      try RuleBreach.refuse([RuleBreach(.notPaused)], reason: "whatever")
    }
  }

  @Test func callsBeforeWhatTheyCouldFollow() {
    func broken(_ call: SealedCall, _ record: ParticipantRecord, before: Bool = true) -> [String] {
      var settings = Invented.settings
      settings.scanBeforeBiopsy = before
      settings.isSimulated = false
      return Invented.broken(.call(call), record, settings)
    }
    let started = Invented.record(treatment: Self.started)
    #expect(broken(Invented.call([.f1], scanned: 0, sealed: 1), started) == [])
    #expect(broken(Invented.call([.f1], scanned: 1, sealed: 1), started) == ["scan-after-start"])
    let prior = Invented.record(treatment: [Invented.treatment(.priorTACE, -20)])
    #expect(broken(Invented.call([.f1], scanned: -20), prior) == ["scan-after-tace"])
    #expect(broken(Invented.call([.f1], scanned: -21), prior) == [])
    let failed = Invented.record(tissue: [Invented.tissue(.failed, biopsy: -13)])
    #expect(broken(Invented.call([.f1]), failed) == ["scan-after-biopsy"])
    #expect(broken(Invented.call([.f1]), failed, before: false) == [])
    let known = Invented.record(tissue: [Invented.tissue(.f1)])
    #expect(broken(Invented.call([.f1]), known) == ["tissue-known"])
    #expect(
      broken(Invented.call([.f1], scanned: -10), Invented.record()) == ["scan-after-seal"])
  }

  @Test func datesAfterTodayOnlyInASimulatedStudy() {
    var settings = Invented.settings
    settings.isSimulated = false
    let record = Invented.record(treatment: Self.started)
    func broken(_ event: RecordedEvent, _ settings: StudySettings) -> Set<String> {
      Set(Invented.broken(event, record, settings, today: 3))
    }
    let tomorrow = RecordedEvent.tissue(Invented.tissue(.f1, reported: 4))
    #expect(broken(tomorrow, settings) == ["date-in-future"])
    #expect(broken(tomorrow, Invented.settings) == [])
    #expect(broken(.tissue(Invented.tissue(.f1, reported: 3)), settings) == [])
    let plan = RecordedEvent.treatment(Invented.treatment(.tacePlanned, 20))
    #expect(broken(plan, settings) == ["not-in-arm"])
  }

  @Test func tissueAnswersOncePerLesion() {
    let record = Invented.record(tissue: [Invented.tissue(.f1)])
    func broken(_ result: TissueResult, _ record: ParticipantRecord) -> [String] {
      Invented.broken(.tissue(result), record)
    }
    #expect(broken(Invented.tissue(.f3, reported: 9), record) == ["second-result"])
    #expect(broken(Invented.tissue(.f3, lesion: "L2"), record) == ["other-lesion-too"])
    let failed = Invented.record(tissue: [Invented.tissue(.failed)])
    #expect(broken(Invented.tissue(.f3, reported: 9), failed) == [])
    #expect(broken(Invented.tissue(.failed), failed) == ["already-recorded"])
    #expect(broken(Invented.tissue(.f1, reported: -10), failed) == ["report-before-biopsy"])
  }

  @Test func followUpAfterTheEnd() {
    let dead = Invented.record(
      treatment: Self.started, followUp: [Invented.followUp(.death, 50)])
    func broken(_ detail: FollowUpEvent.Detail, _ date: Int, _ record: ParticipantRecord)
      -> [String]
    {
      Invented.broken(.followUp(Invented.followUp(detail, date)), record)
    }
    #expect(broken(.withdrawal, 51, dead) == ["after-death"])
    #expect(broken(.death, 60, dead) == ["already-recorded"])
    #expect(broken(.death, -1, Invented.record(treatment: Self.started)) == ["after-death"])
    #expect(
      Invented.broken(.treatment(Invented.treatment(.tace, 51, "L1")), dead).first == "after-death")
    let withdrawn = Invented.record(
      treatment: Self.started, followUp: [Invented.followUp(.withdrawal, 50)])
    #expect(broken(.death, 90, withdrawn) == [])
    #expect(broken(.progression(criterion: .recist), 90, withdrawn) == ["after-closing"])
  }

  @Test(arguments: [(41, ["confirms-nothing"]), (42, [])])
  func confirmationTakesFourWeeks(date: Int, rules: [String]) {
    let first = Invented.followUp(.response(recist: Response(.partial), mrecist: nil), 14)
    let record = Invented.record(treatment: Self.started, followUp: [first])
    let confirmed = Response(.complete, isConfirmed: true)
    func broken(_ detail: FollowUpEvent.Detail) -> [String] {
      Invented.broken(.followUp(Invented.followUp(detail, date)), record)
    }
    #expect(broken(.response(recist: confirmed, mrecist: nil)) == rules)
    #expect(broken(.response(recist: nil, mrecist: confirmed)) == ["confirms-nothing"])
    #expect(broken(.response(recist: nil, mrecist: nil)) == ["response-empty"])
    #expect(
      broken(.adverseEvent(AdverseEvent(term: "Fever", grade: 6))) == ["grade-out-of-range"])
  }
}
