import Volumes

/// Labels that a header's scaling moved from whole numbers: 2.94 for 3, all by one factor.
public struct LabelDrift: Sendable, Hashable {
  /// What a label of 1 has become.
  public let factor: Double
  /// The farthest that a value lies from the whole number that it stands for.
  public let farthest: Double

  /// How far a value may lie from a whole multiple of the factor, and the factor from 1.
  static let tolerance = 0.01
  static let factors = 0.9...1.1
  /// More different values are those of an image that was interpolated.
  static let mostValues = 64

  /// nil where the values are whole numbers, or no few labels times one factor.
  public init?(_ values: [Float]) {
    var distinct: Set<Float> = []
    for value in values where abs(value) > Float(Self.tolerance) && !distinct.contains(value) {
      guard value.isFinite, value > 0, distinct.count < Self.mostValues else { return nil }
      distinct.insert(value)
    }
    let found = distinct.map(Double.init).sorted()
    guard let least = found.first, found.contains(where: { $0 != $0.rounded() }) else { return nil }
    var factor = least / max(1, least.rounded())
    // Refined by least squares over all labels.
    for _ in 0..<3 {
      let whole = found.map { ($0 / factor).rounded() }
      factor =
        zip(found, whole).reduce(0) { $0 + $1.0 * $1.1 } / whole.reduce(0) { $0 + $1 * $1 }
    }
    guard Self.factors.contains(factor),
      found.allSatisfy({ abs($0 / factor - ($0 / factor).rounded()) <= Self.tolerance })
    else { return nil }
    self.factor = factor
    farthest = found.map { abs($0 - ($0 / factor).rounded()) }.max() ?? 0
  }

  /// The labels that the values stand for.
  public func mended(_ values: [Float]) -> [Float] {
    values.map { (Double($0) / factor).rounded() }.map { Float(max(0, $0)) }
  }

  public var words: String {
    "each value is its label times \((factor * 1e6).rounded() / 1e6), off by up to "
      + "\((farthest * 1e4).rounded() / 1e4)"
  }
}
