/// How a fraction comes from two images a and b, the same for every voxel:
///
///     (n_a a + n_b b) / (d_a a + d_b b + d_0),   signal where s_a a + s_b b > threshold
public struct RatioPlan: Sendable {
  public var numerator: (a: Float, b: Float)
  public var denominator: (a: Float, b: Float, constant: Float)
  public var signal: (a: Float, b: Float)
  public var threshold: Float
  /// Fractions that are measurements; others are NaN.
  public var range: ClosedRange<Float> = -.infinity ... .infinity
  /// Bits of a fraction, and of what is none: where there is no signal, where an image is not finite,
  /// where the fraction is out of range.
  public var known: UInt16 = 0
  public var background: UInt16 = 0
  public var nonFinite: UInt16 = 0
  public var outOfRange: UInt16 = 0

  public init(
    numerator: (a: Float, b: Float), denominator: (a: Float, b: Float, constant: Float),
    signal: (a: Float, b: Float), threshold: Float
  ) {
    self.numerator = numerator
    self.denominator = denominator
    self.signal = signal
    self.threshold = threshold
  }
}
