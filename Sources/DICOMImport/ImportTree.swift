import Documents
import Faults
import Foundation
import Scans
import Volumes

/// The tree that an import writes, BIDS-like; it gets its name when all of it is there.
final class ImportTree {
  private let output: String
  private let options: DICOMImport
  private let staging: String
  private var scans: [JSONValue] = []
  private var lines: [String] = []
  private var notices: [Notice] = []
  private var lacks: Set<String> = []
  private var leftOut: [(SeriesRecord, String)] = []
  private var software: JSONValue = .null

  /// For links and converted images; it goes with the staging folder.
  var work: String { staging + "/work" }

  /// - Throws: `import-folder-not-empty`, `cannot-write`.
  init(_ output: String, importing options: DICOMImport) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: output, isDirectory: &isFolder) {
      let content = (try? manager.contentsOfDirectory(atPath: output)) ?? [""]
      guard isFolder.boolValue, content.isEmpty else {
        throw DICOMImportError(.folderTaken, file: output)
      }
    }
    self.output = output.hasSuffix("/") ? String(output.dropLast()) : output
    self.options = options
    let url = URL(fileURLWithPath: self.output)
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    staging =
      url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).\(unique).tmp"
    do {
      // What lies here for a moment is nobody else's to read.
      try manager.createDirectory(
        atPath: staging + "/work", withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw OutputError(.cannotWrite, file: output)
    }
    ImportInterruption.folder.withLock { $0 = staging }
  }

  func discard() { try? FileManager.default.removeItem(atPath: staging) }

  private var anatomy: String { "sub-\(options.subject)/anat" }

  /// Writes one scan's images and sidecars.
  func add(_ scan: ScanCandidate, _ images: [ConvertedVolume], folder: DICOMFolder) throws {
    let manager = FileManager.default
    try manager.createDirectory(
      atPath: "\(staging)/tree/\(anatomy)", withIntermediateDirectories: true)
    let label = "acq-s\(scan.name)"
    let times = Set(images.filter { $0.volume.role.isEcho }.map(\.volume.microseconds)).sorted()
    var files: [JSONValue] = []
    var unverified = 0
    for image in images {
      guard let first = image.volume.frames.first else { continue }
      let file = folder.files[first.file]
      let echo = times.firstIndex(of: image.volume.microseconds).map { $0 + 1 }
      let stem = "sub-\(options.subject)_\(label)_" + image.volume.role.ending(echo: echo)
      let name = stem + (options.compresses ? ".nii.gz" : ".nii")
      try place(image.path, as: "\(staging)/tree/\(anatomy)/\(name)")
      let sidecar = ImportedSidecar(shift: options.shiftDays).document(
        image, file: file, identifiers: folder.identifiers)
      try AtomicFile.write(
        "\(staging)/tree/\(anatomy)/\(stem).json", [UInt8](sidecar.pretty().utf8))
      if !image.scaling.isVerified { unverified += 1 }
      if case .array(let words)? = sidecar["ExportLacks"] {
        for case .string(let word) in words { lacks.insert(word) }
      }
      software = sidecar["ConversionSoftwareVersion"] ?? software
      files.append(entry(image, name: name))
    }
    if unverified > 0 {
      notices.append(
        Notice(
          DICOMImportNotice.unverified, "\(unverified) of \(images.count) images of \(scan.line)"))
    }
    lines.append(scan.line)
    scans.append([
      "series": .array(scan.numbers.map { .number(Double($0)) }),
      "contents": .string(scan.contents), "files": .array(files),
    ])
  }

  /// Says that a scan could not be imported, where there are others.
  func leaveOut(_ scan: ScanCandidate, _ fault: DICOMImportError) {
    let words = [fault.code.summary, fault.detail].filter { !$0.isEmpty }.joined(separator: ": ")
    notices.append(Notice(DICOMImportNotice.seriesLeftOut, "\(scan.line): \(words)"))
    leftOut += Set(scan.volumes.map(\.series)).map { ($0, words) }
  }

  private func entry(_ image: ConvertedVolume, name: String) -> JSONValue {
    let volume = image.volume
    return [
      "name": .string("\(anatomy)/\(name)"),
      "series": volume.series.number.map { .number(Double($0)) } ?? .null,
      "series_description": .string(volume.series.description),
      "role": .string(volume.role.rawValue), "evidence": .string(volume.roleSource),
      "echo_time_s": volume.echoTimeMS.map { .number($0 / 1000) } ?? .null,
      "slices": .number(Double(volume.geometry.slices)),
      "scaling": .string(image.scaling.words), "verified": .bool(image.scaling.isVerified),
      "units": image.scaling.units.map { .string($0) } ?? .null,
    ]
  }

  private func place(_ image: String, as path: String) throws {
    guard options.compresses else {
      try FileManager.default.moveItem(atPath: image, toPath: path)
      return
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: image), options: .alwaysMapped)
    try AtomicFile.write(path, data.withUnsafeBytes { Gzip.compress($0) })
  }

  /// Writes what was found out, and gives the tree its name.
  func finish(folder: DICOMFolder, incomplete: [ScanCandidate]) throws -> DICOMImport.Outcome {
    guard !lines.isEmpty else {
      throw DICOMImportError(.conversionFailed, leftOut.first?.1 ?? "")
    }
    if !folder.unreadable.isEmpty {
      notices.append(
        Notice(DICOMImportNotice.filesUnreadable, DICOMFolder.words(folder.unreadable)))
    }
    for scan in incomplete where scan.isPartOfEchoes {
      notices.append(
        Notice(DICOMImportNotice.seriesLeftOut, "\(scan.line): \(scan.shortcoming)"))
    }
    var aside = folder.setAside.map { ($0.series, $0.reason) } + leftOut
    for scan in incomplete {
      for series in Set(scan.volumes.map(\.series)) {
        aside.append((series, "\(scan.contents): \(scan.shortcoming)"))
      }
    }
    aside.sort { ($0.0.number ?? 0, $0.1) < ($1.0.number ?? 0, $1.1) }
    let document = document(aside, unreadable: folder.unreadable.values.reduce(0, +))
    let tree = "\(staging)/tree"
    try AtomicFile.write("\(tree)/import.json", [UInt8](document.pretty().utf8))
    let bids: JSONValue = [
      "Name": "imported DICOM", "BIDSVersion": "1.9.0", "DatasetType": "raw",
      "GeneratedBy": [["Name": .string(Software.name), "Version": .string(Software.version)]],
    ]
    try AtomicFile.write("\(tree)/dataset_description.json", [UInt8](bids.pretty().utf8))
    // An empty folder that is there already gives way.
    rmdir(output)
    guard rename(tree, output) == 0 else {
      throw OutputError(.cannotWrite, String(cString: strerror(errno)), file: output)
    }
    return DICOMImport.Outcome(
      scans: lines,
      setAside: aside.map { series, reason in
        let name = series.number.map { "series \($0)" } ?? "a series without number"
        return name + (series.description.isEmpty ? "" : " (\(series.description))") + ": \(reason)"
      },
      notices: notices, document: document)
  }

  private func document(_ aside: [(SeriesRecord, String)], unreadable: Int) -> JSONValue {
    let content: JSONValue = [
      "schema": "pdff.import/1", "software": .string("\(Software.name) \(Software.version)"),
      "converter": ["name": "dcm2niix", "version": software],
      "dates_shifted": .bool(options.shiftDays != nil),
      "lacks": .array(lacks.sorted().map { .string($0) }),
      "scans": .array(scans),
      "set_aside": .array(
        aside.map { series, reason in
          [
            "series": series.number.map { .number(Double($0)) } ?? .null,
            "description": .string(series.description), "reason": .string(reason),
          ]
        }),
      "unreadable_files": .number(Double(unreadable)),
      "warnings": .array(
        notices.map { ["code": .string($0.code), "message": .string($0.message)] }),
    ]
    return content.sealed()
  }
}

extension FileRole {
  /// Whether images of this role are echoes.
  var isEcho: Bool { [.magnitude, .phase, .real, .imaginary, .complex].contains(self) }

  /// The end of a name: "echo-2_part-phase_MEGRE", "water".
  fileprivate func ending(echo: Int?) -> String {
    let number = echo.map { "echo-\($0)_" } ?? ""
    switch self {
    case .magnitude: return number + "part-mag_MEGRE"
    case .phase: return number + "part-phase_MEGRE"
    case .real: return number + "part-real_MEGRE"
    case .imaginary: return number + "part-imag_MEGRE"
    case .inPhase: return "inphase"
    case .opposedPhase: return "outphase"
    case .pdff: return "PDFFmap"
    default: return rawValue
    }
  }
}
