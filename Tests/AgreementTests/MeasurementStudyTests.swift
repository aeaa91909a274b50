import Agreement
import Statistics
import Testing

@Suite struct MeasurementStudyTests {
  private func row(
    _ percent: Double, scanner: String = "A", field: Double = 3, reader: String? = "R1",
    repetition: Int = 1, lesion: String = "L1"
  ) -> MeasurementRow {
    MeasurementRow(
      acquisition: Acquisition(
        lesion: lesion, scanner: scanner, fieldStrength: field, reader: reader,
        repetition: repetition),
      percent: percent)
  }

  /// Six participants: two readers on A, two repeats of R1 on A, three also on B; another lesion is in
  /// nobody's way.
  private var participants: [CohortParticipant] {
    (0..<6).map { number in
      let x = 3 + 2 * Double(number)
      let side = number % 2 == 0 ? 1.0 : -1.0
      var rows = [
        row(x), row(x + 0.5 + 0.25 * side, reader: "R2"), row(x + side, repetition: 2),
        row(90, repetition: 1, lesion: "other"),
      ]
      if number < 4 { rows.append(row(1.1 * x + 0.2 + 0.01 * side, scanner: "B", field: 1.5)) }
      return CohortParticipant(
        identifier: "\(number)", tissue: .pending, tissueLesion: "L1", rows: rows)
    }
  }

  @Test func comparesWhatDiffersInOneThingOnly() throws {
    let study = MeasurementStudy(participants)
    #expect(study.readers.count == 1)
    let readers = try #require(study.readers.first)
    #expect(readers.first == "R1" && readers.second == "R2")
    // Differences 0.75 and 0.25, three times each; repeats +1 and -1. Tolerances are rounding.
    #expect(abs(try #require(readers.limits.value).bias.value - 0.5) < 1e-12)
    let repeats = try #require(study.repeats.value)
    #expect(abs(repeats.bias.value) < 1e-12 && repeats.pairs.count == 6)
    // A difference of 1 between two values is a variance of 1/2.
    let spread = try #require(study.repeatability.value)
    #expect(abs(spread.standardDeviation.value - 0.5.squareRoot()) < 1e-12)
    #expect(spread.degreesOfFreedom == 6)
    #expect(abs(spread.coefficient.value - 1.959964) < 1e-6)
    #expect(study.conditions.map(\.condition.name) == ["A, 3 T", "B, 1.5 T"])
    let other = study.conditions[1]
    #expect(other.participants == 4 && other.repeatability.reason != nil)
    // 1.1 x + 0.2 with a ripple of 0.01 over x from 3 to 9.
    #expect(abs(try #require(other.line.value).slope.value - 1.1) < 0.01)
    #expect(study.conditions[0].line.reason != nil)
    #expect(try #require(study.reproducibility.value).degreesOfFreedom == 4)
  }

  @Test func whatWasNotDoneIsSaid() {
    let alone = participants.map {
      CohortParticipant(identifier: $0.identifier, tissue: .pending, rows: [row(5, reader: nil)])
    }
    let study = MeasurementStudy(alone)
    #expect(study.readers.isEmpty && study.readerCorrelation.reason != nil)
    #expect(study.repeats.reason == "0 participants were measured twice; 3 are needed")
    #expect(study.repeatability.reason != nil && study.reproducibility.reason != nil)
    #expect(study.betweenReaders.reason != nil && study.repeatCorrelation.reason != nil)
    let flips = CallFlips.of(alone.map(\.counted), nil, repeatability: study.repeatability)
    #expect(flips.reason?.contains("--model") ?? false)
  }

  @Test func constantsAreNoFaults() throws {
    let pairs = (0..<5).map { _ in BlandAltman.Pair(first: 4, second: 4) }
    let limits = try #require(BlandAltman.of(pairs).value)
    #expect(limits.upperLimit.value == 0 && limits.standardDeviation == 0)
    #expect(IntraclassCorrelation.oneWay(pairs.map { [$0.first, $0.second] }).reason != nil)
    #expect(DemingRegression.of(pairs).reason != nil)
    let shifted = (0..<5).map { [Double($0), Double($0) + 1] }
    let found = try #require(IntraclassCorrelation.absoluteAgreement(shifted).value)
    #expect(found.value < 1 && found.interval.reason != nil)
  }
}
