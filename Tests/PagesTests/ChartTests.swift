import Foundation
import Pages
import TestSupport
import Testing

@Suite struct ChartTests {
  private func ticks(
    _ range: ClosedRange<Double>, most: Int = 6, scale: Axis.Scale = .linear
  ) -> [String] {
    ChartScale(Axis("x", range: range, scale: scale), values: [], low: 0, high: 100)
      .ticks(.automatic, most: most).map(\.label)
  }

  @Test func ticksAreRoundNumbers() {
    #expect(ticks(0...30) == ["0", "5", "10", "15", "20", "25", "30"])
    #expect(ticks(0...1) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(ticks(-7...12.4) == ["\u{2212}5", "0", "5", "10"])
    #expect(ticks(0.031...0.052) == ["0.035", "0.040", "0.045", "0.050"])
    #expect(ticks(1000...9000) == ["2000", "4000", "6000", "8000"])
    #expect(ticks(0.5...200, scale: .logarithmic).contains("10"))
  }

  /// Whatever range: at least two ticks, inside, ascending, and not more than asked for and one.
  @Test func anyRangeHasTicks() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let low = Double.random(in: -100...100, using: &random)
      let width = exp(Double.random(in: -6...8, using: &random))
      let scale = ChartScale(
        Axis("x", range: low...(low + width)), values: [], low: 0, high: 100)
      let places = scale.ticks(.automatic, most: 6).map(\.place)
      #expect(places.count >= 2 && places.count <= 7)
      #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
      #expect(places.allSatisfy { scale.holds($0) })
    }
  }

  @Test func placesFollowTheAxis() {
    let up = ChartScale(Axis("x", range: 0...10), values: [], low: 20, high: 120)
    #expect(up.place(0) == 20 && up.place(10) == 120 && up.place(5) == 70)
    let down = ChartScale(
      Axis("x", range: 0...10, isReversed: true), values: [], low: 20, high: 120)
    #expect(down.place(0) == 120 && down.place(10) == 20)
    let decades = ChartScale(
      Axis("x", range: 1...100, scale: .logarithmic), values: [], low: 0, high: 2)
    #expect(abs((decades.place(10) ?? 0) - 1) < 1e-12)
    #expect(decades.place(0) == nil && decades.place(-1) == nil && up.place(.nan) == nil)
  }

  /// Every kind of mark, nothing to draw, one value, values that are not finite: well-formed SVG, by
  /// Python's parser, without a number that is not one.
  @Test(arguments: [0, 1, 2])
  func documentsAreWellFormed(case number: Int) throws {
    let odd: [Double] = [[], [3], [1, .nan, 4, .infinity, 2]][number]
    let points = odd.enumerated().map { SIMD2(Double($0), $1) }
    let chart = Chart(
      title: "a < b & \"c\"", x: Axis("x & y"), y: Axis("<y>"),
      marks: [
        Mark(.line(points), label: "<line>"), Mark(.steps(points)), Mark(.points(points)),
        Mark(.bars(odd.map { (0...1, $0) }), label: "bars"),
        Mark(.band(points.map { ($0.x, $0.y - 1, $0.y + 1) })),
        Mark(.verticalErrors(points.map { ($0.x, $0.y, $0.y - 1, $0.y + 1) })),
        Mark(.horizontalErrors(points.map { ($0.x, $0.y, $0.x - 1, $0.x + 1) })),
        Mark(.verticalRule(1), label: "rule"), Mark(.verticalRule(1.01), label: "next"),
        Mark(.horizontalRule(2), label: "level"), Mark(.text("t", at: SIMD2(1, 1), anchor: .end)),
      ])
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("chart.svg")
    try Data(chart.document().utf8).write(to: file)
    let outcome = try Tools.run(
      Tools.python,
      [
        "-c", "import sys,xml.dom.minidom as m;print(m.parse(sys.argv[1]).documentElement.tagName)",
        file.path,
      ])
    #expect(outcome.output == "svg\n", "\(outcome.errors)")
    #expect(!chart.markup().source.contains("nan") && !chart.markup().source.contains("inf"))
  }

  /// Names of rules that lie close together stand in rows of their own, and none reaches over a rule
  /// that is as high; the last name stands to the left of its rule, for want of room.
  @Test func rulesNamesDoNotCollide() {
    let chart = Chart(
      title: "t", x: Axis("x", range: 0...100), y: Axis("y", range: 0...1),
      marks: [50.0, 51, 90].map { Mark(.verticalRule($0), label: "a long name") })
    #expect(ChartDrawing(chart).ruleRows == [2, 1, 0])
  }
}
