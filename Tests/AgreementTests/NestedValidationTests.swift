import Agreement
import Foundation
import Statistics
import TestSupport
import Testing

@Suite struct NestedValidationTests {
  /// Made from noise, a model's own figures promise something; held out, nothing is left. 12 cohorts
  /// of 60 (long: 200). The mean concordance held out is 1/2 or a little below, since a fold's classes
  /// lack in what is left; the apparent one is above it by several errors.
  @Test func noiseIsSeenThrough() throws {
    let world = Simulated.World(slope: 1e-9)
    var random = SeededRandom(seed: 5)
    var (apparent, validated): ([Double], [Double]) = ([], [])
    for _ in 0..<(Tools.isLong ? 200 : 12) {
      let rows = shuffled(world, 60, &random)
      let own = try #require(
        NestedValidation.figure(rows, classes: subtypes).value?.concordance.value)
      apparent.append(own.apparent)
      validated.append(own.validated.value)
    }
    let (first, second) = (Sample(apparent), Sample(validated))
    let error = second.standardDeviation / Double(validated.count).squareRoot()
    print("noise: concordance \(first.mean) apparent, \(second.mean) +- \(error) held out")
    #expect(first.mean > 0.52)
    #expect(second.mean < 0.5 + 3 * error)
  }

  /// Classes 0.4, 0.3, 0.3 whatever the value is.
  private func shuffled(_ world: Simulated.World, _ n: Int, _ random: inout SeededRandom)
    -> [LatentRow]
  {
    (0..<n).map { _ in
      LatentRow(
        value: MeasuredValue(
          percent: expm1(max(1.8 + 0.6 * random.normal(), 0)), standardUncertainty: 0),
        background: nil, category: Simulated.draw(Simulated.prevalence, &random))
    }
  }

  /// What is held out is what new participants bring: the mean ranked probability score of the world's
  /// own shares is the floor, that of the folds lies above it by a few percent. 12 cohorts of 86 (long:
  /// 200), errors of the mean.
  @Test func heldOutIsWhatIsNew() throws {
    let world = Simulated.World(slope: 2.5)
    var random = SeededRandom(seed: 6)
    var (apparent, validated, optimism): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<(Tools.isLong ? 200 : 12) {
      let own = try #require(
        NestedValidation.figure(world.draw(86, &random).rows, classes: subtypes).value?
          .rankedProbability.value)
      apparent.append(own.apparent)
      validated.append(own.validated.value)
      optimism.append(own.optimism)
    }
    let error = Sample(validated).standardDeviation / Double(validated.count).squareRoot()
    print(
      "ranked probability \(Sample(apparent).mean) apparent, \(Sample(validated).mean) +- \(error) "
        + "held out, truth \(world.ranked)")
    #expect(Sample(optimism).mean > 0)
    #expect(Sample(validated).mean > world.ranked - 3 * error)
    #expect(Sample(validated).mean < 1.06 * world.ranked + 3 * error)
  }

  @Test func everyRowIsHeldOutOnce() throws {
    let world = Simulated.World(slope: 2)
    var random = SeededRandom(seed: 7)
    let rows = world.draw(60, &random).rows
    let own = try #require(NestedValidation.figure(rows, classes: subtypes, seed: 3).value)
    #expect(own.heldOut.tissue == rows.map(\.category))
    #expect(own.heldOut.probabilities.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 })
    #expect(own.chosen.values.reduce(0, +) == own.folds)
    #expect(own == NestedValidation.figure(rows, classes: subtypes, seed: 3).value)
    // What a participant's own tissue is has no part in its forecast: changed within a fold's class
    // counts it would move the folds, so a value is changed instead.
    var moved = rows
    moved[0] = LatentRow(
      value: MeasuredValue(percent: 60, standardUncertainty: 0), background: nil,
      category: rows[0].category)
    let other = try #require(NestedValidation.figure(moved, classes: subtypes, seed: 3).value)
    let fold = StratifiedFolds.assign(rows.map(\.category), count: own.folds, seed: 3)
    for index in rows.indices.dropFirst() where fold[index] == fold[0] {
      for k in 0..<3 {
        // The same model: equal but for the start of the fit, 1e-6.
        #expect(
          abs(own.heldOut.probabilities[index][k] - other.heldOut.probabilities[index][k]) < 1e-6)
      }
    }
  }

  @Test func smallClassesAreLeftOut() {
    let rows = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2].enumerated().map { index, k in
      LatentRow(
        value: MeasuredValue(percent: Double(index), standardUncertainty: 0), background: nil,
        category: k)
    }
    #expect(
      NestedValidation.figure(rows, classes: subtypes).reason
        == "a class has fewer than four members, too few for folds within folds")
  }
}
