import Documents
import Foundation
import Separation
import Volumes

extension SeparatedMaps {
  /// Writes every map that there is into the staging of `folder`, in parallel, each on the input's
  /// grid and in the unit of `MapFile`.
  ///
  /// Throws the first failing map's error in the order of `MapFile`; the folder is then to be
  /// discarded.
  public func write(to folder: StagedFolder, prefix: String) throws -> [OutputFile] {
    let files = MapFile.allCases.filter { $0 == .quality || values(for: $0) != nil }
    return try concurrentMap(files.count) { try write(files[$0], to: folder, prefix: prefix) }
  }

  private func write(
    _ file: MapFile, to folder: StagedFolder, prefix: String
  ) throws -> OutputFile {
    let name = file.name(prefix: prefix)
    let path = folder.staged(name)
    let options = NIfTIWriter.Options(
      description: "\(Software.name) \(Software.version) \(file.rawValue), \(file.unit)")
    let sha256 =
      try values(for: file).map { try NIfTIWriter.write($0, to: path, options) }
      ?? NIfTIWriter.write(quality, to: path, options)
    return OutputFile(name: name, sha256: sha256, unit: file.unit, meaning: file.meaning)
  }
}

extension Measurement {
  /// Writes the maps and this measurement's document as one: all of them appear, or none.
  ///
  /// Files that an earlier run listed in its document under the same prefix, and that this run
  /// does not make, are taken away: a folder never mixes two measurements.
  ///
  /// - Parameters:
  ///   - report: what `report.html` shows besides; nil for none.
  ///   - printer: makes `report.pdf` of it; nil for none.
  public mutating func write(
    _ maps: SeparatedMaps, to folder: StagedFolder, report: ReportMaterial? = nil,
    printer: PDFPrinter? = nil
  ) throws {
    let prefix = scan.outputPrefix
    outputs = try maps.write(to: folder, prefix: prefix)
    let document = Measurement.documentName(prefix: prefix)
    var names = outputs.map(\.name)
    if !prefix.isEmpty {
      try AtomicFile.write(folder.staged(".bidsignore"), Array(Measurement.bidsIgnore.utf8))
      names.append(".bidsignore")
    }
    let content = self.document()
    try AtomicFile.write(folder.staged(document), Array(content.pretty().utf8))
    if let report {
      let page = Report(self, maps: maps, material: report, seal: content["sha256"]?.text)
      let html = Measurement.reportName(prefix: prefix)
      try AtomicFile.write(folder.staged(html), Array(page.html().utf8))
      names.append(html)
      if let printer {
        let pdf = Measurement.printedName(prefix: prefix)
        try printer.print(folder.staged(html), to: folder.staged(pdf))
        names.append(pdf)
      }
    }
    let stale = Measurement.outputs(
      besides: "\(folder.path)/\(document)",
      [Measurement.reportName(prefix: prefix), Measurement.printedName(prefix: prefix)])
    try folder.commit(
      names + [document], removing: [document] + stale.filter { !names.contains($0) })
  }

  static func reportName(prefix: String) -> String { "\(prefix)report.html" }
  static func printedName(prefix: String) -> String { "\(prefix)report.pdf" }

  static func documentName(prefix: String) -> String { "\(prefix)measurement.json" }

  /// Every name that `write` may give a file behind the BIDS entities of `prefix`.
  public static func fileNames(prefix: String) -> [String] {
    MapFile.allCases.map { $0.name(prefix: prefix) }
      + [
        documentName(prefix: prefix), reportName(prefix: prefix), printedName(prefix: prefix),
      ]
  }

  /// What `.bidsignore` holds: the suffixes that BIDS does not define.
  static let bidsIgnore =
    MapFile.allCases.filter { !$0.isDefinedByBIDS }.map { "*_\($0.rawValue).nii.gz\n" }.joined()
    + "*_measurement.json\n*_report.html\n*_report.pdf\n"

  /// Names of outputs in an earlier document of ours that holds, and of its reports; else none.
  private static func outputs(besides path: String, _ reports: [String]) -> [String] {
    guard let data = FileManager.default.contents(atPath: path),
      let earlier = try? JSONValue(parsing: data), earlier.sealHolds,
      case .array(let outputs) = earlier["outputs"]
    else { return [] }
    return reports
      + outputs.compactMap {
        guard case .string(let name) = $0["name"], !name.contains("/") else { return nil }
        return name
      }
  }
}

extension JSONValue {
  fileprivate var text: String? {
    if case .string(let text) = self { return text }
    return nil
  }
}
