import Agreement
import Documents
import Foundation

/// The folder of a validation: all of its files or none.
struct ValidationFolder {
  private let staged: StagedFolder

  init(_ path: String) throws {
    staged = try StagedFolder(path)
    Interruption.discards(staged)
  }

  /// Files that an earlier validation lists and this one does not write are taken away.
  func write(_ validation: Validation, _ document: JSONValue) throws {
    do {
      let files =
        validation.files + [
          ("validation.html", ValidationPage(validation).html()),
          ("validation.json", document.pretty()),
        ]
      for file in files {
        try AtomicFile.write(staged.staged(file.name), Array(file.content.utf8))
      }
      let names = files.map(\.name)
      try staged.commit(
        names, removing: earlierFiles.filter { !names.contains($0) } + ["validation.json"])
    } catch {
      staged.discard()
      throw error
    }
  }

  /// What an earlier validation wrote; nothing where there was none, and no name that leads elsewhere.
  private var earlierFiles: [String] {
    guard let data = FileManager.default.contents(atPath: "\(staged.path)/validation.json"),
      let old = try? JSONValue(parsing: data), old["schema"] == .string(Validation.schema),
      case .array(let names)? = old["files"]
    else { return [] }
    return names.compactMap { name in
      guard case .string(let text) = name else { return nil }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 2, ["tables", "figures"].contains(parts[0]), !parts[1].hasPrefix(".")
      else { return nil }
      return text
    }
  }
}
