import Foundation
import Statistics
import TestSupport
import Testing

/// Aalen-Johansen against the R package survival: Tests/reference/aalen_johansen.R made the values.
@Suite struct CumulativeIncidenceTests {
  struct Case: Decodable {
    let name: String
    let times: [Double]
    let causes: [Int]
    let from: Double
    let asked: [Double]
    let incidence: [[Double]]
    let standardErrors: [[Double]]
  }

  /// R prints 17 digits; sums of some hundred terms agree within 1e-13.
  static let tolerance = 1e-13

  @Test func agreesWithSurvival() throws {
    let file = Tools.root.appendingPathComponent("Tests/reference/aalen_johansen.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.count == 6)
    for golden in cases {
      let waits = zip(golden.times, golden.causes).map {
        WaitingTime(time: $0, cause: $1 == 0 ? nil : $1)
      }
      for cause in 1...3 {
        let curve = CumulativeIncidence(waits, cause: cause, from: golden.from)
        for (index, time) in golden.asked.enumerated() {
          let found = try #require(curve.estimate(at: time), "\(golden.name), \(time)")
          let (p, error) = (
            golden.incidence[index][cause - 1], golden.standardErrors[index][cause - 1]
          )
          #expect(abs(found.probability - p) < Self.tolerance, "\(golden.name), \(time)")
          #expect(abs(found.standardError - error) < Self.tolerance, "\(golden.name), \(time)")
          #expect(found.interval.contains(found.probability))
        }
      }
    }
  }

  /// (F(t) - F(w)) / S(w), which is the same sum over those who have waited longer.
  @Test func conditionIsARatio() throws {
    var random = SeededRandom(seed: 11)
    let waits = (0..<200).map { _ in
      let time = Double(Int.random(in: 1...30, using: &random))
      return WaitingTime(time: time, cause: [nil, 1, 1, 2].randomElement(using: &random) ?? nil)
    }
    func incidence(_ cause: Int, _ time: Double) throws -> Double {
      try #require(CumulativeIncidence(waits, cause: cause).estimate(at: time)).probability
    }
    let left = 1 - (try incidence(1, 8)) - (try incidence(2, 8))
    let later = try #require(CumulativeIncidence(waits, cause: 1, from: 8).estimate(at: 20))
    let ratio = (try incidence(1, 20) - incidence(1, 8)) / left
    #expect(abs(later.probability - ratio) < 1e-14)
  }

  @Test func saysNothingBeyondWhatWasSeen() {
    let seen = [
      WaitingTime(time: 3, cause: 1), WaitingTime(time: 5, cause: nil),
    ]
    let curve = CumulativeIncidence(seen, cause: 1)
    #expect(curve.estimate(at: 5)?.probability == 0.5)
    #expect(curve.estimate(at: 5.1) == nil)
    let ended = CumulativeIncidence(seen + [WaitingTime(time: 6, cause: 2)], cause: 1)
    #expect(ended.estimate(at: 100)?.probability == ended.estimate(at: 6)?.probability)
    #expect(CumulativeIncidence(seen, cause: 1, from: 5).estimate(at: 6) == nil)
  }

  /// Nothing seen among n: the upper end is 1 - 0.025^(1/n), Clopper and Pearson's.
  @Test func endsOfTheScale() throws {
    let waits = (1...10).map { WaitingTime(time: Double($0), cause: 2) }
    let none = try #require(CumulativeIncidence(waits, cause: 1).estimate(at: 10))
    #expect(none.interval.lowerBound == 0)
    #expect(abs(none.interval.upperBound - (1 - pow(0.025, 0.1))) < 1e-12)
    let all = try #require(CumulativeIncidence(waits, cause: 2).estimate(at: 10))
    #expect(abs(all.probability - 1) < 1e-15)
    #expect(all.interval.upperBound == 1)
  }

  /// Waiting times from known hazards: the 95 % interval holds the truth in 93 to 97 % of 2000 samples
  /// (binomial standard error 0.5 %), 400 of them in ordinary runs (1.1 %, 91.5 to 98.5 %).
  @Test func intervalsCover() throws {
    let samples = Tools.isLong ? 2000 : 400
    let (rate, share, size, time) = (0.08, 0.8, 86, 14.0)
    let truth = share * (1 - exp(-rate * time))
    var random = SeededRandom(seed: 3)
    var covered = 0
    for _ in 0..<samples {
      let waits = (0..<size).map { _ in
        let event = -log(Double.random(in: 0..<1, using: &random).nextUp) / rate
        let end = -log(Double.random(in: 0..<1, using: &random).nextUp) / 0.02
        let cause = Double.random(in: 0..<1, using: &random) < share ? 1 : 2
        return WaitingTime(time: min(event, end), cause: event <= end ? cause : nil)
      }
      let curve = CumulativeIncidence(waits, cause: 1)
      if let found = curve.estimate(at: time), found.interval.contains(truth) { covered += 1 }
    }
    let coverage = Double(covered) / Double(samples)
    #expect(abs(coverage - 0.95) < (Tools.isLong ? 0.02 : 0.035), "\(coverage)")
  }
}
