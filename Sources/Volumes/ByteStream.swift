import Faults

/// The bytes that a file decodes to, front to back. Gzip is recognised by its first two bytes, not
/// by the file's name.
///
/// The bytes must stay where they are as long as the stream lives.
struct ByteStream {
  private var rest: UnsafeRawBufferPointer
  private let gzip: GzipStream?
  /// No more bytes than this can come: exact for a plain file, deflate's bound for gzip.
  let bound: Int

  /// `fileLength` is the length of the whole file where `bytes` are only its beginning.
  init(_ bytes: UnsafeRawBufferPointer, fileLength: Int? = nil) throws(VolumesError) {
    let length = fileLength ?? bytes.count
    rest = bytes
    if Gzip.recognises(bytes) {
      gzip = try GzipStream(bytes)
      let (product, overflow) = length.multipliedReportingOverflow(by: Gzip.greatestRatio)
      bound = overflow ? .max : product
    } else {
      gzip = nil
      bound = length
    }
  }

  var isCompressed: Bool { gzip != nil }

  /// Fills `buffer`; fewer bytes than it holds come only at the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(VolumesError) -> Int {
    if let gzip { return try gzip.read(into: buffer) }
    let piece = rest.prefix(buffer.count)
    buffer.copyBytes(from: piece)
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
    return piece.count
  }

  /// At most `count` bytes as an array.
  mutating func read(_ count: Int) throws(VolumesError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 16)
    defer { buffer.deallocate() }
    let filled = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]))
    return Array(buffer[..<filled])
  }

  /// Passes over `count` bytes; the number passed is smaller only at the end.
  mutating func skip(_ count: Int) throws(VolumesError) -> Int {
    if gzip == nil {
      let passed = min(count, rest.count)
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(passed))
      return passed
    }
    guard count > 0 else { return 0 }
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(count, 1 << 16), alignment: 16)
    defer { piece.deallocate() }
    var passed = 0
    while passed < count {
      let part = piece[..<min(piece.count, count - passed)]
      let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: part))
      if got == 0 { break }
      passed += got
    }
    return passed
  }

  /// What is left of a plain file, without a copy; nil for gzip.
  var plainRest: UnsafeRawBufferPointer? { gzip == nil ? rest : nil }
}
