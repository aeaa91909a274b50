import Faults

/// The voxels of an image, decoded from a stream that stands `passed` bytes into their file.
struct VoxelBody {
  var real: [Float] = []
  var imaginary: [Float]?
  var tally = Tally()
  var trailingBytes = 0

  init(_ stream: inout ByteStream, passed: Int, _ header: NIfTIHeader) throws(VolumesError) {
    // Before anything is allocated: the file must be able to hold what its header says.
    let room = stream.bound - header.dataOffset
    guard room >= header.byteCount else {
      throw Self.tooShort(header, has: stream.isCompressed ? "at most \(max(room, 0))" : "\(room)")
    }
    let gap = header.dataOffset - passed
    guard try stream.skip(gap) == gap else {
      throw VolumesError(.truncated, "it ends before its first voxel")
    }
    var failure: VolumesError?
    let count = header.count
    real = [Float](count: count) { real in
      do throws(VolumesError) {
        try fill(real.baseAddress, from: &stream, header)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Fills the real plane, and the imaginary one where the datatype has it.
  private mutating func fill(
    _ real: UnsafeMutablePointer<Float>?, from stream: inout ByteStream, _ header: NIfTIHeader
  ) throws(VolumesError) {
    guard header.datatype.isComplex else {
      return try decode(&stream, header, real, nil)
    }
    var failure: VolumesError?
    imaginary = [Float](count: header.count) { imaginary in
      do throws(VolumesError) {
        try decode(&stream, header, real, imaginary.baseAddress)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Fills the planes, then makes sure that nothing but padding follows.
  private mutating func decode(
    _ stream: inout ByteStream, _ header: NIfTIHeader, _ real: UnsafeMutablePointer<Float>?,
    _ imaginary: UnsafeMutablePointer<Float>?
  ) throws(VolumesError) {
    guard let real else { return }
    let decoder = VoxelDecoder(
      datatype: header.datatype, isSwapped: header.isSwapped, scaling: header.scaling)
    if let rest = stream.plainRest {
      let voxels = UnsafeRawBufferPointer(rebasing: rest.prefix(header.byteCount))
      tally = decoder.decodeInParallel(voxels, real: real, imaginary: imaginary)
      trailingBytes = rest.count - voxels.count
    } else {
      try inflate(&stream, header, decoder, real, imaginary)
      trailingBytes = try stream.skip(NIfTIImage.greatestPadding + 1)
    }
    guard trailingBytes <= NIfTIImage.greatestPadding else {
      throw VolumesError(
        .overlong, "more than \(NIfTIImage.greatestPadding) bytes follow the last voxel")
    }
  }

  /// Inflates piece by piece, and decodes each while it lies in the cache.
  private mutating func inflate(
    _ stream: inout ByteStream, _ header: NIfTIHeader, _ decoder: VoxelDecoder,
    _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>?
  ) throws(VolumesError) {
    let width = header.datatype.bytesPerVoxel
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(header.byteCount, Self.pieceLength), alignment: 64)
    defer { piece.deallocate() }
    var done = 0
    while done < header.count {
      let wanted = min(piece.count, (header.count - done) * width)
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<wanted])
      let got = try stream.read(into: part)
      guard got == wanted else {
        throw Self.tooShort(header, has: "\(done * width + got)")
      }
      tally.merge(
        decoder.decode(
          UnsafeRawBufferPointer(part), real: real + done, imaginary: imaginary.map { $0 + done }))
      done += wanted / width
    }
  }

  /// A multiple of every type's width.
  static let pieceLength = 1 << 19

  private static func tooShort(_ header: NIfTIHeader, has: String) -> VolumesError {
    VolumesError(.truncated, "\(has) bytes of voxels, where it states \(header.byteCount)")
  }
}
