/// What a digital reference object is made from: the whole of `phantoms/recipes/NAME.json`.
///
/// A file gives only what differs from the defaults below; percent, ms and mm stand here because a
/// recipe is an edge that people write by hand.
public struct Recipe: Codable, Hashable, Sendable {
  public var schema = "pdff.phantom-recipe/1"
  public var name = "unnamed"
  /// One line for `pdff phantom list`.
  public var title = ""
  /// How the simulation departs from the model that the fit assumes; "nothing" if it does not.
  public var departsFrom = "nothing: the model of the fit"
  /// Seed of the noise, unless `--seed` says otherwise; below 2^53.
  public var seed: UInt64 = 20_260_115
  /// Voxels along x, y, z. The anatomy keeps its size in mm under another shape.
  public var shape = [128, 128, 24]
  /// Field of view along x, y, z, mm.
  public var fieldOfViewMm = [460.0, 460.0, 192.0]
  public var fieldStrengthT = 3.0
  /// Ascending.
  public var echoTimesMs = [1.15, 2.3, 3.45, 4.6, 5.75, 6.9]
  /// Mean |W + F| of the liver's voxels at TE = 0 (before any departure) over the standard
  /// deviation of one real channel; 0 for no noise.
  public var snr = 40.0
  /// "+": phase follows exp(+i 2 pi f t), the main fat peak at -3.4 ppm; "-": the conjugate.
  public var precession = "+"
  public var spectrum = FatSpectrumOfRecipe()
  /// Keyed by `TissueClass.recipeKey`.
  public var tissues = TissueOfRecipe.defaults
  public var arms = true
  public var field = FieldOfRecipe()
  public var departures = Departures()
  public var export = ExportOfRecipe()

  public init() {}
}

/// The fat spectrum of the simulation: a table's name, or shifts and amplitudes of its own.
public struct FatSpectrumOfRecipe: Codable, Hashable, Sendable {
  /// A name of `SimulatedSpectrum.tables`, or "own".
  public var name = "liver-six-peak"
  /// Shift from water, ppm, one per peak; only for "own".
  public var shiftsPpm: [Double] = []
  /// Relative amplitudes, one per peak; normalised on reading; only for "own".
  public var amplitudes: [Double] = []
}

/// One tissue. A pair is the range that the value runs through: along x for the liver's PDFF, along
/// y for the liver's R2*, slowly to and fro in other tissues.
public struct TissueOfRecipe: Codable, Hashable, Sendable {
  /// |W + F| at TE = 0, arbitrary units.
  public var density: Double
  public var pdffPercent: [Double]
  public var r2starPerS: [Double]
  /// T1 of water, ms: used only where `departures.flip_deg` asks for T1 weighting.
  public var waterT1Ms: Double

  static func of(
    _ density: Double, _ pdff: ClosedRange<Double>, _ r2star: ClosedRange<Double>, t1: Double
  ) -> Self {
    Self(
      density: density, pdffPercent: [pdff.lowerBound, pdff.upperBound],
      r2starPerS: [r2star.lowerBound, r2star.upperBound], waterT1Ms: t1)
  }

  static let defaults: [String: Self] = [
    "subcutaneous_fat": .of(1600, 90...100, 30...60, t1: 1400),
    "visceral_fat": .of(1500, 80...92, 30...60, t1: 1400),
    "muscle": .of(700, 0...2, 30...40, t1: 1420),
    "liver": .of(1000, 8...16, 40...55, t1: 810),
    "tumour": .of(950, 4...4, 35...35, t1: 1200),
    "second_lesion": .of(950, 7...7, 40...40, t1: 1100),
    "spleen": .of(1050, 0...0, 20...30, t1: 1330),
    "marrow": .of(900, 40...60, 70...110, t1: 1100),
    "vessel": .of(1100, 0...0, 10...15, t1: 1930),
  ]
}

/// The field map and the phase at TE = 0.
public struct FieldOfRecipe: Codable, Hashable, Sendable {
  /// Terms in X, Y, Z, where each runs from -1 to 1 over the field of view, Hz.
  public var linearHz = [25.0, -20.0, 30.0]
  /// Terms in X^2, Y^2, Z^2, XY, Hz.
  public var quadraticHz = [30.0, -25.0, 15.0, 20.0]
  /// Steepest difference between neighbouring voxels of tissue that the dipole-like terms at the
  /// dome of the liver and at the gas reach, Hz per voxel; they are scaled to it.
  public var steepestHzPerVoxel = 15.0
  /// Offset of the right and of the left arm from the body, Hz.
  public var armOffsetHz = [-40.0, 30.0]
  /// Phase at TE = 0: constant, X, Y, Z and XY terms, rad.
  public var initialPhaseRad = [0.6, 0.9, -0.7, 0.5, 0.4]
}

/// What departs from the model of the fit. The defaults depart in nothing.
public struct Departures: Codable, Hashable, Sendable {
  /// Sub-voxels along x and along y whose signals are averaged: partial volume at edges.
  public var oversampling = 1
  /// Flip angle in degrees of a spoiled gradient echo; 0 for no T1 weighting.
  public var flipDeg = 0.0
  public var repetitionTimeMs = 9.0
  public var fatT1Ms = 380.0
  /// Added to the fat's R2*, 1/s; water keeps the tissue's.
  public var extraFatDecayPerS = 0.0
  /// Added to the phase of the first echo, rad: an eddy current.
  public var firstEchoPhaseRad = 0.0
  /// Bipolar read-out: odd echoes get plus, even ones minus this phase, rad.
  public var bipolarPhaseRad = 0.0
  /// The same as a ramp along x, rad from the centre to the edge of the field of view.
  public var bipolarRampRad = 0.0
  /// Phase of fat less phase of water at TE = 0, rad.
  public var fatPhaseRad = 0.0
}

/// How the scan is written.
public struct ExportOfRecipe: Codable, Hashable, Sendable {
  public enum Style: String, Codable, Sendable, CaseIterable {
    /// Magnitude int16, phase int16 of -4096...4094 by slope 2 and intercept -4096.
    case siemens
    /// Magnitude float32, phase float32 in rad with `Units`.
    case radians
    /// Real and imaginary int16, `Manufacturer` GE.
    case realImaginary = "real-imaginary"
    /// One 4D complex64 file, `EchoTime` a list.
    case complex
    /// Magnitude int16 without phase.
    case magnitude
    /// Opposed-phase and in-phase magnitudes.
    case twoPoint = "two-point"
    /// A vendor's water, fat and PDFF images.
    case vendorMaps = "vendor-maps"
  }
  public var style = Style.siemens
}
