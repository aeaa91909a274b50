import Documents
import Foundation
import Testing
import Trial

@testable import Worklist

@Suite struct PageTests {
  private let settings = StudySettings(study: "test")

  private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

  /// The x of the first mark of a kind.
  private func place(_ kind: String, _ name: String, in source: String) throws -> Double {
    let start = try #require(source.range(of: "class=\"\(kind)\""))
    let rest = source[start.upperBound...]
    let value = try #require(rest.firstMatch(of: /(x1|cx|x)="([0-9.]+)"/))
    return try #require(Double(value.output.2), "\(name)")
  }

  @Test func clockStandsWhereItsDaysAre() throws {
    let start = try day("2026-03-01")
    let clock = ClockDrawing(
      start: start, today: start.adding(days: 14), tissueBy: start.adding(days: 23),
      settings: settings)
    let source = clock.markup().source
    // 168 units for the 31 days from D0 to three days behind the window.
    func x(_ day: Double) -> Double { 4 + 168 * day / 31 }
    #expect(try abs(place("today", "today", in: source) - x(14)) <= 0.05)
    #expect(try abs(place("window", "D14", in: source) - x(14)) <= 0.05)
    #expect(try abs(place("parting", "D9", in: source) - x(9)) <= 0.05)
    #expect(try abs(place("limit", "D23", in: source) - x(23)) <= 0.05)
    #expect(
      clock.words
        == "day 14 after D0 2026-03-01, tissue by 2026-03-24 (day 23), TACE window day 14 to 28")
    let before = ClockDrawing(start: nil, today: start, tissueBy: nil, settings: settings)
    #expect(before.markup().source.contains("not started"))
  }

  @Test func timelineKeepsEveryEventInsideAndInOrder() throws {
    let first = try day("2026-01-01")
    for span in [0, 1, 13, 400, 5000] {
      let events = [0, span / 2, span].map {
        Timeline.Event(day: first.adding(days: $0), kind: .treatment, words: "event <\($0)>")
      }
      let line = Timeline(events: events, today: first.adding(days: span))
      let source = line.markup().source
      let places = source.matches(of: /class="event treatment" cx="([0-9.]+)"/)
        .compactMap { Double($0.output.1) }
      #expect(places.count == 3 && places == places.sorted(), "\(span)")
      #expect(places.allSatisfy { (90...860).contains($0) }, "\(span)")
      #expect(source.contains("event &lt;0&gt;") && !source.contains("<0>"))
      #expect(source.matches(of: /<text/).count < 25, "\(span)")
    }
  }

  @Test func addressesSurviveTheRound() throws {
    let given = "search=A%261&site=north%2Fwest&state=discordant&order=site&descending=yes&page=3"
    let address = WorklistAddress(try urlEncoded(given))
    #expect(address.search == "A&1" && address.page == 3 && address.query.offset == 100)
    let again = WorklistAddress(try urlEncoded(String(address.path().dropFirst(2))))
    #expect(again.path() == address.path() && again.query == address.query)
    let odd = WorklistAddress(["page": "-7", "order": "x", "consequence": "y"])
    #expect(odd.path() == "/?consequence=y" && odd.query.consequences.isEmpty)
    #expect(odd.query.offset == 0)
  }

  @Test func formGathersAllThatIsWrong() throws {
    var form = Form()
    form.fields = ["subtype": "F9", "biopsy-on": "2026-02-30", "specimen": "a\u{7}b"]
    let fields: [Field] = [
      .text("lesion", "Lesion"), .choice("subtype", "Result", [("F1", "F1")]),
      .date("biopsy-on", "Biopsy"), .text("specimen", "Specimen"),
      .date("later", "Later", needed: false), .measurement("measurement", "File"),
    ]
    let problems = #expect(throws: FormProblems.self) { try FormReader(form, fields).check() }
    #expect(
      problems?.ofFields.keys.sorted()
        == ["biopsy-on", "lesion", "measurement", "specimen", "subtype"])
    form.fields = [
      "lesion": " L1 ", "subtype": "F1", "biopsy-on": "2026-02-28", "specimen": "core",
    ]
    form.file = ("m.json", [1, 2, 3])
    let reader = FormReader(form, fields)
    try reader.check()
    #expect(reader["lesion"] == "L1" && reader.day("later") == nil)
    #expect(try reader.file("measurement") == [1, 2, 3])
    // What a refused form carries on is the file that came.
    let kept = try #require(KeptFile(form, "measurement"))
    var again = Form()
    again.fields = ["measurement-kept": base64(kept.bytes), "measurement-name": kept.name]
    #expect(try FormReader(again, [fields[5]]).file("measurement") == [1, 2, 3])
  }
}
