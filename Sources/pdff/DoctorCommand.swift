import ArgumentParser
import Documents
import Faults
import Foundation
import Geometry
import Regions
import Scans
import Segmentations
import Volumes

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say whether a mask fits a scan, what is wrong if not, and mend it.",
    discussion: """
      Holds the two geometries and the images against each other. Writes nothing but what is asked for. \
      Ends with 65 where it finds a fault that it was not asked to mend. Research use only: not a \
      diagnostic device.
      """)

  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Series") var importing: ImportOptions

  @Option(
    name: .customLong("roi"),
    help: ArgumentHelp("The mask: NIfTI, .nrrd, .seg.nrrd or DICOM SEG.", valueName: "mask"),
    completion: .file())
  var mask: String

  @Flag(help: "Write the mended mask to the file that -o names.")
  var fix = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The mended mask: .nii or .nii.gz.", valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "A picture (PNG): the mask over the scan, as given on the left and as mended on the right.",
      valueName: "file"))
  var picture: String?

  @Flag(help: "Print one JSON document and nothing else.")
  var json = false

  func validate() throws {
    guard fix == (output != nil) else {
      throw ValidationError("--fix and -o FILE belong together.")
    }
    if let output, !output.hasSuffix(".nii"), !output.hasSuffix(".nii.gz") {
      throw ValidationError("the mended mask is a NIfTI file: end its name with .nii.gz")
    }
    if let output, let place = FilePlace(output), place == FilePlace(mask) {
      throw ValidationError("-o names the mask itself; give another file")
    }
  }

  func run() throws {
    let loaded = try DixonScanLoad(scan.request, series: importing.series)
    Console.progressEnds()
    let examination = try Examination(try MaskFile.read(mask), against: loaded.under)
    let fault = examination.error
    if let picture {
      try AtomicFile.write(
        picture, MaskPicture(examination, on: loaded.under.images).encoded())
    }
    let isMended = fix && (fault != nil || examination.drift != nil)
    if let output, isMended { try write(examination, to: output) }
    let report = DoctorReport(
      examination: examination, scan: loaded.under.images.grid, mended: isMended)
    try Console.result(json ? report.document.pretty() : report.text)
    if fault != nil, !isMended { Foundation.exit(ExitStatus.data.rawValue) }
  }

  /// The mended labels on their mended grid. Layers that overlap can't share one label image.
  private func write(_ examination: Examination, to path: String) throws {
    let layers = examination.diagnosis.mended(examination.mask) ?? examination.mask.layers
    var labels = layers[0]
    let numbers = Numbering(examination.images)
    for (place, layer) in layers.enumerated() {
      for (voxel, label) in layer.values.enumerated() where label != 0 {
        guard place == 0 || labels.values[voxel] == 0 else {
          throw RegionsError(.maskFrames, "its segments overlap: mend them one by one", file: mask)
        }
        labels.values[voxel] = Int32(numbers.number(of: Int(label), in: place))
      }
    }
    try NIfTIWriter.write(
      grid: labels.grid, real: labels.values.map(Float.init), as: .int32, to: path)
  }
}

/// A scan loaded only to hold masks against it.
private struct DixonScanLoad {
  let under: ScanUnderMask

  init(_ request: ScanRequest, series: [String]) throws {
    let source = try ImportedRequest(request, series: series)
    defer { source.discard() }
    under = ScanUnderMask(try DixonScan.load(source.request))
  }
}

/// What the doctor says.
struct DoctorReport {
  let examination: Examination
  let scan: VoxelGrid
  let mended: Bool

  private var diagnosis: Diagnosis { examination.diagnosis }

  var text: String {
    var lines = [
      "scan: \(scan.summary)", "mask: \(examination.file.grid.summary)",
      "as given: \(words(diagnosis.asGiven))",
    ]
    if let drift = examination.drift {
      lines.append("labels: \(GeometryFault.labelsDrifted.summary): \(drift.words)")
    }
    if let fault = diagnosis.fault {
      let code = fault.hypothesis.fault
      lines += [
        "fault: \(code.summary): \(fault.hypothesis.words) [\(code.rawValue)]",
        "as mended: \(words(fault.evidence))", "evidence: \(diagnosis.reason)",
      ]
    } else if let error = examination.error {
      lines.append("fault: \(error.code.summary) [\(error.codeName)]")
    } else {
      lines.append("no fault: \(diagnosis.reason)")
    }
    lines += examination.notices.map { "warning: \($0.message) [\($0.code)]" }
    if mended {
      lines.append("the mended mask was written")
    } else if examination.error != nil {
      lines.append("to mend it: the same command with --fix -o FILE")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func words(_ evidence: MaskEvidence) -> String {
    func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
    let z = evidence.z.map { "\(($0 * 10).rounded() / 10) standard deviations" } ?? "not known"
    return "\(percent(evidence.inScan)) within the scan, \(percent(evidence.inTissue)) on tissue, "
      + "edge against the same mask elsewhere: \(z)"
  }

  var document: JSONValue {
    [
      "schema": "pdff.doctor/1",
      "mask": .string(examination.file.name),
      "verdict": .string(examination.error == nil ? "sound" : "fault"),
      "fault": examination.error.map { .string($0.codeName) } ?? .null,
      "detail": examination.error.map { .string($0.detail) } ?? .null,
      "reason": .string(diagnosis.reason),
      "as_given": document(diagnosis.asGiven),
      "as_mended": diagnosis.fault.map { document($0.evidence) } ?? .null,
      "labels_drifted": examination.drift.map { .string($0.words) } ?? .null,
      "scan_grid": .string(scan.summary),
      "mask_grid": .string(examination.file.grid.summary),
      "mended_grid": diagnosis.fault.map { .string($0.hypothesis.grid.summary) } ?? .null,
      "weighed": .array(
        diagnosis.weighed.prefix(8).map {
          [
            "fault": .string($0.hypothesis.fault.rawValue),
            "words": .string($0.hypothesis.words), "evidence": document($0.evidence),
          ]
        }),
      "warnings": .array(
        (examination.file.notices + examination.notices).map {
          ["code": .string($0.code), "message": .string($0.message)]
        }),
      "mended": .bool(mended),
    ]
  }

  private func document(_ evidence: MaskEvidence) -> JSONValue {
    [
      "in_scan": .finite(evidence.inScan), "in_tissue": .finite(evidence.inTissue),
      "edge": .finite(evidence.edge), "edge_z": .finite(evidence.z),
    ]
  }
}
