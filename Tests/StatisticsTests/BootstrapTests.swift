import Statistics
import Testing

@Suite struct BootstrapTests {
  private func draws(_ members: [UInt8], kinds: Int, _ count: Int, seed: UInt64) -> [[Double]] {
    var resampler = Resampler(seed: seed)
    return (0..<count).map { _ in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: kinds) { counts in
        resampler.draw(members, into: counts)
        return Array(counts)
      }
    }
  }

  /// Multinomial: of 7 members, 1, 2 and 4 of a kind, 4000 samples. Means within 5 errors, and each
  /// variance n p (1 - p) within 10 % (its error is 2 %).
  @Test func samplesAreDrawnWithReplacement() {
    let members: [UInt8] = [0, 1, 1, 2, 2, 2, 2]
    let drawn = draws(members, kinds: 3, 4000, seed: 3)
    #expect(drawn.allSatisfy { $0.reduce(0, +) == 7 })
    for (kind, share) in [1.0 / 7, 2.0 / 7, 4.0 / 7].enumerated() {
      let sample = Sample(drawn.map { $0[kind] })
      let variance = 7 * share * (1 - share)
      #expect(abs(sample.mean - 7 * share) < 5 * (variance / 4000).squareRoot())
      #expect(abs(sample.variance - variance) < 0.1 * variance)
    }
    #expect(drawn == draws(members, kinds: 3, 4000, seed: 3))
    #expect(drawn != draws(members, kinds: 3, 4000, seed: 4))
  }

  /// With z0 = 0 and a = 0 it is the percentile interval: of 0, 1 ... 1000 at 500 the 2.5 % and 97.5 %
  /// quantiles are 25 and 975 (1e-9).
  @Test func withoutCorrectionItIsThePercentile() throws {
    let replicates = (0...1000).map { Double($0) }.reversed()
    let interval = try #require(
      BiasCorrected.interval(500, replicates: Array(replicates), acceleration: 0))
    #expect(abs(interval.lower - 25) < 1e-9 && abs(interval.upper - 975) < 1e-9)
    // A positive acceleration moves both limits up, an estimate below the median both down.
    let accelerated = try #require(
      BiasCorrected.interval(500, replicates: Array(replicates), acceleration: 0.05))
    #expect(accelerated.lower > interval.lower && accelerated.upper > interval.upper)
    let biased = try #require(
      BiasCorrected.interval(450, replicates: Array(replicates), acceleration: 0))
    #expect(biased.lower < interval.lower && biased.upper < interval.upper)
  }

  @Test func whatSaysNothingHasNoInterval() {
    #expect(BiasCorrected.interval(1, replicates: [], acceleration: 0) == nil)
    #expect(BiasCorrected.interval(1, replicates: [1, 1, 1], acceleration: 0) == nil)
    #expect(BiasCorrected.interval(0, replicates: [1, 2, 3], acceleration: 0) == nil)
    #expect(BiasCorrected.interval(4, replicates: [1, 2, 3], acceleration: 0) == nil)
    #expect(BiasCorrected.interval(2, replicates: [1, 2, 3], acceleration: 0.6) == nil)
  }

  /// The acceleration of a mean is a sixth of the sample's skewness over the square root of n: for
  /// 0, 0, 3 it is 1 / sqrt 2 / (6 sqrt 3).
  @Test func theAccelerationIsASixthOfTheSkewness() {
    let leftOneOut: [(estimate: Double, count: Double)] = [(1.5, 2), (0, 1)]
    let expected = 1 / (2.0.squareRoot() * 6 * 3.0.squareRoot())
    #expect(abs(BiasCorrected.acceleration(leftOneOut) - expected) < 1e-15)
    #expect(BiasCorrected.acceleration([(2, 5)]) == 0)
  }
}
