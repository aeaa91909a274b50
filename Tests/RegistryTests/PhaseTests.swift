import Calibration
import Documents
import Registry
import TestSupport
import Testing
import Trial

/// The worklist's order on any day is the rules' order.
@Suite struct PhaseTests {
  private let first = StudyFixture.day("2026-03-01").number

  /// Invented participants, among them what the rules would refuse.
  private func record(_ number: Int, _ random: inout SeededGenerator) -> ParticipantRecord {
    func day(_ range: ClosedRange<Int>) -> CalendarDay {
      CalendarDay(number: first + Int.random(in: range, using: &random))
    }
    func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }
    var record = ParticipantRecord(
      participant: Participant(
        id: "P-\(number)", site: chance(0.5) ? "A" : "B", enrolledOn: day(0...3)))
    let sets: [[Subtype]] = [[.f1], [.f3], [.f1, .f2], [.f2, .f3], [.f1, .f2, .f3]]
    if chance(0.8), let set = sets.randomElement(using: &random) {
      record.calls = [
        SealedCall(entry: 1, lesion: "L1", set: set, scannedOn: day(0...2), sealedOn: day(2...6))
      ]
    }
    if chance(0.7), let finding = TissueResult.Finding.allCases.randomElement(using: &random) {
      record.tissue = [
        TissueResult(
          entry: 2, lesion: chance(0.9) ? "L1" : "L2", finding: finding, biopsyOn: day(0...5),
          reportedOn: day(5...50))
      ]
    }
    if chance(0.8) {
      record.treatment.append(TreatmentEvent(entry: 3, kind: .systemicStart, date: day(3...12)))
    }
    for (entry, kind) in TreatmentEvent.Kind.allCases.enumerated() where kind != .systemicStart {
      guard chance(0.3) else { continue }
      record.treatment.append(
        TreatmentEvent(entry: 10 + entry, kind: kind, date: day(8...60), lesion: "L1"))
    }
    if chance(0.2) {
      record.followUp.append(FollowUpEvent(entry: 30, date: day(10...400), detail: .withdrawal))
    }
    return record
  }

  @Test func stretchesSayWhatTheRulesSay() throws {
    var random = SeededGenerator(seed: 17)
    var settings = StudySettings(study: "test")
    settings.leadTimeDays = ["B": 4]
    var lengths: [Int] = []
    for number in 0..<(Tools.isLong ? 2000 : 60) {
      let record = record(number, &random)
      let phases = Phase.all(record, settings)
      lengths.append(phases.count)
      #expect(phases.first?.from == Phase.always && phases.last?.to == Phase.never)
      for (left, right) in zip(phases, phases.dropFirst()) { #expect(left.to + 1 == right.from) }
      for offset in -40...500 {
        let day = CalendarDay(number: first + offset)
        let assessment = Assessment(record, settings, on: day)
        let phase = try #require(phases.first { $0.from <= day.number && day.number <= $0.to })
        let urgency = assessment.urgency
        let by = urgency.by == day ? Phase.readingDay : urgency.by?.number ?? Phase.never
        #expect(
          [phase.group, phase.gravity, phase.by] == [urgency.group.rawValue, urgency.gravity, by]
            && phase.state == assessment.state && phase.consequence == assessment.consequence,
          "\(day), \(record)")
      }
    }
    #expect((lengths.max() ?? 0) > 3)
  }

  @Test func theWorklistIsInOrder() throws {
    let study = try StudyFixture()
    let days = ["2026-02-01", "2026-02-15", "2026-02-24", "2026-03-01", "2026-03-20", "2026-06-01"]
    let sets: [[Subtype]] = [[.f3], [.f1], [.f3], [.f1, .f2, .f3]]
    for (number, set) in sets.enumerated() {
      let id = "P-\(number)1"
      try study.enrol(id, site: number < 2 ? "Basel" : "Bern")
      try study.call(id, set)
      try study.treat(id, .systemicStart, "2026-02-2\(number + 1)")
    }
    for number in 0..<3 {
      study.time.set("2026-03-0\(number + 3)")
      try study.tissue(
        "P-\(number)1", number == 1 ? .f3 : .f1, reported: "2026-03-0\(number + 2)")
    }
    study.time.set("2026-03-10")
    try study.enrol("P-9", site: "Bern")
    let coordinator = try study.session(.coordinator)
    for day in days.map(StudyFixture.day) {
      let page = try coordinator.worklist(WorklistQuery(on: day))
      let urgencies = try page.rows.map { try #require($0.assessment).urgency }
      #expect(urgencies == urgencies.sorted() && page.count == 5)
      // Page by page the same.
      var query = WorklistQuery(on: day, limit: 2)
      var ids: [String] = []
      for offset in [0, 2, 4] {
        query.offset = offset
        ids += try coordinator.worklist(query).rows.map(\.participant)
      }
      #expect(ids == page.rows.map(\.participant))
      for state in Set(page.rows.map(\.state)) {
        let some = try coordinator.worklist(WorklistQuery(on: day, states: [state]))
        #expect(
          some.rows.map(\.participant) == page.rows.filter { $0.state == state }.map(\.participant))
      }
    }
    try everyFilterIsWhatTheRowsSay(coordinator)
    #expect(try coordinator.worklist(WorklistQuery(site: "Basel")).count == 2)
    #expect(try coordinator.worklist(WorklistQuery(search: "p-9")).count == 1)
    #expect(try coordinator.worklist(WorklistQuery(search: "%")).count == 0)
    let names = try coordinator.worklist(WorklistQuery(order: .participant, descending: true))
    #expect(names.rows.map(\.participant) == ["P-9", "P-31", "P-21", "P-11", "P-01"])
    let late = try coordinator.worklist(WorklistQuery(consequences: [.confirmPause]))
    #expect(late.rows.allSatisfy { $0.assessment?.consequence == .confirmPause } && late.count > 0)
    // Roles that see one side get an order and filters that tell nothing of the other.
    for role in [Role.radiologist, .reader, .researcher] {
      let session = try study.session(role)
      #expect(try session.worklist(WorklistQuery(states: ["discordant"])).count == 0)
      #expect(try session.worklist(WorklistQuery(consequences: [.confirmPause])).count == 0)
    }
    let radiologist = try study.session(.radiologist).worklist().rows
    #expect(radiologist.map(\.participant) == ["P-9", "P-01", "P-11", "P-21", "P-31"])
    let reader = try study.session(.reader).worklist(WorklistQuery(states: ["no-tissue"]))
    #expect(reader.rows.map(\.participant) == ["P-31", "P-9"])
  }
  /// Whatever is asked for together: the rows are those of the whole list that fit, in their order.
  private func everyFilterIsWhatTheRowsSay(_ session: Session) throws {
    let states = ["", "no-call", "awaiting-tissue", "concordant", "discordant"]
    let consequences = [nil, Assessment.Consequence.none, .harmless, .confirmPause]
    for order in WorklistQuery.Order.allCases {
      for isDescending in [false, true] {
        let all = try session.worklist(WorklistQuery(order: order, descending: isDescending)).rows
        for search in ["", "P-", "1"] {
          for site in [nil, "Basel", "Bern", "nowhere"] {
            for state in states {
              for consequence in consequences {
                let query = WorklistQuery(
                  search: search, site: site, states: state.isEmpty ? [] : [state],
                  consequences: consequence.map { [$0] } ?? [], order: order,
                  descending: isDescending)
                let page = try session.worklist(query)
                let wanted = all.filter {
                  (search.isEmpty || $0.participant.contains(search))
                    && (site == nil || $0.site == site) && (state.isEmpty || $0.state == state)
                    && (consequence == nil || $0.assessment?.consequence == consequence)
                }
                #expect(page.rows == wanted && page.count == wanted.count, "\(query)")
              }
            }
          }
        }
      }
    }
  }
}
