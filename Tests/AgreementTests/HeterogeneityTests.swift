import Agreement
import Statistics
import Testing

@Suite struct HeterogeneityTests {
  /// With two groups the permutations' p is the exact one of all ways to choose who succeeds.
  @Test func smallTablesArePermuted() throws {
    let found = try #require(
      Heterogeneity.test(successes: [3, 0], totals: [4, 5], seed: 7).value)
    #expect(found.method.name.contains("permutations"))
    // Of the 84 sets of 3 among 9, the C(4, 3) = 4 within the first group are as uneven (statistic
    // 5.625); the 10 within the second are less (3.6). Three Monte-Carlo standard errors.
    let exact = 4.0 / 84
    #expect(abs(found.test.p - exact) < 3 * (exact * (1 - exact) / 10_000).squareRoot())
  }

  @Test func nothingToTellApart() {
    #expect(Heterogeneity.test(successes: [0, 0], totals: [4, 5], seed: 1).reason != nil)
    #expect(Heterogeneity.test(successes: [4, 5], totals: [4, 5], seed: 1).reason != nil)
    #expect(Heterogeneity.test(successes: [2, 0], totals: [4, 0], seed: 1).reason != nil)
    #expect(Heterogeneity.test(successes: [], totals: [], seed: 1).reason != nil)
  }

  /// Under no difference p is not below 0.05 more often than 5 %, within Monte-Carlo error.
  @Test func theTestHoldsItsLevel() throws {
    var random = SeededRandom(seed: 12)
    var small = 0
    let runs = 100
    for run in 0..<runs {
      let totals = [8, 12, 20]
      let successes = totals.map { n in (0..<n).count { _ in random.uniform() < 0.8 } }
      let found = Heterogeneity.test(successes: successes, totals: totals, seed: UInt64(run))
      if let p = found.value?.test.p, p < 0.05 { small += 1 }
    }
    // 5 % of 100, with a standard deviation of 2.2.
    #expect(small <= 12)
  }
}
