import Volumes

/// How a quantity is distributed over the voxels of a region; every value in the quantity's unit.
public struct SummaryStatistics<Value: Quantity>: Sendable, Equatable {
  /// Number of voxels, at least 1.
  public let count: Int
  public let mean: Value
  public let median: Value
  /// With n - 1 in the denominator (NumPy's `ddof=1`, SimpleITK's sigma); nil for one voxel.
  public let standardDeviation: Value?
  public let p05: Value
  public let p25: Value
  public let p75: Value
  public let p95: Value
  public let minimum: Value
  public let maximum: Value

  /// - Parameter values: finite values in any order; nil where there are none.
  public init?(_ values: [Float]) {
    guard !values.isEmpty else { return nil }
    let moments = Moments(values)
    let sorted = values.sorted()
    func at(_ share: Double) -> Value { Value(percentile(share, ofSorted: sorted)) }
    count = values.count
    mean = Value(moments.mean)
    median = at(0.5)
    standardDeviation = moments.standardDeviation.map { Value($0) }
    p05 = at(0.05)
    p25 = at(0.25)
    p75 = at(0.75)
    p95 = at(0.95)
    minimum = at(0)
    maximum = at(1)
  }
}

/// Mean and standard deviation, in two passes and in double precision.
struct Moments {
  let mean: Double
  /// With n - 1; nil for one value.
  let standardDeviation: Double?

  /// - Parameter values: at least one.
  init(_ values: [Float]) {
    let n = Double(values.count)
    let mean = values.reduce(0.0) { $0 + Double($1) } / n
    // The second sum is 0 but for rounding; it takes the mean's own rounding back out.
    var squares = 0.0
    var rest = 0.0
    for value in values {
      let off = Double(value) - mean
      squares += off * off
      rest += off
    }
    self.mean = mean + rest / n
    standardDeviation = n > 1 ? (max(squares - rest * rest / n, 0) / (n - 1)).squareRoot() : nil
  }
}

/// Percentile by linear interpolation between order statistics, NumPy's default:
///
///     h = share (n - 1),  value = x[floor h] + (h - floor h) (x[floor h + 1] - x[floor h])
///
/// - Parameters:
///   - share: 0...1.
///   - sorted: ascending, at least one value.
func percentile(_ share: Double, ofSorted sorted: [Float]) -> Double {
  let h = share * Double(sorted.count - 1)
  let below = min(max(Int(h), 0), sorted.count - 1)
  let above = min(below + 1, sorted.count - 1)
  let low = Double(sorted[below])
  return low + (h - Double(below)) * (Double(sorted[above]) - low)
}
