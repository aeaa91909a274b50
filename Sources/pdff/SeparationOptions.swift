import ArgumentParser
import Separation
import Volumes

/// The flags of water-fat separation, checked but not yet acted on.
struct SeparationOptions: ParsableArguments {
  /// Sign of phase: fat's main peak turns one way or the other.
  enum Precession: String, ExpressibleByArgument, CaseIterable {
    case auto
    case positive = "+"
    case negative = "-"
  }

  @Option(parsing: .unconditional, help: "Sign of phase: auto (fits both), + or -.")
  var precession: Precession = .auto

  @Option(
    help: ArgumentHelp(
      "Fat spectrum: \(FatSpectrum.catalogue.map(\.name).joined(separator: ", ")); or a text file "
        + "of 'shift-ppm amplitude' lines. Default: \(FatSpectrum.standard.name).",
      valueName: "name|file"))
  var fatSpectrum: String?

  @Option(
    parsing: .unconditional,
    help: "Temperature of a phantom in degrees C, which shifts water; only when asked.")
  var temperatureC: Double?

  @Option(
    name: .customLong("r2star-max-per-s"),
    help: ArgumentHelp("Greatest R2* of the fit, 1/s. Default: 1500.", valueName: "1/s"))
  var r2starMaxPerS: Double?

  @Option(
    name: .customLong("r2star-min-per-s"), parsing: .unconditional,
    help: ArgumentHelp(
      "Least R2* of the fit, 1/s, 0 or less. Default: -50, since noise carries values below 0.",
      valueName: "1/s"))
  var r2starMinPerS: Double?

  @Option(
    help: ArgumentHelp(
      "Separate only within this mask (any grid) and what the field map needs around it: much "
        + "faster for a tumour in a large scan.", valueName: "mask"), completion: .file())
  var within: String?

  @Option(help: "Flip angle in degrees, for the T1 correction; the sidecar's where not given.")
  var flipAngleDeg: Double?

  @Option(help: "Repetition time in ms, for the T1 correction; the sidecar's where not given.")
  var repetitionTimeMs: Double?

  @Option(help: "T1 of water in ms: asks for the T1 correction, with --fat-t1-ms.")
  var waterT1Ms: Double?

  @Option(help: "T1 of fat in ms: asks for the T1 correction, with --water-t1-ms.")
  var fatT1Ms: Double?

  mutating func validate() throws {
    try Check.positive(r2starMaxPerS, "--r2star-max-per-s")
    if let r2starMinPerS, !(r2starMinPerS <= 0 && r2starMinPerS >= -1000) {
      throw ValidationError("--r2star-min-per-s takes a rate from -1000 to 0")
    }
    try Check.positive(flipAngleDeg, "--flip-angle-deg")
    try Check.positive(repetitionTimeMs, "--repetition-time-ms")
    try Check.positive(waterT1Ms, "--water-t1-ms")
    try Check.positive(fatT1Ms, "--fat-t1-ms")
    if let temperatureC, !(0...100).contains(temperatureC) {
      throw ValidationError("--temperature-c takes degrees between 0 and 100")
    }
    if let flipAngleDeg, flipAngleDeg >= 180 {
      throw ValidationError("--flip-angle-deg takes degrees below 180")
    }
    guard (waterT1Ms == nil) == (fatT1Ms == nil) else {
      throw ValidationError("the T1 correction needs both --water-t1-ms and --fat-t1-ms")
    }
    if waterT1Ms == nil, flipAngleDeg != nil || repetitionTimeMs != nil {
      throw ValidationError(
        "--flip-angle-deg and --repetition-time-ms serve the T1 correction, which needs "
          + "--water-t1-ms and --fat-t1-ms")
    }
  }

  /// The T1 correction that was asked for. Flip angle and repetition time may come from sidecars.
  struct T1Correction: Equatable {
    let waterT1: Seconds
    let fatT1: Seconds
    let flipAngle: Radians?
    let repetitionTime: Seconds?
  }

  var t1Correction: T1Correction? {
    guard let waterT1Ms, let fatT1Ms else { return nil }
    return T1Correction(
      waterT1: Seconds(milliseconds: waterT1Ms), fatT1: Seconds(milliseconds: fatT1Ms),
      flipAngle: flipAngleDeg.map { Radians(degrees: $0) },
      repetitionTime: repetitionTimeMs.map { Seconds(milliseconds: $0) })
  }

  var temperature: Celsius? { temperatureC.map { Celsius($0) } }
  var r2starMinimum: PerSecond? { r2starMinPerS.map { PerSecond($0) } }
  var r2starMaximum: PerSecond? { r2starMaxPerS.map { PerSecond($0) } }
}
