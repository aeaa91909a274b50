import Faults
import Foundation

/// The converter: the program dcm2niix, of Debian or of PyPI.
struct Dcm2niix: Sendable {
  let path: String

  /// Named by the environment's `PDFF_DCM2NIIX`, else found on the `PATH`.
  /// - Throws: `dcm2niix-missing`.
  init() throws(DICOMImportError) {
    let environment = ProcessInfo.processInfo.environment
    if let named = environment["PDFF_DCM2NIIX"], !named.isEmpty {
      guard FileManager.default.isExecutableFile(atPath: named) else {
        throw DICOMImportError(.converterMissing, "PDFF_DCM2NIIX names no program", file: named)
      }
      path = named
      return
    }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard
      let found = folders.map({ "\($0)/dcm2niix" })
        .first(where: FileManager.default.isExecutableFile)
    else { throw DICOMImportError(.converterMissing) }
    path = found
  }

  /// Converts one folder into another. What the program prints names patients and is not kept.
  func convert(_ input: String, to output: String, series: Int?) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    // Its own settings file is not looked at (-g i); nothing about the patient goes into sidecars (-ba y).
    process.arguments = [
      "-g", "i", "-b", "y", "-ba", "y", "-z", "n", "-f", "v", "-w", "2", "-o", output, input,
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw DICOMImportError(.converterMissing, "it cannot be started", file: path)
    }
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw DICOMImportError(
        .conversionFailed,
        "series \(series.map(String.init) ?? "without number"), status \(process.terminationStatus)"
      )
    }
  }
}
