/// Mean and spread of a sample.
public struct Sample: Sendable, Equatable {
  public let count: Int
  /// 0 for an empty sample.
  public let mean: Double
  /// With n - 1; 0 for fewer than two values.
  public let variance: Double
  public var standardDeviation: Double { variance.squareRoot() }

  /// - Parameter values: finite.
  public init(_ values: [Double]) {
    count = values.count
    let mean = values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    self.mean = mean
    variance =
      values.count < 2
      ? 0
      : values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }

  /// The middle value, or the mean of the middle two; nil for an empty sample.
  public static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}

/// A least-squares line y = intercept + slope x, for starts of fits.
struct StraightLine {
  let intercept: Double
  let slope: Double
  /// With n - 1.
  let residualDeviation: Double

  /// - Parameters:
  ///   - x: as many values as `y`, at least one.
  init(x: [Double], y: [Double]) {
    let (meanX, meanY) = (Sample(x).mean, Sample(y).mean)
    var (xx, xy) = (0.0, 0.0)
    for (a, b) in zip(x, y) {
      xx += (a - meanX) * (a - meanX)
      xy += (a - meanX) * (b - meanY)
    }
    let slope = xx > 0 ? xy / xx : 0
    self.slope = slope
    intercept = meanY - slope * meanX
    residualDeviation =
      Sample(zip(x, y).map { $1 - meanY - slope * ($0 - meanX) }).standardDeviation
  }
}
