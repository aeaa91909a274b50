import Agreement
import Calibration
import Statistics
import Testing

@Suite struct EndpointTests {
  private func member(
    _ name: String, pfs: (Double, Bool)? = nil, os: (Double, Bool)? = nil, tace: Double? = nil,
    arm: Arm? = nil, change: (inout Endpoints) -> Void = { _ in }
  ) -> CohortParticipant {
    var known = Endpoints()
    known.progressionFree = pfs.map { FollowUp(time: $0.0, isEvent: $0.1) }
    known.overall = os.map { FollowUp(time: $0.0, isEvent: $0.1) }
    known.firstTACEDays = tace
    known.asTreatedArm = arm
    change(&known)
    return CohortParticipant(
      identifier: name, tissue: .subtype(.f3), endpoints: known,
      rows: [MeasurementRow(percent: 9, call: ProvisionalCall(subtype: .f3))])
  }

  /// Who dies, progresses or is lost before day 28 belongs to neither group, whatever was planned.
  @Test func theLandmarkLeavesOutAndCounts() throws {
    let members = [
      member("a", pfs: (27, true), tace: 20), member("b", pfs: (10, false), arm: .systemic),
      member("c", pfs: (28, true), tace: 28), member("d", pfs: (90, true), tace: 29),
      member("e", pfs: (60, false), arm: .systemic),
      member("f", pfs: (60, false), arm: .systemicAndTACE), member("g", tace: 3),
      member("h", pfs: (60, false)),
    ]
    let found = Landmark(emptyMeansNone: false).labelling(
      members, by: \.progressionFree, name: "PFS")
    #expect(found.groups.map(\.name) == ["TACE by day 28", "no TACE by day 28"])
    #expect(found.groups.map { $0.members.map(\.identifier) } == [["c"], ["d", "e"]])
    #expect(
      found.leftOut == [
        .init(reason: "PFS is not recorded", count: 1),
        .init(reason: "PFS: censored before day 28", count: 1),
        .init(reason: "PFS: event before day 28", count: 1),
        .init(reason: "the day of the first TACE is not recorded", count: 1),
        .init(reason: "the treatment is not recorded", count: 1),
      ])
    // Time counts from the landmark.
    #expect(found.followUp(FollowUp(time: 90, isEvent: true)) == FollowUp(time: 62, isEvent: true))
    #expect(found.followUp(FollowUp(time: 27, isEvent: true)) == nil)
    let empty = Landmark(emptyMeansNone: true).labelling(
      members, by: \.progressionFree, name: "PFS")
    #expect(empty.groups[1].members.map(\.identifier) == ["d", "e", "h"])
  }

  /// Not evaluable is no response, unconfirmed is no response, not recorded is left out.
  @Test func responsesAreConfirmed() throws {
    func answer(_ name: String, _ best: Response?, _ confirmed: Bool?, day: Double? = nil)
      -> CohortParticipant
    {
      member(name, pfs: (200, true)) {
        $0.recist = best
        $0.responseConfirmed = confirmed
        $0.responseDays = day
      }
    }
    let members = [
      answer("a", .complete, true, day: 42), answer("b", .partial, true, day: 84),
      answer("c", .partial, false, day: 84), answer("d", .partial, nil),
      answer("e", .stable, nil), answer("f", .notEvaluable, nil), answer("g", nil, nil),
    ]
    let found = Responses(members, best: \.recist)
    #expect(found.objective.value?.successes == 2 && found.objective.value?.trials == 6)
    #expect(found.control.value?.successes == 5 && found.unconfirmed == 2)
    #expect(found.notRecorded == 1 && found.counts == [1, 3, 1, 0, 1])
    #expect(Responses(members, best: \.mrecist).objective.reason != nil)
    #expect(
      Responses.durations(members) == [
        FollowUp(time: 158, isEvent: true), FollowUp(time: 116, isEvent: true),
      ])
  }

  @Test func adverseEventsCountParticipantsByWorstGrade() throws {
    let members = ["a", "b", "c"].map { member($0) }
    let events = [
      AdverseEvent(participant: "a", term: "Fatigue", grade: 2, relatedToTACE: false),
      AdverseEvent(participant: "a", term: "Fatigue", grade: 3, relatedToTACE: nil),
      AdverseEvent(participant: "a", term: "Fever", grade: 1, relatedToTACE: true),
      AdverseEvent(participant: "b", term: "Fever", grade: 1, relatedToTACE: true),
      AdverseEvent(participant: "not of the group", term: "Fever", grade: 5, relatedToTACE: true),
    ]
    let found = AdverseEventsByLabel(members, events)
    #expect(found.worst == [1, 0, 1, 0, 0] && found.worstRelated == [2, 0, 0, 0, 0])
    #expect(found.terms.map(\.name) == ["Fatigue", "Fever"])
    #expect(found.terms.map(\.byGrade) == [[0, 0, 1, 0, 0], [2, 0, 0, 0, 0]])
    #expect(found.severe.value?.successes == 1 && found.severe.value?.trials == 3)
  }

  @Test func migrationCountsEverybodyOnce() throws {
    let members = [
      member("a", arm: .systemicAndTACE), member("b", tace: 20), member("c"),
      member("d", arm: .systemic),
    ]
    let tables = Migration.all(members, landmark: Landmark(emptyMeansNone: false))
    #expect(tables.allSatisfy { $0.counts.reduce(0) { $0 + $1.reduce(0, +) } == members.count })
    let treated = try #require(tables.first { $0.key == "tissue_arm_to_as_treated" })
    #expect(treated.to == ["systemic", "systemic+TACE", "not recorded"])
    #expect(treated.counts[1] == [1, 2, 1])
  }

  /// A curve, a median and a test that can't be are left out with a reason.
  @Test func nobodyFollowedIsSaid() {
    let found = SurvivalByLabel(
      Labelling.tissueSubtype([member("a", pfs: (4, true))]), \.progressionFree)
    #expect(found.groups.map { $0.curve.reason == nil } == [false, false, true])
    #expect(found.logRank.reason == "fewer than two groups were followed")
    #expect(KaplanMeier([]) == nil && KaplanMeier([FollowUp(time: -1, isEvent: true)]) == nil)
  }
}
