import Documents
import Testing
import Trial

@testable import Worklist

/// The form of follow-up, and its parts, which it shares with the command.
@Suite struct FollowUpTests {
  private typealias Problem = FollowUpParts.Problem

  @Test func partsMakeTheirEventAndNoOther() throws {
    var response = FollowUpParts(.response)
    #expect(response.problems == [.missing([.recist, .mrecist])])
    response.mrecistConfirmed = true
    #expect(
      response.problems == [.missing([.recist, .mrecist]), .confirmsNothing(.mrecistConfirmed)])
    response.mrecist = .partial
    #expect(
      try response.detail()
        == .response(recist: nil, mrecist: Response(.partial, isConfirmed: true)))
    response.grade = 2
    #expect(throws: Problem.foreign(.grade)) { try response.detail() }
    var event = FollowUpParts(.adverseEvent)
    #expect(event.problems == [.missing([.term]), .missing([.grade])])
    (event.term, event.grade) = ("nausea", 2)
    #expect(try event.detail() == .adverseEvent(AdverseEvent(term: "nausea", grade: 2)))
    #expect(throws: Problem.missing([.criterion])) { try FollowUpParts(.progression).detail() }
    for kind in [FollowUpEvent.Kind.death, .withdrawal, .conversion] {
      #expect(try FollowUpParts(kind).detail().kind == kind)
      var parts = FollowUpParts(kind)
      parts.relatedToTACE = false
      #expect(throws: Problem.foreign(.relatedToTACE)) { try parts.detail() }
    }
  }

  @Test func theFormHasEveryPartOfEveryEvent() {
    let names = RecordForm.follow("P-001").fields.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(
      Set(names)
        == Set(FollowUpParts.Name.allCases.map(\.rawValue) + ["event", "date", "reason"]))
  }

  /// What is amended is named as the history names it.
  @Test func amendingOffersThePartsOfTheEvent() throws {
    let content: JSONValue = [
      "event": "adverse-event", "date": "2026-03-01", "term": "nausea", "grade": 2,
      "related_to_tace": false,
    ]
    let form = try #require(RecordForm.amend(entry: 7, verb: "follow", content: content))
    #expect(
      form.fields.map(\.name) == ["date", "term", "grade", "related_to_tace", "reason"])
    for (name, value) in [("grade", "2"), ("related_to_tace", "no"), ("term", "nausea")] {
      #expect(content.shown(name) == value)
    }
    let death = try #require(
      RecordForm.amend(entry: 8, verb: "follow", content: ["event": "death", "date": "2026-03-01"]))
    #expect(death.fields.map(\.name) == ["date", "reason"])
  }
}
