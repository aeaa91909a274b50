import Faults
import Volumes

/// What separation gives: one map per quantity on the scan's grid, NaN where nothing can be said.
public struct SeparatedMaps: Sendable {
  /// PDFF as a fraction; a little below 0 or above 1 is noise and stays.
  public var fatFraction: Volume<Float>
  /// Standard deviation of PDFF as a fraction, from the Cramér-Rao bound and the measured noise.
  public var fatFractionSD: Volume<Float>?
  /// R2*, 1/s.
  public var r2star: Volume<Float>?
  /// Field map, Hz, wrapped as the echoes allow.
  public var fieldMap: Volume<Float>?
  /// Magnitude of water at TE = 0, in the input's unit.
  public var water: Volume<Float>?
  /// Magnitude of fat at TE = 0, in the input's unit.
  public var fat: Volume<Float>?
  /// Bits of `Quality`.
  public var quality: Volume<UInt16>
  public var method: MethodRecord
  public var notices: [Notice]
}

/// How the maps were made: what `measurement.json` says under `method`.
public struct MethodRecord: Sendable, Hashable {
  /// "complex multi-peak VARPRO, ...".
  public var name: String
  /// Name of the fat spectrum, or nil where none was used.
  public var fatSpectrum: String?
  /// "+" or "-": the sign of phase that explained the data; nil where none was needed.
  public var precession: String?
  /// Standard deviation of the noise of one real channel, in the input's unit.
  public var noiseSD: Double?
  /// How that noise is correlated from voxel to voxel; nil where that is not known.
  public var noiseCorrelation: NoiseCorrelation?
  /// "baseline", "avx2", "avx512", "neon".
  public var instructionSet: String?
  /// Phase that was taken out of the echoes before the fit; nil where there was none worth it.
  public var phaseErrors: PhaseErrors?
  /// nil where nobody recorded them.
  public var options: AppliedOptions?
  /// What T1 weighting was left in; nil where it was corrected, or too little is known of the protocol.
  public var t1Bias: T1Bias?
  /// What the swap alarm said of the scan's regions; nil where it has no complex echoes to go by.
  public var swapCheck: SwapCheck?
}

extension SeparatedMaps {
  /// - Parameters: as the properties; every map lies on the grid of `fatFraction`.
  public init(
    fatFraction: Volume<Float>, quality: Volume<UInt16>, method: MethodRecord,
    notices: [Notice] = []
  ) {
    self.fatFraction = fatFraction
    self.quality = quality
    self.method = method
    self.notices = notices
  }
}

extension MethodRecord {
  public init(name: String) { self.name = name }
}
