import Dispatch
import Documents
import Foundation
import Separation
import Synchronization
import Volumes

extension SeparatedMaps {
  /// Writes every map that there is into the staging of `folder`, in parallel, each on the input's
  /// grid and in the unit of `MapFile`.
  ///
  /// Throws the first failing map's error in the order of `MapFile`; the folder is then to be
  /// discarded.
  public func write(to folder: StagedFolder, prefix: String) throws -> [OutputFile] {
    let files = MapFile.allCases.filter { $0 == .quality || values(for: $0) != nil }
    let results = Mutex<[Int: Result<OutputFile, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let result = Result { try write(files[index], to: folder, prefix: prefix) }
      results.withLock { $0[index] = result }
    }
    return try results.withLock { found in try files.indices.compactMap { try found[$0]?.get() } }
  }

  private func write(
    _ file: MapFile, to folder: StagedFolder, prefix: String
  ) throws -> OutputFile {
    let name = file.name(prefix: prefix)
    let path = folder.staged(name)
    let options = NIfTIWriter.Options(
      description: "\(Software.name) \(Software.version) \(file.rawValue), \(file.unit)")
    if let values = values(for: file) {
      try NIfTIWriter.write(values, to: path, options)
    } else {
      try NIfTIWriter.write(quality, to: path, options)
    }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    return OutputFile(
      name: name, sha256: bytes.withUnsafeBytes { sha256Hex($0) }, unit: file.unit,
      meaning: file.meaning)
  }
}

extension Measurement {
  /// Writes the maps and this measurement's document as one: all of them appear, or none.
  ///
  /// Files that an earlier run listed in its document under the same prefix, and that this run
  /// does not make, are taken away: a folder never mixes two measurements.
  public mutating func write(_ maps: SeparatedMaps, to folder: StagedFolder) throws {
    let prefix = scan.outputPrefix
    outputs = try maps.write(to: folder, prefix: prefix)
    let document = Measurement.documentName(prefix: prefix)
    var names = outputs.map(\.name)
    if !prefix.isEmpty {
      try AtomicFile.write(folder.staged(".bidsignore"), Array(Measurement.bidsIgnore.utf8))
      names.append(".bidsignore")
    }
    try AtomicFile.write(folder.staged(document), Array(self.document().pretty().utf8))
    let stale = Measurement.outputs(listedIn: "\(folder.path)/\(document)")
    try folder.commit(
      names + [document], removing: [document] + stale.filter { !names.contains($0) })
  }

  static func documentName(prefix: String) -> String { "\(prefix)measurement.json" }

  /// Every name that `write` may give a file behind the BIDS entities of `prefix`.
  public static func fileNames(prefix: String) -> [String] {
    MapFile.allCases.map { $0.name(prefix: prefix) } + [documentName(prefix: prefix)]
  }

  /// What `.bidsignore` holds: the suffixes that BIDS does not define.
  static let bidsIgnore =
    MapFile.allCases.filter { !$0.isDefinedByBIDS }.map { "*_\($0.rawValue).nii.gz\n" }.joined()
    + "*_measurement.json\n"

  /// Names of outputs in an earlier document of ours that holds; else none.
  private static func outputs(listedIn path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path),
      let earlier = try? JSONValue(parsing: data), earlier.sealHolds,
      case .array(let outputs) = earlier["outputs"]
    else { return [] }
    return outputs.compactMap {
      guard case .string(let name) = $0["name"], !name.contains("/") else { return nil }
      return name
    }
  }
}
