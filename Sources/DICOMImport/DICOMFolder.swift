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
  /// DICOM files that are not read, by why.
  let unreadable: [DICOMFile.Trouble: Int]

  /// - Throws: `dicom-missing`, `dicom-several-patients`.
  init(_ given: String) throws(DICOMImportError) {
    let path = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
    let (files, unreadable) = Self.read(path)
    try self.init(files, unreadable: unreadable, path: path)
  }

  init(
    _ files: [DICOMFile], unreadable: [DICOMFile.Trouble: Int] = [:], path: String
  ) throws(DICOMImportError) {
    self.files = files
    self.unreadable = unreadable
    guard !files.isEmpty else {
      throw DICOMImportError(.nothingThere, Self.words(unreadable), file: path)
    }
    guard Self.areOfOnePatient(files) else { throw DICOMImportError(.severalPatients, file: path) }
    let identifiers = Identifiers(files)
    self.identifiers = identifiers
    (volumes, setAside) = Self.sorted(files, identifiers)
  }

  /// Whether a folder, or one below it, holds DICOM files and no images that were converted already: a
  /// mask may lie beside them, converted images have sidecars.
  static func isDICOM(_ given: String) -> Bool {
    let path = URL(fileURLWithPath: given).resolvingSymlinksInPath().path
    let names = (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? []
    let sidecars = Set(names.filter { $0.lowercased().hasSuffix(".json") }.map { $0.dropLast(5) })
    let images = [".nii.gz", ".nii", ".hdr", ".img"]
    var others: [String] = []
    for name in names {
      let lower = name.lowercased()
      if let ending = images.first(where: lower.hasSuffix) {
        if sidecars.contains(name.dropLast(ending.count)) { return false }
      } else if ![".json", ".txt", ".tsv"].contains(where: lower.hasSuffix) {
        others.append(name)
      }
    }
    return others.prefix(2000).contains { beginsAsDICOM("\(path)/\($0)") }
  }

  /// "3 are cut short, 1 is damaged"
  static func words(_ unreadable: [DICOMFile.Trouble: Int]) -> String {
    unreadable.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($1) \($1 == 1 ? "is" : "are") \($0.rawValue)" }.joined(separator: ", ")
  }

  /// Whether number, name and birth date are the same in all files that say them.
  private static func areOfOnePatient(_ files: [DICOMFile]) -> Bool {
    let said: [(UInt16, UInt16)] = [(0x0010, 0x0020), (0x0010, 0x0010), (0x0010, 0x0030)]
    return said.allSatisfy { group, element in
      // Names are padded and written in capitals by some stations.
      Set(
        files.compactMap {
          $0.text(group, element)?.lowercased().trimmingCharacters(
            in: CharacterSet(charactersIn: "^ "))
        }
      ).count <= 1
    }
  }

  private static func beginsAsDICOM(_ path: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    guard let head = try? handle.read(upToCount: 132), head.count == 132 else { return false }
    return head[head.startIndex + 128..<head.startIndex + 132] == Data("DICM".utf8)
  }

  private static func read(
    _ path: String
  ) -> (files: [DICOMFile], unreadable: [DICOMFile.Trouble: Int]) {
    var files: [DICOMFile] = []
    var unreadable: [DICOMFile.Trouble: Int] = [:]
    // An image that was exported twice counts once.
    var seen: Set<[String?]> = []
    let names = (FileManager.default.enumerator(atPath: path)?.allObjects as? [String]) ?? []
    for name in names.sorted() {
      do throws(DICOMFile.Other) {
        let file = try DICOMFile("\(path)/\(name)")
        if file.text(0x0008, 0x0018) == nil || seen.insert(file.instance).inserted {
          files.append(file)
        }
      } catch {
        if case .unreadable(let trouble) = error { unreadable[trouble, default: 0] += 1 }
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
          uid: first.seriesUID, studyUID: first.studyUID,
          day: files.lazy.compactMap { AcquisitionMoment($0)?.day }.first,
          number: first.seriesNumber,
          description: identifiers.cleared(first.seriesDescription) ?? "",
          protocolName: identifiers.cleared(first.protocolName) ?? "",
          acquiredAt: files.compactMap { AcquisitionMoment($0)?.secondsOfDay }.min())
      }
    }
  }
}
