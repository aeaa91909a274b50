import Faults
import Foundation
import Scans

/// All MR images below a folder, sorted into volumes.
struct DICOMFolder: Sendable {
  let files: [DICOMFile]
  let volumes: [DICOMVolume]
  /// Series that hold no part of a Dixon scan, and why.
  let setAside: [(series: SeriesRecord, reason: String)]
  let identifiers: Identifiers
  /// Files that are damaged, deflated or big-endian.
  let unreadable: Int

  private static let mostFiles = 100_000

  /// - Throws: `dicom-missing`, `dicom-several-patients`.
  init(_ given: String) throws(DICOMImportError) {
    let path = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
    let (files, unreadable) = Self.read(path)
    guard !files.isEmpty else {
      let words = unreadable == 0 ? "" : "\(unreadable) files are damaged or of a type out of use"
      throw DICOMImportError(.nothingThere, words, file: path)
    }
    let patients = Set(files.compactMap { $0.text(0x0010, 0x0020) })
    guard patients.count <= 1 else { throw DICOMImportError(.severalPatients, file: path) }
    self.files = files
    self.unreadable = unreadable
    let identifiers = Identifiers(files)
    self.identifiers = identifiers
    (volumes, setAside) = Self.sorted(files, identifiers)
  }

  /// Whether a folder, or one below it, holds DICOM files and no NIfTI images.
  static func isDICOM(_ given: String) -> Bool {
    let path = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
    guard let walk = FileManager.default.enumerator(atPath: path) else { return false }
    var seen = 0
    while let name = walk.nextObject() as? String, seen < 2000 {
      let lower = name.lowercased()
      if [".nii", ".nii.gz", ".hdr"].contains(where: lower.hasSuffix) { return false }
      if [".json", ".txt", ".tsv"].contains(where: lower.hasSuffix) { continue }
      seen += 1
      if beginsAsDICOM("\(path)/\(name)") { return true }
    }
    return false
  }

  private static func beginsAsDICOM(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 132), head.count == 132 else { return false }
    return head[head.startIndex + 128..<head.startIndex + 132] == Data("DICM".utf8)
  }

  private static func read(_ path: String) -> (files: [DICOMFile], unreadable: Int) {
    var files: [DICOMFile] = []
    var unreadable = 0
    // An image that was exported twice counts once.
    var seen: Set<String> = []
    let names = (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? []
    for name in names.prefix(mostFiles).sorted() {
      do throws(DICOMFile.Other) {
        let file = try DICOMFile("\(path)/\(name)")
        if let instance = file.text(0x0008, 0x0018), !seen.insert(instance).inserted { continue }
        files.append(file)
      } catch {
        if error == .unreadable { unreadable += 1 }
      }
    }
    return (files, unreadable)
  }

  // MARK: Volumes

  private struct Key: Hashable {
    let uid: String
    let role: FileRole
    let microseconds: Int
    /// Enhanced files are converted whole.
    let file: Int?
  }

  private static func sorted(
    _ files: [DICOMFile], _ identifiers: Identifiers
  ) -> ([DICOMVolume], [(series: SeriesRecord, reason: String)]) {
    var order: [Key] = []
    var volumes: [Key: DICOMVolume] = [:]
    var reasons: [SeriesRecord: String] = [:]
    let records = seriesRecords(files, identifiers)
    for (index, file) in files.enumerated() {
      guard let record = records[file.seriesUID] else { continue }
      guard file.mayBeGradientEcho else {
        reasons[record] = "no gradient echo, by its sequence"
        continue
      }
      for frame in file.frames(index: index) {
        switch FrameMeaning.of(frame, description: file.seriesDescription) {
        case (.role(let role), let source)?:
          let key = Key(
            uid: file.seriesUID, role: role,
            microseconds: ((frame.echoTimeMS ?? -0.001) * 1000).rounded().whole,
            file: file.isMultiFrame ? index : nil)
          if volumes[key] == nil {
            order.append(key)
            volumes[key] = DICOMVolume(
              series: record, role: role, roleSource: source, echoTimeMS: frame.echoTimeMS,
              frames: [])
          }
          volumes[key]?.frames.append(frame)
        case (.setAside(let reason), let source)?: reasons[record] = "\(reason), by its \(source)"
        case nil: reasons[record] = "nothing says what it holds"
        }
      }
    }
    let found = order.compactMap { volumes[$0] }
    let used = Set(found.map(\.series))
    return (
      found,
      reasons.filter { !used.contains($0.key) }.map { (series: $0.key, reason: $0.value) }
        .sorted { ($0.series.number ?? 0, $0.series.uid) < ($1.series.number ?? 0, $1.series.uid) }
    )
  }

  private static func seriesRecords(
    _ files: [DICOMFile], _ identifiers: Identifiers
  ) -> [String: SeriesRecord] {
    Dictionary(grouping: files, by: \.seriesUID).compactMapValues { files in
      files.first.map { first in
        SeriesRecord(
          uid: first.seriesUID, number: first.seriesNumber,
          description: identifiers.cleared(first.seriesDescription) ?? "",
          protocolName: identifiers.cleared(first.protocolName) ?? "",
          acquiredAt: files.compactMap { AcquisitionMoment($0)?.secondsOfDay }.min())
      }
    }
  }
}
