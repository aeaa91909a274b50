import Calibration
import Foundation
import Statistics
import TestSupport
import Testing

/// Coverage of conformal sets over simulated cohorts, whatever their association: 2,000 in `make
/// simulations`, fewer in `make test`.
@Suite struct ConformalCoverageTests {
  static let alpha = 0.1
  static let truth = LatentCohort()
  /// New participants of each class for each cohort.
  static let newOfEachClass = 100

  static func new(_ seed: Int) -> [LatentRow] {
    truth.rows(
      ofEachClass: [newOfEachClass, newOfEachClass, newOfEachClass], seed: UInt64(500_000 + seed))
  }

  struct Coverage {
    /// Of each class, by cohort.
    var raw: [[Double]] = [[], [], []]
    var filled: [[Double]] = [[], [], []]

    mutating func add(_ sets: SubtypeSets, _ new: [LatentRow]) {
      var (plain, whole, counts) = ([0.0, 0, 0], [0.0, 0, 0], [0.0, 0, 0])
      for row in new {
        let set = sets.unfilled(row)
        counts[row.category] += 1
        if set.contains(row.category) { plain[row.category] += 1 }
        if ConformalSets.filled(set).contains(row.category) { whole[row.category] += 1 }
      }
      for k in 0..<3 {
        raw[k].append(plain[k] / counts[k])
        filled[k].append(whole[k] / counts[k])
      }
    }
  }

  private func coverage(
    _ guarantee: SubtypeModel.Guarantee, cohorts: Int, each: Int
  ) throws -> Coverage {
    var options = SubtypeFitOptions(name: "simulated", version: "1", status: .exploratory)
    options.alpha = Self.alpha
    var coverage = Coverage()
    for seed in 0..<cohorts {
      let rows = Self.truth.rows(ofEachClass: [each, each, each], seed: UInt64(10_000 + seed))
      coverage.add(try SubtypeSets(rows, options, guarantee), Self.new(seed))
    }
    return coverage
  }

  /// Split: half of 58 of each class calibrate, so given one sample the coverage is Beta(27, 3):
  /// mean 0.9, SD 0.0539. The mean is held to four standard errors (Monte Carlo), the spread to what a
  /// standard deviation errs by, after the new participants' own spread is taken out.
  @Test func splitCoversAndSpreadsAsBeta() throws {
    let cohorts = Tools.isLong ? 2000 : 60
    let found = try coverage(.split, cohorts: cohorts, each: 58)
    let rank = ConformalSets.rank(count: 29, alpha: Self.alpha)
    #expect(rank == 3)
    let beta = Beta(Double(29 + 1 - rank), Double(rank))
    for k in 0..<3 {
      let raw = Sample(found.raw[k])
      let own =
        found.raw[k].reduce(0) { $0 + $1 * (1 - $1) } / Double(cohorts)
        / Double(Self.newOfEachClass - 1)
      let spread = (raw.variance - own).squareRoot()
      // Beta's spread and the new participants' own, over all cohorts.
      let noise = 0.9 * 0.1 / Double(Self.newOfEachClass)
      let error = ((beta.variance + noise) / Double(cohorts)).squareRoot()
      let filled = Sample(found.filled[k]).mean
      print(
        "split, F\(k + 1): coverage \(raw.mean) (SD \(spread), Beta's \(beta.variance.squareRoot()))",
        "filled \(filled), Monte Carlo \(error)")
      #expect(raw.mean > 1 - Self.alpha - 4 * error)
      #expect(abs(raw.mean - beta.mean) < 4 * error)
      // A standard deviation's own error, doubled for what is subtracted.
      #expect(abs(spread - beta.variance.squareRoot()) < 8 * error / 2.0.squareRoot())
      #expect(filled >= raw.mean)
    }
  }

  /// Cross: at least 1 - 2 alpha is promised; what is reached is printed, and is near 1 - alpha.
  @Test func crossCoversMoreThanItPromises() throws {
    let cohorts = Tools.isLong ? 2000 : 12
    let found = try coverage(.cross, cohorts: cohorts, each: 29)
    for k in 0..<3 {
      let raw = Sample(found.raw[k])
      print(
        "cross, F\(k + 1): coverage \(raw.mean), filled \(Sample(found.filled[k]).mean)",
        "SD \(raw.standardDeviation), Monte Carlo",
        raw.standardDeviation / Double(cohorts).squareRoot())
      #expect(raw.mean >= 1 - 2 * Self.alpha)
    }
  }

  /// The rule itself, without any model: uniform scores are covered as Beta says.
  @Test func theRuleOnUniformScores() {
    var random = SeededRandom(seed: 6)
    var coverage: [Double] = []
    for _ in 0..<2000 {
      let scores = (0..<29).map { _ in random.uniform() }
      // A new uniform score is kept up to the quantile: the coverage is the quantile.
      coverage.append(ConformalSets(alpha: 0.1, scores: [[scores]]).quantiles[0])
    }
    let (sample, beta) = (Sample(coverage), Beta(27, 3))
    // Four standard errors.
    #expect(abs(sample.mean - beta.mean) < 4 * beta.variance.squareRoot() / 2000.0.squareRoot())
    #expect(
      abs(sample.standardDeviation / beta.variance.squareRoot() - 1) < 4 / 4000.0.squareRoot())
  }

  @Test func tooFewCanNeverBeExcluded() {
    #expect(ConformalSets.leastCount(alpha: 0.1) == 9)
    #expect(ConformalSets.leastCount(alpha: 0.05) == 19)
    #expect(ConformalSets.leastCount(alpha: 0.3) == 3)
    let eight = ConformalSets(alpha: 0.1, scores: [[[0, 0, 0, 0, 0, 0, 0, 0]]])
    #expect(eight.quantiles == [.infinity] && eight.set([[1]]) == [0])
    let nine = ConformalSets(alpha: 0.1, scores: [[[0, 0, 0, 0, 0, 0, 0, 0, 0.5]]])
    #expect(nine.quantiles == [0.5])
    #expect(nine.set([[0.5]]) == [0] && nine.set([[0.51]]).isEmpty)
    #expect(ConformalSets.filled([0, 2]) == [0, 1, 2])
    #expect(ConformalSets.filled([]).isEmpty)
  }

  /// Groups are compared under their own models, and counted together.
  @Test func crossCountsOverItsGroups() {
    let sets = ConformalSets(alpha: 0.25, scores: [[[0.1, 0.6]], [[0.2, 0.9]]])
    // n = 4, l = 1: excluded only where no score is as bad.
    #expect(sets.set([[0.7], [0.95]]).isEmpty)
    #expect(sets.set([[0.5], [0.95]]) == [0])
    #expect(sets.set([[0.7], [0.9]]) == [0])
  }
}
