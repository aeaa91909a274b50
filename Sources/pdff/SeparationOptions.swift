import ArgumentParser
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

  @Option(help: "Fat spectrum: a name or a file.")
  var fatSpectrum: String?

  @Option(
    parsing: .unconditional, help: "Temperature in degrees C, which shifts water; only when asked.")
  var temperatureC: Double?

  @Option(name: .customLong("r2star-max-per-s"), help: "Greatest R2*, 1/s.")
  var r2starMaxPerS: Double?

  @Option(help: "Mask outside which nothing is separated.", completion: .file())
  var within: String?

  @Option(help: "Flip angle in degrees, for the T1 correction.")
  var flipAngleDeg: Double?

  @Option(help: "Repetition time in ms, for the T1 correction.")
  var repetitionTimeMs: Double?

  @Option(help: "T1 of water in ms, for the T1 correction.")
  var waterT1Ms: Double?

  @Option(help: "T1 of fat in ms, for the T1 correction.")
  var fatT1Ms: Double?

  mutating func validate() throws {
    try Check.positive(r2starMaxPerS, "--r2star-max-per-s")
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
  var r2starMaximum: PerSecond? { r2starMaxPerS.map { PerSecond($0) } }
}
