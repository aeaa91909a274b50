import Foundation
import Synchronization

/// Output files that appear together: each is written into a hidden folder beside the others and
/// gets its final name only when all of them are there.
///
/// Making one early finds out that nothing can be written before the work is done. A file of the
/// same name is replaced in one step; files of other names stay.
public final class StagedFolder: Sendable {
  /// Where the files go.
  public let path: String
  private let staging: String
  private let madeFolder: Bool
  private let state = Mutex(State.open)

  private enum State { case open, closed }

  /// Makes the folder (and those above it) where it is missing, and the hidden one inside.
  public init(_ path: String) throws(OutputError) {
    let exists = FileManager.default.fileExists(atPath: path)
    guard !exists || StagedFolder.isFolder(path) else {
      throw OutputError(.cannotWrite, "a file stands where the folder should be", file: path)
    }
    self.path = path
    madeFolder = !exists
    staging = "\(path)/.pdff-\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
    do {
      try FileManager.default.createDirectory(
        atPath: staging, withIntermediateDirectories: true)
    } catch {
      throw OutputError(.cannotWrite, StagedFolder.reason(error), file: path)
    }
  }

  /// Where to write the file that will be `name`; it may lie in a folder of its own, `tables/flow.csv`.
  public func staged(_ name: String) -> String {
    if let folder = Self.folder(of: name) {
      try? FileManager.default.createDirectory(
        atPath: "\(staging)/\(folder)", withIntermediateDirectories: true)
    }
    return "\(staging)/\(name)"
  }

  /// What stands before the last slash; nil without one.
  private static func folder(of name: String) -> String? {
    name.lastIndex(of: "/").map { String(name[..<$0]) }
  }

  /// Gives the staged files their final names, in the given order, after taking away `stale` ones.
  /// Nothing can be staged afterwards.
  public func commit(_ names: [String], removing stale: [String] = []) throws(OutputError) {
    let failure = state.withLock { state -> OutputError? in
      guard state == .open else { return nil }
      for name in names where StagedFolder.isFolder("\(path)/\(name)") {
        return OutputError(.cannotWrite, "a folder stands in its place", file: name)
      }
      for folder in Set(names.compactMap(StagedFolder.folder)).sorted() {
        do {
          try FileManager.default.createDirectory(
            atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        } catch {
          return OutputError(.cannotWrite, StagedFolder.reason(error), file: folder)
        }
      }
      for name in stale { unlink("\(path)/\(name)") }
      for name in names where rename(staged(name), "\(path)/\(name)") != 0 {
        return OutputError(.cannotWrite, String(cString: strerror(errno)), file: name)
      }
      state = .closed
      try? FileManager.default.removeItem(atPath: staging)
      return nil
    }
    if let failure { throw failure }
  }

  /// Takes away everything that was staged, and the folder itself where it was made here and holds
  /// nothing else. Waits for a `commit` under way; does nothing after one.
  public func discard() {
    state.withLock { state in
      guard state == .open else { return }
      state = .closed
      try? FileManager.default.removeItem(atPath: staging)
      if madeFolder { rmdir(path) }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying?.domain == NSPOSIXErrorDomain ? underlying?.code ?? 0 : 0
    return code > 0 ? String(cString: strerror(Int32(code))) : "the folder cannot be made"
  }
}
