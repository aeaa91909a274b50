/// What the maps need to know beyond a block's fit; the same for every voxel.
public struct MapPlan: Sendable {
  /// Variance of the noise of one real channel.
  public var noiseVariance: Float = 1
  /// Factors by which water and fat are taken (T1 correction).
  public var waterFactor: Float = 1
  public var fatFactor: Float = 1
  /// Bounds on R2*, 1/s.
  public var r2starMinimum: Float = -50
  public var r2starMaximum: Float = 1000
  /// Standard deviation of PDFF above which a voxel counts as unmeasurable.
  public var unmeasurableSD: Float = 0.05
  /// Residual that noise does not reach, signal unit squared; none where nothing is left over.
  public var poorResidual: Float = .infinity
  /// Share of |W|^2 + |F|^2 that a residual beyond that must exceed.
  public var poorShare: Float = 0.01
  /// Bits for what is wrong with a voxel.
  public var notConverged: Int32 = 0
  public var r2starAtBound: Int32 = 0
  public var phasesDiffer: Int32 = 0
  public var unmeasurable: Int32 = 0
  public var poorFit: Int32 = 0

  public init() {}
}

/// The rows of a block's maps, each of sixteen lanes.
public enum MapRow: Int, CaseIterable, Sendable {
  /// PDFF as a fraction, and its standard deviation.
  case fatFraction, fatFractionSD
  /// R2*, 1/s.
  case r2star
  /// Field map, Hz.
  case fieldMap
  /// |W| and |F| at TE = 0.
  case water, fat
}
