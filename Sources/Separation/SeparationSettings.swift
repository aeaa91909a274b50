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

/// T1 weights of a spoiled gradient echo, to be taken out of W and F.
public struct T1Correction: Sendable, Hashable {
  public var flipAngle: Radians
  public var repetitionTime: Seconds
  public var waterT1: Seconds
  public var fatT1: Seconds

  public init(
    flipAngle: Radians, repetitionTime: Seconds, waterT1: Seconds, fatT1: Seconds
  ) {
    self.flipAngle = flipAngle
    self.repetitionTime = repetitionTime
    self.waterT1 = waterT1
    self.fatT1 = fatT1
  }
}

/// What a physicist may set.
public struct SeparationSettings: Sendable {
  public var spectrum: FatSpectrum = .standard
  public var temperature: Celsius?
  public var precession: Precession = .automatic
  /// Upper bound on R2*.
  public var r2starMaximum = PerSecond(1500)
  /// Voxels to separate, shape (x, y, z) of the scan; nil for all.
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
