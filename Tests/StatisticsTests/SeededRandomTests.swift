import Foundation
import Statistics
import Testing

@Suite struct SeededRandomTests {
  /// The first outputs for seed 0, from a Python port of the published formulas.
  @Test func theGeneratorIsThePublishedOne() {
    var random = SeededRandom(seed: 0)
    #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
    #expect(random.next() == 0xBF6E_1F78_4956_452A)
    #expect(random.next() == 0x1A5F_849D_4933_E6E0)
  }

  /// Moments of 100,000 normal numbers within five standard errors.
  @Test func normalNumbersAreNormal() {
    var random = SeededRandom(seed: 4)
    let sample = Sample((0..<100_000).map { _ in random.normal() })
    #expect(abs(sample.mean) < 5 / 316.0)
    #expect(abs(sample.variance - 1) < 5 * 2.0.squareRoot() / 316)
  }

  @Test func shufflesAndIndicesAreFair() {
    var random = SeededRandom(seed: 9)
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 {
      let order = random.shuffled([0, 1, 2])
      counts[order[0] * 2 + (order[1] > order[2] ? 1 : 0)] += 1
      #expect((0..<7).contains(random.index(below: 7)))
    }
    // Each of six orders 1000 times, within five standard deviations of 29.
    for count in counts { #expect(abs(count - 1000) < 145) }
  }

  @Test func foldsAreEvenInEveryClass() {
    let categories = (0..<97).map { $0 % 7 == 0 ? 2 : $0 % 3 == 0 ? 1 : 0 }
    let folds = StratifiedFolds.assign(categories, count: 10, seed: 1)
    #expect(folds == StratifiedFolds.assign(categories, count: 10, seed: 1))
    #expect(folds != StratifiedFolds.assign(categories, count: 10, seed: 2))
    let sizes = (0..<10).map { fold in folds.count { $0 == fold } }
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    for k in 0..<3 {
      let own = (0..<10).map { f in zip(folds, categories).count { $0 == f && $1 == k } }
      #expect((own.max() ?? 0) - (own.min() ?? 0) <= 1)
    }
  }
}
