import Statistics

/// Whether a share differs between groups: Pearson's chi-squared of right and wrong by group. Where an
/// expected count is below 5 its distribution is that of random re-labelling instead.
public enum Heterogeneity {
  static let permutations = 10_000

  public struct Result: Sendable, Equatable {
    public let test: TestResult
    public let method: Method
  }

  /// Left out for fewer than two groups with members, and where all or none succeed.
  ///
  /// - Parameters:
  ///   - successes: of each group.
  ///   - totals: as many.
  public static func test(successes: [Int], totals: [Int], seed: UInt64) -> Figure<Result> {
    let groups = zip(successes, totals).filter { $0.1 > 0 }
    let (n, k) = (groups.reduce(0) { $0 + $1.1 }, groups.reduce(0) { $0 + $1.0 })
    guard groups.count > 1 else { return .leftOut("fewer than two groups have members") }
    guard k > 0, k < n else {
      return .leftOut(k == 0 ? "none is right in any group" : "all are right in every group")
    }
    let sizes = groups.map { Double($0.1) }
    let share = Double(k) / Double(n)
    let statistic = self.statistic(groups.map { Double($0.0) }, sizes, share)
    let degrees = Double(groups.count - 1)
    let smallest = (sizes.min() ?? 0) * min(share, 1 - share)
    if smallest >= 5 {
      let p = ChiSquared(degreesOfFreedom: degrees).survival(statistic)
      return .value(
        Result(
          test: TestResult(statistic: statistic, degreesOfFreedom: degrees, p: p),
          method: Method("Pearson's chi-squared")))
    }
    let p = permuted(statistic, sizes, share, n: n, k: k, seed: seed)
    return .value(
      Result(
        test: TestResult(statistic: statistic, degreesOfFreedom: degrees, p: p),
        method: Method("Pearson's chi-squared, \(permutations) random permutations")))
  }

  /// Sum over groups of (observed - expected)^2 / expected, of both outcomes.
  private static func statistic(_ successes: [Double], _ sizes: [Double], _ share: Double) -> Double
  {
    zip(successes, sizes).reduce(0) { sum, group in
      let difference = group.0 - group.1 * share
      return sum + difference * difference / (group.1 * share * (1 - share))
    }
  }

  /// (1 + as extreme) / (1 + permutations), so that p is never 0.
  private static func permuted(
    _ statistic: Double, _ sizes: [Double], _ share: Double, n: Int, k: Int, seed: UInt64
  ) -> Double {
    var random = SeededRandom(seed: seed)
    var outcomes = (0..<n).map { $0 < k ? 1.0 : 0.0 }
    var extreme = 0
    for _ in 0..<permutations {
      // Only the first k places need a draw where few succeed; a whole shuffle is as simple.
      outcomes = random.shuffled(outcomes)
      var place = 0
      let drawn = sizes.map { size -> Double in
        defer { place += Int(size) }
        return outcomes[place..<place + Int(size)].reduce(0, +)
      }
      if self.statistic(drawn, sizes, share) >= statistic * (1 - 1e-12) { extreme += 1 }
    }
    return Double(1 + extreme) / Double(1 + permutations)
  }
}
