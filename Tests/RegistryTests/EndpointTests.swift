import Documents
import Registry
import Testing
import Trial

/// Endpoints by hand: days from D0 = 2026-01-10.
@Suite struct EndpointTests {
  private func ends(_ events: [(FollowUpEvent.Detail, Int)], tace: [Int] = [], start: Bool = true)
    -> Endpoints
  {
    let zero = StudyFixture.day("2026-01-10")
    var record = ParticipantRecord(
      participant: Participant(id: "P", site: "s", enrolledOn: zero.adding(days: -5)))
    if start { record.treatment = [TreatmentEvent(entry: 1, kind: .systemicStart, date: zero)] }
    record.treatment += tace.map {
      TreatmentEvent(entry: 2 + $0, kind: .tace, date: zero.adding(days: $0), lesion: "L")
    }
    record.followUp = events.enumerated().map { place, event in
      FollowUpEvent(entry: 100 + place, date: zero.adding(days: event.1), detail: event.0)
    }
    return Endpoints(record)
  }

  private func seen(
    _ recist: Response.Category?, _ mrecist: Response.Category? = nil, confirmed: Bool = false
  ) -> FollowUpEvent.Detail {
    .response(
      recist: recist.map { Response($0, isConfirmed: confirmed) },
      mrecist: mrecist.map { Response($0, isConfirmed: confirmed) })
  }

  @Test func withoutAStartThereAreNone() {
    let ends = ends([(seen(.partial), 42), (.conversion, 60)], start: false)
    #expect(ends.progressionDays == nil && ends.survivalDays == nil && ends.bestRECIST == nil)
    #expect(ends.converted && ends.asTreated == nil)
  }

  @Test func aConfirmedResponseThenProgression() {
    let ends = ends(
      [
        (seen(.stable, .partial), 42), (seen(.partial), 84), (seen(.partial, confirmed: true), 126),
        (.progression(criterion: .recist), 168), (seen(.complete), 210), (.death, 300),
      ], tace: [21, 60])
    #expect(ends.bestRECIST == .partial && ends.bestMRECIST == .partial)
    #expect(ends.responseConfirmed == true && ends.responseDays == 84)
    #expect(ends.progressionDays == 168 && ends.progressed == true)
    #expect(ends.survivalDays == 300 && ends.died == true)
    #expect(ends.asTreated == "systemic+TACE" && ends.firstTACEDays == 21)
  }

  @Test func withoutAnEventTheLastAssessmentCensors() {
    let ends = ends([
      (seen(.stable), 42), (seen(.notEvaluable), 84),
      (.adverseEvent(AdverseEvent(term: "t", grade: 1)), 100),
    ])
    #expect(ends.progressionDays == 42 && ends.progressed == false)
    #expect(ends.survivalDays == 100 && ends.died == false)
    #expect(ends.bestRECIST == .stable && ends.responseConfirmed == false)
    #expect(ends.responseDays == nil && ends.asTreated == "systemic")
  }

  @Test func deathIsAnEventOfBoth() {
    let ends = ends([(.death, 30)])
    #expect(ends.progressionDays == 30 && ends.progressed == true && ends.survivalDays == 30)
    #expect(ends.bestRECIST == nil && ends.responseConfirmed == nil)
  }

  @Test func progressiveDiseaseAtOnceIsTheBestResponse() {
    let ends = ends([(seen(.progressive), 42), (seen(.partial), 84)])
    #expect(ends.bestRECIST == .progressive && ends.progressionDays == 42)
    #expect(ends.responseDays == nil)
  }
}
