import Documents
import Faults
import Foundation
import Synchronization
import Volumes

/// The maps of measurements below one folder, found by the seal of their `measurement.json`.
///
/// Nothing of an address becomes part of a path: who asks names a sealed call and one of a few maps.
final class MapLibrary: Sendable {
  private let folder: String
  private let places = Mutex<[String: String]>([:])
  private let opened = Mutex<[(sha256: String, volume: Volume<Float>)]>([])

  /// Volumes that stay in memory: the pictures of one measurement.
  private static let mostOpened = 4
  private static let mostFiles = 50_000

  init(_ folder: String) { self.folder = folder }

  /// The maps of the measurement with this seal; nil where they are not here.
  func maps(seal: String) -> MeasuredMaps? {
    if let path = places.withLock({ $0[seal] }), let maps = MeasuredMaps(path, seal: seal) {
      return maps
    }
    search()
    return places.withLock { $0[seal] }.flatMap { MeasuredMaps($0, seal: seal) }
  }

  /// Reads a map; its bytes must be those that the measurement lists.
  func volume(_ file: MeasuredMaps.File) throws -> Volume<Float> {
    if let known = opened.withLock({ $0.first { $0.sha256 == file.sha256 } }) {
      return known.volume
    }
    let image = try NIfTIImage.read(file.path)
    guard image.sources.contains(where: { $0.sha256 == file.sha256 }), image.frames == 1 else {
      throw WorklistError(.mapsDiffer, file: file.path)
    }
    let volume = Volume(grid: image.grid, values: image.real)
    opened.withLock { opened in
      opened.insert((file.sha256, volume), at: 0)
      opened = Array(opened.prefix(Self.mostOpened))
    }
    return volume
  }

  /// Looks for documents below the folder.
  private func search() {
    guard
      let files = FileManager.default.enumerator(
        at: URL(fileURLWithPath: folder), includingPropertiesForKeys: nil,
        options: [.skipsHiddenFiles])
    else { return }
    var found: [String: String] = [:]
    for case (let count, let file as URL) in files.enumerated() {
      guard count < Self.mostFiles else { break }
      guard file.lastPathComponent.hasSuffix("measurement.json"),
        let data = FileManager.default.contents(atPath: file.path),
        case .string(let seal)? = (try? JSONValue(parsing: data))?["sha256"]
      else { continue }
      found[seal] = file.path
    }
    places.withLock { $0 = found }
  }
}

/// What one `measurement.json` lists beside itself.
struct MeasuredMaps {
  struct File: Hashable {
    let path: String
    let sha256: String
    let unit: String
  }

  /// By the map's name: `PDFFmap`, `water`, ...
  let maps: [String: File]
  /// The drawn region, where its file lies beside the maps.
  let mask: File?

  /// Nil where the document is gone, does not hold, or is another one.
  init?(_ path: String, seal: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let document = try? JSONValue(parsing: data), document.sealHolds,
      document["sha256"] == .string(seal), case .array(let outputs)? = document["outputs"]
    else { return nil }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func file(_ entry: JSONValue) -> File? {
      guard case .string(let name)? = entry["name"], case .string(let sha256)? = entry["sha256"],
        !name.contains("/"), name.hasSuffix(".nii.gz") || name.hasSuffix(".nii")
      else { return nil }
      var unit = ""
      if case .string(let text)? = entry["unit"] { unit = text }
      return File(path: folder.appendingPathComponent(name).path, sha256: sha256, unit: unit)
    }
    var maps: [String: File] = [:]
    for file in outputs.compactMap(file) {
      for name in Self.shown where file.path.hasSuffix("\(name).nii.gz") { maps[name] = file }
    }
    self.maps = maps
    var files: [JSONValue] = []
    if case .array(let inputs)? = document["input"]?["files"] { files = inputs }
    mask = files.filter { $0["role"] == "mask" }.compactMap(file).first {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }

  /// In the order in which they are offered.
  static let shown = ["PDFFmap", "water", "fat", "R2starmap", "PDFFsd"]
}
