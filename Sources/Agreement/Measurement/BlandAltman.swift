import Statistics

/// Limits of agreement of two measurements of the same participants (Bland and Altman, Lancet
/// 1986;327:307): mean difference +- z SD, with z the normal quantile (1.96).
public struct BlandAltman: Sendable, Equatable {
  /// One participant measured twice, percent.
  public struct Pair: Sendable, Equatable {
    public let first: Double
    public let second: Double
    public init(first: Double, second: Double) {
      self.first = first
      self.second = second
    }
    /// Second less first, percentage points.
    public var difference: Double { second - first }
    public var mean: Double { (first + second) / 2 }
  }

  public let pairs: [Pair]
  /// Mean difference, percentage points, with Student's interval.
  public let bias: Estimate
  public let lowerLimit: Estimate
  public let upperLimit: Estimate
  /// Of the differences.
  public let standardDeviation: Double

  static let least = 3

  /// - Parameter pairs: one a participant, finite: differences of one participant are not independent.
  public static func of(_ pairs: [Pair], level: Double = 0.95) -> Figure<BlandAltman> {
    guard pairs.count >= least else {
      return .leftOut("\(pairs.count) participants were measured twice; \(least) are needed")
    }
    return .value(BlandAltman(pairs, level))
  }

  private init(_ pairs: [Pair], _ level: Double) {
    let sample = Sample(pairs.map(\.difference))
    let n = Double(sample.count)
    let error = sample.standardDeviation / n.squareRoot()
    let reach = StudentT(degreesOfFreedom: n - 1).quantile(0.5 + level / 2) * error
    let z = Normal().quantile(0.5 + level / 2)
    self.pairs = pairs
    standardDeviation = sample.standardDeviation
    bias = Estimate(
      value: sample.mean,
      interval: .value(
        Interval(lower: sample.mean - reach, upper: sample.mean + reach, level: level)),
      n: sample.count, method: Method("Student's t"))
    let above = Self.limit(sample, z, level)
    upperLimit = above
    lowerLimit = Estimate(
      value: 2 * sample.mean - above.value,
      interval: above.interval.map {
        Interval(
          lower: 2 * sample.mean - $0.upper, upper: 2 * sample.mean - $0.lower, level: level)
      },
      n: above.n, method: above.method)
  }

  /// The upper limit's exact interval: (mean - limit) / (SD / sqrt n) follows a noncentral t distribution
  /// with noncentrality -z sqrt n (Carkeet, Optom Vis Sci 2015;92:e71).
  private static func limit(_ sample: Sample, _ z: Double, _ level: Double) -> Estimate {
    let n = Double(sample.count)
    let error = sample.standardDeviation / n.squareRoot()
    let spread = NoncentralT(degreesOfFreedom: n - 1, noncentrality: z * n.squareRoot())
    let tail = (1 - level) / 2
    let (low, high) = (spread.quantile(tail), spread.quantile(1 - tail))
    let interval: Figure<Interval> =
      low.isFinite && high.isFinite
      ? .value(
        Interval(
          lower: sample.mean + low * error, upper: sample.mean + high * error, level: level))
      : .leftOut("the noncentral t distribution has no quantile here")
    return Estimate(
      value: sample.mean + z * sample.standardDeviation, interval: interval, n: sample.count,
      method: Method(
        "exact, noncentral t", reference: "Carkeet A. Optom Vis Sci 2015;92:e71-80"))
  }
}
