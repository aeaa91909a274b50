/// Sums of stored values that a linear scaling passes through, by which two ways to write the same
/// values are compared.
struct StoredValues: Sendable {
  private(set) var count = 0
  private(set) var least = Double.infinity
  private(set) var greatest = -Double.infinity
  private var sum = 0.0
  private var squares = 0.0

  init() {}

  init<Value: BinaryInteger>(_ values: UnsafeBufferPointer<Value>) {
    guard let first = values.first else { return }
    var (low, high) = (first, first)
    var (sum, squares) = (0, 0)
    for value in values {
      low = min(low, value)
      high = max(high, value)
      let wide = Int(truncatingIfNeeded: value)
      sum &+= wide
      squares &+= wide &* wide
    }
    (least, greatest) = (Double(low), Double(high))
    (self.sum, self.squares, count) = (Double(sum), Double(squares), values.count)
  }

  init(_ values: UnsafeBufferPointer<Float>) {
    for value in values where value.isFinite {
      let wide = Double(value)
      least = min(least, wide)
      greatest = max(greatest, wide)
      sum += wide
      squares += wide * wide
    }
    count = values.count
  }

  /// The sums of slope x value + intercept.
  func scaled(_ slope: Double, _ intercept: Double) -> StoredValues {
    guard count > 0 else { return self }
    var result = self
    let ends = [slope * least + intercept, slope * greatest + intercept]
    (result.least, result.greatest) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
    let number = Double(count)
    result.sum = slope * sum + intercept * number
    result.squares =
      slope * slope * squares + 2 * slope * intercept * sum + intercept * intercept * number
    return result
  }

  mutating func add(_ other: StoredValues) {
    count += other.count
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
    sum += other.sum
    squares += other.squares
  }

  /// The greatest of all, either way.
  var magnitude: Double { max(abs(least), abs(greatest)) }

  /// Whether both hold the same values, in whatever order, within a thousandth of `scale`, the greatest
  /// of the volume: converters work in single precision, where an intercept costs digits.
  func agrees(with other: StoredValues, scale: Double) -> Bool {
    guard count == other.count, count > 0 else { return false }
    let near = { (one: Double, two: Double, size: Double) in abs(one - two) <= 1e-3 * size + 1e-12 }
    let number = Double(count)
    return near(least, other.least, scale) && near(greatest, other.greatest, scale)
      && near(sum / number, other.sum / number, scale)
      && near(squares / number, other.squares / number, scale * scale)
  }
}
