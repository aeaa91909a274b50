import Agreement
import ArgumentParser
import Calibration
import DICOMImport
import Documents
import Faults
import Geometry
import Phantoms
import Regions
import Registry
import Reports
import Scans
import Segmentations
import Separation
import Trial
import Volumes
import Worklist

/// Prints the tables of `docs/errors.md` from the sources. Hidden: users read the page.
struct CodesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes", abstract: "Print the tables of docs/errors.md.", shouldDisplay: false)

  func run() throws {
    try Console.result(
      [Self.errors, Self.warnings, Self.qualityBits, Self.exclusions, Self.reasons]
        .joined(separator: "\n"))
  }

  private static var errors: String {
    let rows =
      rows(CommandFault.self, "pdff") + rows(JSONFault.self, "Documents")
      + rows(OutputFault.self, "Documents") + rows(VolumesFault.self, "Volumes")
      + rows(ScansFault.self, "Scans") + rows(DICOMImportFault.self, "DICOMImport")
      + rows(SeparationFault.self, "Separation")
      + rows(RegionsFault.self, "Regions") + rows(PhantomsFault.self, "Phantoms")
      + rows(LedgerFault.self, "Calibration") + rows(PrintFault.self, "Reports")
      + rows(TrialFault.self, "Trial") + rows(RegistryFault.self, "Registry")
      + rows(SegmentationsFault.self, "Segmentations")
      + rows(GeometryFault.self, "Geometry")
      + rows(TableFault.self, "Documents") + rows(SubtypeFault.self, "Calibration")
      + rows(ValidationFault.self, "Agreement")
      + rows(WorklistFault.self, "Worklist")
    return table("Errors", ["code", "what is wrong", "what to do", "exit", "room"], rows)
  }

  private static func rows<Code: FaultCode>(_ type: Code.Type, _ room: String) -> [[String]] {
    type.allCases.map {
      ["`\($0.rawValue)`", $0.summary, $0.remedy, "\($0.exit.rawValue)", room]
    }
  }

  private static var warnings: String {
    let rows =
      rows(ScansNotice.self, "Scans") + rows(SeparationNotice.self, "Separation")
      + rows(RegionsNotice.self, "Regions")
      + rows(SegmentationsNotice.self, "Segmentations") + rows(GeometryNotice.self, "Geometry")
      + rows(LedgerNotice.self, "Calibration")
      + rows(DICOMImportNotice.self, "DICOMImport")
      + rows(ReportsNotice.self, "Reports")
      + rows(SubtypeNotice.self, "Calibration")
      + rows(ValidationNotice.self, "Agreement")
      + rows(WorklistNotice.self, "Worklist")
    return table("Warnings", ["code", "what it says", "room"], rows)
  }

  private static func rows<Code: NoticeCode>(_ type: Code.Type, _ room: String) -> [[String]] {
    type.allCases.map { ["`\($0.rawValue)`", $0.summary, room] }
  }

  private static var qualityBits: String {
    table(
      "Quality bits", ["value", "name", "meaning"],
      Quality.catalogue.map { ["\($0.bit.rawValue)", "`\($0.name)`", $0.meaning] })
  }

  private static var exclusions: String {
    table(
      "Reasons for leaving a voxel out of a region", ["reason", "meaning"],
      ExclusionReason.allCases.map { ["`\($0.rawValue)`", $0.summary] })
  }

  private static var reasons: String {
    table(
      "Reasons that go with a subtype call", ["code", "what it says", "blocks the call"],
      SubtypeReason.Code.allCases.map {
        ["`\($0.rawValue)`", $0.summary, $0.blocks ? "yes" : "no"]
      })
  }

  private static func table(_ title: String, _ head: [String], _ rows: [[String]]) -> String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    return "## \(title)\n\n" + line(head) + line(head.map { _ in "---" })
      + rows.map(line).joined()
  }
}
