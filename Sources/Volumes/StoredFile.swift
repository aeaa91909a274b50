import Documents
import Faults
import Foundation

/// A file's bytes as they lie on disk, or their beginning.
struct StoredFile {
  let path: String
  let bytes: [UInt8]
  /// Length of the whole file, bytes.
  let length: Int

  /// Reads a regular file, at most its first `limit` bytes.
  init(_ path: String, limit: Int = .max) throws(VolumesError) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      let reason = errno
      let code: VolumesFault =
        reason == ENOENT || reason == ENOTDIR ? .missing : .unreadable
      let detail = code == .missing ? "" : String(cString: strerror(reason))
      throw VolumesError(code, detail, file: path)
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else {
      throw VolumesError(.unreadable, String(cString: strerror(errno)), file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw VolumesError(.unreadable, "it is not a regular file", file: path)
    }
    let length = Int(status.st_size)
    let wanted = min(length, limit)
    var reason: Int32 = 0
    // Room for one at least: all empty arrays are one, and its count would be written to.
    let bytes = [UInt8](unsafeUninitializedCapacity: max(1, wanted)) { buffer, count in
      while count < wanted {
        let got = Foundation.read(
          file, buffer.baseAddress.map { $0 + count }, min(wanted - count, 1 << 30))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { reason = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard reason == 0, bytes.count == wanted else {
      let detail =
        reason == 0 ? "it changed while it was read" : String(cString: strerror(reason))
      throw VolumesError(.unreadable, detail, file: path)
    }
    self.path = path
    self.bytes = bytes
    self.length = length
  }

  /// Faults that name no file are placed in this one.
  func withBytes<R>(
    _ body: (UnsafeRawBufferPointer) throws(VolumesError) -> R
  ) throws(VolumesError) -> R {
    do {
      return try bytes.withUnsafeBufferPointer { bytes throws(VolumesError) in
        try body(UnsafeRawBufferPointer(bytes))
      }
    } catch {
      throw error.placed(in: path)
    }
  }
}
