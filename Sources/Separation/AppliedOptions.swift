import Volumes

/// What a separation works on, and so which options it has a use for.
public enum SeparationKind: Sendable {
  case complexEchoes, twoEchoes, magnitudeEchoes
  /// A vendor's images, or two magnitudes.
  case images

  public var usesSpectrum: Bool { self != .images }
  public var fitsR2star: Bool { self == .complexEchoes || self == .magnitudeEchoes }
  public var usesPrecession: Bool { self == .complexEchoes || self == .twoEchoes }
}

/// The options that a result rests on: what `measurement.json` says under `method`, beside the names.
/// nil where an option was not asked for or has no part in the method.
public struct AppliedOptions: Sendable, Hashable {
  /// The spectrum's peaks as they were used, at the temperature that was asked for.
  public var peaks: [FatSpectrum.Peak]?
  public var temperature: Celsius?
  public var r2starMinimum: PerSecond?
  public var r2starMaximum: PerSecond?
  public var t1Correction: T1Correction?
  /// Number of voxels of the mask given by `--within`.
  public var voxelsWithin: Int?

  public init(_ settings: SeparationSettings, of kind: SeparationKind) {
    if kind.usesSpectrum {
      peaks = try? settings.spectrumAtTemperature().peaks
      temperature = settings.temperature
    }
    if kind.fitsR2star {
      r2starMinimum = settings.r2starMinimum
      r2starMaximum = settings.r2starMaximum
    }
    t1Correction = settings.t1Correction
    voxelsWithin = settings.within.map { $0.count { $0 } }
  }
}
