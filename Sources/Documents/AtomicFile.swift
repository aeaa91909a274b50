import Faults
import Foundation

/// The conditions under which a file of ours is not written.
public enum OutputFault: String, FaultCode {
  case cannotWrite = "cannot-write"

  public var summary: String { "the file cannot be written" }
  public var remedy: String {
    "check that the folder exists, that you may write there, and its free space"
  }
  public var exit: ExitStatus { .cannotCreate }
}

public typealias OutputError = Fault<OutputFault>

/// Files that are there whole or not at all: written beside under another name, then renamed.
public enum AtomicFile {
  /// Writes `bytes` to `path`. A file that was there is replaced in one step; on failure it stays
  /// as it was, and nothing else is left behind.
  ///
  /// - Parameter mode: who may read and write it, less what the process's mask takes away; `0o600` for
  ///   secrets.
  public static func write(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o666)
    throws(OutputError)
  {
    let result = bytes.withUnsafeBytes { raw in
      Result { () throws(OutputError) in try write(path, raw, mode: mode) }
    }
    try result.get()
  }

  public static func write(
    _ path: String, _ bytes: UnsafeRawBufferPointer, mode: mode_t = 0o666
  ) throws(OutputError) {
    let temporary = temporaryName(beside: path)
    // Never through a link that somebody else put there: the name must be new.
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw OutputError(.cannotWrite, lastError(), file: path) }
    var reason: String?
    if !writeAll(bytes, to: file) || fsync(file) != 0 { reason = lastError() }
    if close(file) != 0, reason == nil { reason = lastError() }
    if reason == nil, rename(temporary, path) != 0 { reason = lastError() }
    if let reason {
      unlink(temporary)
      throw OutputError(.cannotWrite, reason, file: path)
    }
  }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let slice = UnsafeRawBufferPointer(rebasing: rest)
      let written = Foundation.write(file, slice.baseAddress, min(slice.count, 1 << 30))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }

  /// A hidden name in the same folder: a rename is one step only within one file system.
  private static func temporaryName(beside path: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let folder = parts.dropLast().joined(separator: "/")
    // Long names leave room for the addition: file systems allow 255 bytes.
    let name = String(decoding: (parts.last ?? "").utf8.prefix(180), as: UTF8.self)
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    return (parts.count > 1 ? folder + "/" : "") + ".\(name).\(unique).tmp"
  }

  private static func lastError() -> String { String(cString: strerror(errno)) }
}
