import Documents
import Foundation

/// Finds the sidecars of an image: the one of its own name, and, for BIDS names, those whose
/// entities are a subset of the image's, in its folder and above up to the data set's root (the
/// inheritance principle).
enum SidecarLookup {
  static func sidecar(of path: String, name: ImageName) throws -> (Sidecar?, [SourceFile]) {
    var merged: Sidecar?
    var files: [SourceFile] = []
    for candidate in candidates(of: path, name: name) {
      let bytes = try read(candidate)
      let found: Sidecar
      do throws(ScansError) {
        found = try Sidecar.parse(bytes: bytes)
      } catch {
        throw error.placed(in: candidate)
      }
      merged = merged.map { $0.over(found) } ?? found
      files.append(SourceFile(path: candidate, sha256: sha256Hex(bytes), role: .sidecar))
    }
    return (merged, files)
  }

  /// Sidecar files from the most particular to the most general.
  private static func candidates(of path: String, name: ImageName) -> [String] {
    var folder = (path as NSString).deletingLastPathComponent
    if folder.isEmpty { folder = "." }
    let own = join(folder, name.stem + ".json")
    var found = FileManager.default.fileExists(atPath: own) ? [own] : []
    guard name.isBIDS else { return found }
    let parts = Set(name.stem.split(separator: "_"))
    guard let suffix = name.stem.split(separator: "_").last else { return found }
    for level in bidsFolders(above: folder) {
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: level)) ?? []
      let general = entries.filter { entry in
        guard entry.hasSuffix(".json"), entry != name.stem + ".json" else { return false }
        let words = entry.dropLast(".json".count).split(separator: "_")
        return words.last == suffix && Set(words).isSubset(of: parts)
      }
      let byParticularity = general.sorted {
        ($0.split(separator: "_").count, $1) > ($1.split(separator: "_").count, $0)
      }
      found += byParticularity.map { join(level, $0) }
    }
    return found
  }

  /// The folder and those above it, through `anat`, `ses-*` and `sub-*` to the data set's root.
  private static func bidsFolders(above folder: String) -> [String] {
    var levels = [folder]
    var here = URL(fileURLWithPath: folder).standardizedFileURL
    while levels.count < 4 {
      let word = here.lastPathComponent
      guard word == "anat" || word.hasPrefix("ses-") || word.hasPrefix("sub-") else { break }
      here.deleteLastPathComponent()
      levels.append(here.path)
    }
    return levels
  }

  private static func read(_ path: String) throws(ScansError) -> [UInt8] {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ScansError(.sidecarUnreadable, file: path)
    }
    defer { try? handle.close() }
    do {
      // One byte beyond the limit lets the parser see that it is passed.
      return [UInt8](try handle.read(upToCount: Sidecar.largestSize + 1) ?? Data())
    } catch {
      throw ScansError(.sidecarUnreadable, file: path)
    }
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder == "/" ? "/" + name : "\(folder)/\(name)"
  }
}
