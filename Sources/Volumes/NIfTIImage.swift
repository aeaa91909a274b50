import Dispatch
import Documents
import Faults

/// A NIfTI image in memory: its voxels as planar Float, scaled, and where they lie.
public struct NIfTIImage: Sendable {
  public let header: NIfTIHeader
  /// Values, or their real parts: shape (x, y, z, frame), x fastest, `grid.count * frames` of them.
  /// Integers are exact up to 2^24.
  public let real: [Float]
  /// Imaginary parts, same shape; only where the voxels are complex.
  public let imaginary: [Float]?
  /// Least and greatest finite value as stored, before scaling; nil where none is finite.
  public let storedRange: ClosedRange<Double>?
  /// Values that are NaN or infinite as Float, after scaling, over both parts.
  public let nonFiniteCount: Int
  /// Bytes that follow the last voxel: padding.
  public let trailingBytes: Int
  /// The files read, header first, with the SHA-256 of their bytes on disk.
  public private(set) var sources: [(path: String, sha256: String)]

  public var grid: VoxelGrid { header.grid }
  public var frames: Int { header.frames }
  public var datatype: NIfTIDatatype { header.datatype }
  public var scaling: NIfTIScaling? { header.scaling }
  public var orientation: NIfTIOrientation { header.orientation }
  /// The header's free text.
  public var description: String { header.description }

  /// More bytes than this after the last voxel are no padding: the header describes another image.
  static let greatestPadding = 4096
  /// A pair's header file, with its extensions, is not longer than this.
  static let greatestHeader = 1 << 24

  /// Reads `.nii`, `.nii.gz`, or a pair by the name of its `.hdr` or `.img` (each may be gzipped).
  public static func read(_ path: String) throws(VolumesError) -> NIfTIImage {
    let files = try NIfTIFiles(path)
    let header = try StoredFile(files.header)
    let body = files.isPair ? try StoredFile(files.body) : nil
    // Hashing and decoding both go through all bytes: side by side.
    let (sources, result) = both {
      [header, body].compactMap { $0 }.map { (path: $0.path, sha256: sha256Hex($0.bytes)) }
    } _: {
      Result { () throws(VolumesError) in try read(header, body) }
    }
    var image = try result.get()
    image.sources = sources
    return image
  }

  /// Reads an image in memory: a `.nii` file's bytes, compressed or not; or, with `voxels`, the
  /// bytes of a `.hdr` and its `.img`. `sources` stays empty, and faults name no file.
  public static func read(
    bytes: UnsafeRawBufferPointer, voxels: UnsafeRawBufferPointer? = nil
  ) throws(VolumesError) -> NIfTIImage {
    var stream = try ByteStream(bytes)
    let (header, length) = try NIfTIHeader.read(from: &stream)
    try header.check(isPair: voxels != nil)
    if let voxels {
      try finishHeader(&stream)
      stream = try ByteStream(voxels)
    }
    let passed = voxels == nil ? length : 0
    return try NIfTIImage(header, VoxelBody(&stream, passed: passed, header))
  }

  private static func read(
    _ header: StoredFile, _ body: StoredFile?
  ) throws(VolumesError) -> NIfTIImage {
    try header.withBytes { bytes throws(VolumesError) in
      guard let body else { return try read(bytes: bytes) }
      var stream = try ByteStream(bytes)
      let (header, _) = try NIfTIHeader.read(from: &stream)
      try header.check(isPair: true)
      try finishHeader(&stream)
      return try body.withBytes { voxels throws(VolumesError) in
        var stream = try ByteStream(voxels)
        return try NIfTIImage(header, VoxelBody(&stream, passed: 0, header))
      }
    }
  }

  /// Goes through a pair's header to its end, so that a cut or damaged one is noticed.
  private static func finishHeader(_ stream: inout ByteStream) throws(VolumesError) {
    guard try stream.skip(greatestHeader + 1) <= greatestHeader else {
      throw VolumesError(.overlong, "it has more than \(greatestHeader) bytes of extensions")
    }
  }

  private init(_ header: NIfTIHeader, _ body: VoxelBody) {
    self.header = header
    real = body.real
    imaginary = body.imaginary
    let tally = body.tally
    storedRange = tally.lowest <= tally.highest ? tally.lowest...tally.highest : nil
    nonFiniteCount = tally.nonFinite
    trailingBytes = body.trailingBytes
    sources = []
  }
}

/// Two results, worked out side by side.
private func both<A, B>(_ first: () -> A, _ second: () -> B) -> (A, B) {
  nonisolated(unsafe) var a: A?
  nonisolated(unsafe) var b: B?
  withoutActuallyEscaping(first) { first in
    withoutActuallyEscaping(second) { second in
      nonisolated(unsafe) let (first, second) = (first, second)
      DispatchQueue.concurrentPerform(iterations: 2) {
        if $0 == 0 { a = first() } else { b = second() }
      }
    }
  }
  guard let a, let b else { preconditionFailure("both closures have run") }
  return (a, b)
}
