import Documents
import Faults
import Foundation
import Scans

/// From a folder of DICOM files to a tree of images with sidecars, through dcm2niix.
public struct DICOMImport: Sendable {
  /// Names of the scans to import, by a series number of theirs; empty: every Dixon scan there is.
  public var series: [String] = []
  /// Days by which all dates are moved; nil: they stay.
  public var shiftDays: Int?
  /// Images are compressed; a tree that is read once is faster without.
  public var compresses = true
  /// More than one scan is refused.
  public var wantsOne = false
  /// The participant's name in the tree, chosen by the user: never the hospital's.
  public var subject = "01"

  public init() {}

  /// What was imported.
  public struct Outcome: Sendable {
    /// One line for each scan.
    public let scans: [String]
    /// Series that were not imported, and why.
    public let setAside: [String]
    public let notices: [Notice]
    public let document: JSONValue

    /// What was imported and what was not.
    public var evidence: [Evidence] {
      scans.map { Evidence(about: "DICOM", finding: $0, source: "tags of the files, dcm2niix") }
        + setAside.map {
          Evidence(about: "DICOM, set aside", finding: $0, source: "tags of the files")
        }
    }
  }

  /// Whether a path is a folder of DICOM files rather than of images that were converted already.
  public static func recognises(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue && DICOMFolder.isDICOM(path)
  }

  /// Imports `path` into `output`, a folder that is made here or was empty.
  ///
  /// - Throws: `DICOMImportError`; `OutputError` where the tree cannot be written.
  public func run(_ path: String, to output: String) throws -> Outcome {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ScansError(.inputNotFound, file: path)
    }
    let converter = try Dcm2niix()
    let folder = try DICOMFolder(path)
    let candidates = ScanCandidate.named(ScanCandidate.sorted(folder.volumes))
    let chosen = try choose(
      candidates.filter(\.isComplete),
      others: candidates.filter { !$0.isComplete }.map { "\($0.line): \($0.shortcoming)" },
      path: path)
    let tree = try ImportTree(output, importing: self)
    defer { tree.discard() }
    for (number, scan) in chosen.enumerated() {
      let conversion = Conversion(
        converter: converter, folder: folder, work: "\(tree.work)/scan-\(number)")
      do {
        try tree.add(scan, levelled(conversion.run(scan.volumes)), folder: folder)
      } catch let fault as DICOMImportError where chosen.count > 1 && fault.exit == .data {
        tree.leaveOut(scan, fault)
      }
    }
    let left = candidates.filter { !$0.isComplete }
    return try tree.finish(folder: folder, incomplete: left)
  }

  private func choose(
    _ complete: [ScanCandidate], others: [String], path: String
  ) throws(DICOMImportError) -> [ScanCandidate] {
    let lines = complete.map { $0.choice(among: complete) }.joined(separator: "; ")
    guard !complete.isEmpty else {
      throw DICOMImportError(.noDixon, others.joined(separator: "; "), file: path)
    }
    var chosen = complete
    if !series.isEmpty {
      for word in series where complete.meant(by: word).isEmpty {
        throw DICOMImportError(.seriesUnknown, "\(word); there are: \(lines)", file: path)
      }
      let names = Set(series.flatMap { complete.meant(by: $0).map(\.name) })
      chosen = complete.filter { names.contains($0.name) }
    }
    guard !wantsOne || chosen.count == 1 else {
      throw DICOMImportError(.severalScans, lines, file: path)
    }
    return chosen
  }
}

extension DICOMImport {
  /// A name for a folder that is nobody else's, where temporary files go.
  public static func temporaryFolder() -> String {
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    return FileManager.default.temporaryDirectory.appendingPathComponent("pdff-\(unique)").path
  }

  public static func remove(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }
}
