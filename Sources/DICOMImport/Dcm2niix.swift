import Faults
import Foundation
import Programs

/// The converter: the program dcm2niix, of Debian or of PyPI.
struct Dcm2niix: Sendable {
  private let program: ExternalProgram

  /// Named by the environment's `PDFF_DCM2NIIX`, else found on the `PATH`.
  /// - Throws: `dcm2niix-missing`.
  init() throws(DICOMImportError) {
    let named = ProcessInfo.processInfo.environment["PDFF_DCM2NIIX"] ?? ""
    if named.isEmpty {
      guard let found = ExternalProgram(named: "dcm2niix") else {
        throw DICOMImportError(.converterMissing)
      }
      program = found
    } else {
      guard let found = ExternalProgram(path: named) else {
        throw DICOMImportError(.converterMissing, "PDFF_DCM2NIIX names no program", file: named)
      }
      program = found
    }
  }

  /// Converts one folder into another. What the program prints names patients and is not kept.
  func convert(_ input: String, to output: String, series: Int?) throws {
    // Its own settings file is not looked at (-g i); nothing about the patient goes into sidecars (-ba y).
    let arguments = [
      "-g", "i", "-b", "y", "-ba", "y", "-z", "n", "-f", "v", "-w", "2", "-o", output, input,
    ]
    guard let ending = try? program.run(arguments) else {
      throw DICOMImportError(.converterMissing, "it cannot be started", file: program.path)
    }
    guard ending.isSuccess else {
      throw DICOMImportError(
        .conversionFailed,
        "dcm2niix \(ending) on series \(series.map(String.init) ?? "without number")")
    }
  }
}
