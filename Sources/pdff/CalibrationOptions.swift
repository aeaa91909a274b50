import ArgumentParser
import Calibration
import Documents
import Foundation
import Regions
import Scans
import Volumes

/// The flags by which a measurement is corrected, and a subtype called.
struct CalibrationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Scanner ledger, see 'pdff scanner'.", valueName: "file"))
  var ledger: String?

  @Option(help: ArgumentHelp("The scanner's name in the ledger.", valueName: "id"))
  var scanner: String?

  @Option(
    name: .customLong("protocol"),
    help: ArgumentHelp("The protocol's name in the ledger.", valueName: "name"))
  var protocolName: String?

  @Option(
    help: ArgumentHelp(
      "A repeatability coefficient in percentage points; it replaces noise and re-drawing.",
      valueName: "points"))
  var rcPercent: Double?

  @Option(help: ArgumentHelp("Subtype model: call a provisional subtype.", valueName: "file"))
  var model: String?

  @Flag(help: "Feed the model the value as measured where the scanner is not calibrated.")
  var allowUncalibrated = false

  func validate() throws {
    let given = [ledger, scanner, protocolName].compactMap { $0 }.count
    guard given == 0 || given == 3 else {
      throw ValidationError("--ledger, --scanner and --protocol belong together.")
    }
    if let rcPercent, !(rcPercent > 0 && rcPercent.isFinite) {
      throw ValidationError("--rc-percent is in percentage points, above 0.")
    }
    if allowUncalibrated, model == nil {
      throw ValidationError("--allow-uncalibrated says what --model may be fed; name a model.")
    }
  }

  var repeatability: RepeatabilityCoefficient? {
    rcPercent.map { RepeatabilityCoefficient(FatFraction(percent: $0)) }
  }
}
