import Statistics

/// What a model said beforehand of each participant, beside the class of the tissue.
public struct Forecasts: Sendable, Equatable {
  /// What the classes are called, in their order; 2 or more.
  public let classes: [String]
  /// One row a participant, one share a class, adding up to 1.
  public let probabilities: [[Double]]
  /// 0..<classes.count.
  public let tissue: [Int]

  public init(classes: [String], probabilities: [[Double]], tissue: [Int]) {
    precondition(probabilities.count == tissue.count)
    self.classes = classes
    self.probabilities = probabilities
    self.tissue = tissue
  }

  public var count: Int { tissue.count }
}

/// How far forecasts are from what came, as proper scores: 0 is perfect.
public struct ForecastScores: Sendable, Equatable {
  /// Mean of sum_k (p_k - o_k)^2, 0...2 (Brier, Mon Weather Rev 1950;78:1).
  public let brier: Figure<Estimate>
  /// Mean of sum_(j < K) (P_j - O_j)^2 / (K - 1) of the cumulated shares, 0...1: a miss by two classes
  /// costs more than by one (Epstein, J Appl Meteorol 1969;8:985).
  public let rankedProbability: Figure<Estimate>
  /// The same of a forecast that says the sample's shares of everybody.
  public let brierOfPrevalence: Double?
  public let rankedProbabilityOfPrevalence: Double?

  /// Intervals are Student's of the mean of the participants' scores.
  public init(_ forecasts: Forecasts, level: Double = 0.95) {
    let n = forecasts.count
    let shares = forecasts.classes.indices.map { k in
      n == 0 ? 0 : Double(forecasts.tissue.count { $0 == k }) / Double(n)
    }
    func scores(_ score: ([Double], Int) -> Double) -> [Double] {
      zip(forecasts.probabilities, forecasts.tissue).map { score($0, $1) }
    }
    brier = MeanFigure.figure(scores(Self.brier), level: level)
    rankedProbability = MeanFigure.figure(scores(Self.rankedProbability), level: level)
    let ofPrevalence = { (score: ([Double], Int) -> Double) in
      n == 0 ? nil : Sample(forecasts.tissue.map { score(shares, $0) }).mean
    }
    brierOfPrevalence = ofPrevalence(Self.brier)
    rankedProbabilityOfPrevalence = ofPrevalence(Self.rankedProbability)
  }

  static func brier(_ shares: [Double], _ tissue: Int) -> Double {
    shares.enumerated().reduce(0) { sum, share in
      let rest = share.element - (share.offset == tissue ? 1 : 0)
      return sum + rest * rest
    }
  }

  static func rankedProbability(_ shares: [Double], _ tissue: Int) -> Double {
    var (below, sum) = (0.0, 0.0)
    for (k, share) in shares.dropLast().enumerated() {
      below += share
      let rest = below - (tissue <= k ? 1 : 0)
      sum += rest * rest
    }
    return sum / Double(shares.count - 1)
  }
}

/// The mean of one value a participant, with Student's interval.
enum MeanFigure {
  static func figure(_ values: [Double], method: Method = .mean, level: Double = 0.95)
    -> Figure<Estimate>
  {
    guard !values.isEmpty else { return .leftOut("there are no participants") }
    let sample = Sample(values)
    let error = (sample.variance / Double(sample.count)).squareRoot()
    guard values.count > 1, error > 1e-12 else {
      let reason =
        values.count > 1
        ? "all participants have the same value, so there is no spread"
        : "one participant has no spread"
      return .value(
        Estimate(value: sample.mean, interval: .leftOut(reason), n: sample.count, method: method))
    }
    let reach =
      StudentT(degreesOfFreedom: Double(sample.count - 1)).quantile(0.5 + level / 2) * error
    return .value(
      Estimate(
        value: sample.mean,
        interval: .value(
          Interval(lower: sample.mean - reach, upper: sample.mean + reach, level: level)),
        n: sample.count, method: method, standardError: error))
  }
}

extension Method {
  public static let mean = Method("Student's t of the participants' mean")
}
