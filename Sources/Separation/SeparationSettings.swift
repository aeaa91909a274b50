import Volumes

/// Which way fat precesses in the exported phase.
public enum Precession: String, Sendable, CaseIterable {
  /// Fit both, keep the one that explains the data.
  case automatic = "auto"
  /// exp(+i 2 pi f t) with the main fat peak at -3.4 ppm.
  case positive = "+"
  /// The conjugate.
  case negative = "-"
}

/// What a physicist may set.
public struct SeparationSettings: Sendable {
  public var spectrum: FatSpectrum = .standard
  public var temperature: Celsius?
  public var precession: Precession = .automatic
  /// Bounds on R2*. The lower is below 0, since noise around 0 is not to be folded up.
  public var r2starMinimum = PerSecond(-50)
  public var r2starMaximum = PerSecond(1500)
  /// Voxels to report, shape (x, y, z) of the scan; nil for all. Those around them are separated
  /// too, for the field map's sake; noise and sign of phase come from the whole scan.
  public var within: [Bool]?
  public var t1Correction: T1Correction?
  public var kernels: Kernels = .best

  public init() {}

  /// The spectrum, with water shifted to the stated temperature where there is one.
  func spectrumAtTemperature() throws(SeparationError) -> FatSpectrum {
    guard let temperature else { return spectrum }
    return try spectrum.shifted(to: temperature)
  }
}
