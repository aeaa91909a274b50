import ArgumentParser
import Scans
import Volumes

/// The flags by which a user says what the input is; each wins over recognition.
struct ScanOptions: ParsableArguments {
  @Argument(
    help:
      "NIfTI files or folders (a BIDS anat folder, a dcm2niix output folder), or a folder of DICOM.",
    completion: .file())
  var inputs: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: "Magnitude images: one 4D file, or one 3D file per echo in echo order.")
  var magnitude: [String] = []

  @Option(parsing: .upToNextOption, help: "Phase images, likewise.")
  var phase: [String] = []

  @Option(parsing: .upToNextOption, help: "Real images, likewise.")
  var real: [String] = []

  @Option(parsing: .upToNextOption, help: "Imaginary images, likewise.")
  var imaginary: [String] = []

  @Option(parsing: .upToNextOption, help: "Complex images (complex64, complex128), likewise.")
  var complex: [String] = []

  @Option(help: "The scanner's water image.")
  var water: String?

  @Option(help: "The scanner's fat image.")
  var fat: String?

  @Option(help: "In-phase magnitude of a two-point scan.")
  var inPhase: String?

  @Option(help: "Opposed-phase magnitude of a two-point scan.")
  var opposedPhase: String?

  @Option(help: "The scanner's PDFF map.")
  var pdff: String?

  @Option(help: "Scale of the PDFF map: percent, fraction or permille.")
  var pdffScale: PDFFScale?

  @Option(help: "Echo times in ms, in echo order: 1.15,2.3,3.45.")
  var echoTimesMs: MillisecondList?

  @Option(help: "Field strength in tesla; there is never a default.")
  var fieldStrengthT: Double?

  @Option(help: "Imaging frequency in MHz; wins over the field strength.")
  var imagingFrequencyMhz: Double?

  @Option(help: "Units of phase: rad, siemens, mrad or deg.")
  var phaseUnits: PhaseUnits?

  @Option(help: "Date of acquisition, YYYY-MM-DD, where the export does not say it.")
  var acquiredOn: String?

  mutating func validate() throws {
    try Check.positive(fieldStrengthT, "--field-strength-t")
    try Check.positive(imagingFrequencyMhz, "--imaging-frequency-mhz")
    if let acquiredOn, CalendarDate.iso(acquiredOn) == nil {
      throw ValidationError("--acquired-on takes a day of the calendar, YYYY-MM-DD")
    }
    if inputs.isEmpty, !request.namesImages {
      throw ValidationError("give an INPUT file or folder, or name images by flags")
    }
  }

  /// What was asked, in SI units.
  var request: ScanRequest {
    var request = ScanRequest(inputs: inputs)
    request.magnitude = magnitude
    request.phase = phase
    request.real = real
    request.imaginary = imaginary
    request.complex = complex
    request.water = water
    request.fat = fat
    request.inPhase = inPhase
    request.opposedPhase = opposedPhase
    request.pdff = pdff
    request.pdffScale = pdffScale
    request.echoTimes = echoTimesMs?.times
    request.fieldStrength = fieldStrengthT.map { Tesla($0) }
    request.imagingFrequency = imagingFrequencyMhz.map { Hertz(megahertz: $0) }
    request.phaseUnits = phaseUnits
    request.acquiredOn = acquiredOn.flatMap(CalendarDate.iso)
    return request
  }
}

/// Echo times in ms, separated by commas.
struct MillisecondList: ExpressibleByArgument, Equatable {
  let times: [Seconds]

  init?(argument: String) {
    var times: [Seconds] = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(word.trimmingPrefix(" ")), value.isFinite, value > 0 else {
        return nil
      }
      times.append(Seconds(milliseconds: value))
    }
    self.times = times
  }
}

extension PhaseUnits: ExpressibleByArgument {}
extension PDFFScale: ExpressibleByArgument {}

/// Checks of numbers that flags give.
enum Check {
  static func positive(_ value: Double?, _ flag: String) throws {
    guard let value else { return }
    guard value.isFinite, value > 0 else { throw ValidationError("\(flag) takes a number above 0") }
  }
}
