/// How far a voxel's costs are believed, and which neighbours share a field; the same for every voxel.
public struct EvidencePlan: Sendable {
  /// Weight nu of the prior of a voxel's variance, in real data.
  public var varianceData: Float = 4
  /// Misfit as a share of the signal's energy at which evidence counts half.
  public var halfMisfit: Float = 0.002
  /// Most nats by which a voxel's own evidence may speak.
  public var cap: Float = 12
  /// Logarithm of the ratio of amplitudes between neighbours, one standard deviation.
  public var contrastSD: Float = 0.3
  /// |s|^2 of the brightest echo from which a voxel is fully trusted as a neighbour.
  public var fullBrightness: Float = 1
  /// Weight of neighbours along x, y and z by their distance, 0...1.
  public var closeness = SIMD3<Float>(repeating: 1)
  /// Angle between water and fat at TE = 0 up to which they count as in phase, rad.
  public var phaseAngle: Float = 0.7

  public init() {}
}

/// Cost of a candidate that a voxel does not have, nats.
public let missingNats: Float = 1e4
