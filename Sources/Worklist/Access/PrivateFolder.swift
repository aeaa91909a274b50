import Documents
import Faults
import Foundation

/// The folder beside a registry where passwords and sessions live: `study.pdff.serve` beside
/// `study.pdff`, for its owner alone (0700), and so its files.
///
/// One small file for each user and for each session: two programs at once lose nothing, a file is
/// there whole or not at all, and nothing of it enters the audited registry.
public struct PrivateFolder: Sendable {
  public let path: String

  /// Makes the folder where it is missing. Throws `serve-folder-open` where others may read it.
  public init(beside registry: String) throws {
    path = registry + ".serve"
    if mkdir(path, 0o700) != 0, errno != EEXIST {
      throw OutputError(.cannotWrite, String(cString: strerror(errno)), file: path)
    }
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw OutputError(.cannotWrite, "a file stands where the folder should be", file: path)
    }
    guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw WorklistError(.folderOpen, file: path)
    }
  }

  /// Reads a file of the folder; nil where there is none. Throws `serve-folder-damaged`.
  func read(_ name: String) throws(WorklistError) -> JSONValue? {
    guard let data = FileManager.default.contents(atPath: "\(path)/\(name)") else { return nil }
    guard let value = try? JSONValue(parsing: data) else {
      throw WorklistError(.folderDamaged, file: path)
    }
    return value
  }

  /// Writes a file of the folder in one step, for its owner alone.
  func write(_ name: String, _ value: JSONValue) throws(OutputError) {
    try AtomicFile.write("\(path)/\(name)", Array((value.canonical() + "\n").utf8), mode: 0o600)
  }

  func remove(_ name: String) { unlink("\(path)/\(name)") }

  /// The names of the files that begin with `prefix`.
  func names(_ prefix: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { $0.hasPrefix(prefix) }.sorted()
  }
}
