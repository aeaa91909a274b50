import Foundation

/// Turns INPUT (files and folders) into image paths.
enum InputListing {
  /// How far below a given folder images are looked for, and how many files are looked at.
  private static let deepestFolder = 3
  private static let mostFiles = 20_000
  /// Subfolders that hold results, regions or a phantom's truth, not scans.
  private static let otherFolders: Set<String> = ["derivatives", "masks", "truth"]

  /// Image paths in natural order of their names; `isNamed` where the file itself was given.
  ///
  /// A folder without images of its own is searched through its subfolders (a BIDS subject, say).
  /// - Throws: `input-not-found`, `no-images`.
  static func images(in inputs: [String]) throws(ScansError) -> [(path: String, isNamed: Bool)] {
    var found: [(String, Bool)] = []
    var seen: Set<String> = []
    for input in inputs {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: input, isDirectory: &isFolder) else {
        throw ScansError(.inputNotFound, file: input)
      }
      let paths = isFolder.boolValue ? images(inFolder: input, depth: 0) : [input]
      guard !paths.isEmpty else { throw ScansError(.noImages, file: input) }
      for path in paths where seen.insert(path).inserted {
        // A sidecar given beside its image, as a shell's wildcard does, is read with the image.
        if !isFolder.boolValue, path.lowercased().hasSuffix(".json") { continue }
        found.append((path, !isFolder.boolValue))
      }
    }
    guard !found.isEmpty else { throw ScansError(.noImages, file: inputs.first) }
    return found.map { (path: $0.0, isNamed: $0.1) }
  }

  private static func images(inFolder folder: String, depth: Int) -> [String] {
    let entries =
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { !$0.hasPrefix(".") }.prefix(mostFiles)
      .sorted { $0.compare($1, options: [.numeric]) == .orderedAscending }
    let paths = entries.map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
    let images = paths.filter { ImageName.isImage($0) && !isDirectory($0) }
    guard images.isEmpty, depth < deepestFolder else { return images }
    return paths.filter {
      isDirectory($0) && !otherFolders.contains(($0 as NSString).lastPathComponent)
    }
    .flatMap { self.images(inFolder: $0, depth: depth + 1) }
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
