/// What can be chosen about a validation; everything else is fixed.
public struct ValidationOptions: Sendable {
  /// Of every resampling; the same seed gives the same figures, to the bit.
  public var seed: UInt64 = 20_261_120
  /// Of the bootstrap.
  public var resamples = 10_000
  /// Half-widths for which the last section says how many participants are needed.
  public var halfWidths = [0.05, 0.10, 0.15]

  public init() {}
}
