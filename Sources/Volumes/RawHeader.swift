import CNIfTI
import Faults

/// A NIfTI header's fields as they lie in the file, in this machine's byte order, unchecked.
///
/// The layouts are those of `nifti1.h` and `nifti2.h`, whose offsets stand here.
struct RawHeader {
  /// 1 or 2.
  let version: Int
  /// Stored in the other byte order than this machine's.
  let isSwapped: Bool
  /// The header's own bytes, 348 or 540.
  let bytes: [UInt8]
  let magic: [UInt8]
  /// dim[0...7].
  let dimensions: [Int]
  let datatype: Int
  let bitsPerVoxel: Int
  /// pixdim[0...7].
  let pixdim: [Double]
  let dataOffset: Double
  let slope: Double
  let intercept: Double
  let qformCode: Int
  let sformCode: Int
  /// b, c, d, and the offsets x, y, z.
  let quaternion: [Double]
  /// srow_x, srow_y, srow_z: 12 values.
  let sform: [Double]
  let units: Int
  let text: String

  static let lengthOfVersion1 = 348
  static let lengthOfVersion2 = 540

  /// Reads the fields from a file's first bytes (all that there are, up to 540).
  init(_ start: [UInt8]) throws(VolumesError) {
    guard start.count >= 4 else {
      throw VolumesError(.headerTruncated, "it has \(start.count) bytes")
    }
    guard let (version, swapped) = Self.kind(of: start) else {
      throw VolumesError(.notNIfTI, Self.guess(start))
    }
    let length = version == 1 ? Self.lengthOfVersion1 : Self.lengthOfVersion2
    guard start.count >= length else {
      throw VolumesError(
        .headerTruncated, "\(start.count) bytes of a header of \(length)")
    }
    let bytes = Array(start[..<length])
    let fields = HeaderFields(bytes: bytes, isSwapped: swapped)
    self.version = version
    self.isSwapped = swapped
    self.bytes = bytes
    let first = version == 1
    magic = Array(first ? bytes[344..<348] : bytes[4..<12])
    dimensions = (0..<8).map {
      first ? Int(fields.int16(40 + 2 * $0)) : Int(fields.int64(16 + 8 * $0))
    }
    datatype = Int(fields.int16(first ? 70 : 12))
    bitsPerVoxel = Int(fields.int16(first ? 72 : 14))
    pixdim = (0..<8).map { fields.real(first, 76 + 4 * $0, 104 + 8 * $0) }
    dataOffset = first ? Double(fields.float(108)) : Double(fields.int64(168))
    slope = fields.real(first, 112, 176)
    intercept = fields.real(first, 116, 184)
    qformCode = first ? Int(fields.int16(252)) : Int(fields.int32(344))
    sformCode = first ? Int(fields.int16(254)) : Int(fields.int32(348))
    quaternion = (0..<6).map { fields.real(first, 256 + 4 * $0, 352 + 8 * $0) }
    sform = (0..<12).map { fields.real(first, 280 + 4 * $0, 400 + 8 * $0) }
    units = first ? Int(bytes[123]) : Int(fields.int32(500))
    let description = bytes[(first ? 148 : 240)..<(first ? 228 : 320)].prefix { $0 != 0 }
    text = String(decoding: description, as: UTF8.self)
  }

  /// Version and byte order, from the first field: 348 or 540 in either order.
  private static func kind(of start: [UInt8]) -> (version: Int, isSwapped: Bool)? {
    for swapped in [false, true] {
      switch HeaderFields(bytes: start, isSwapped: swapped).int32(0) {
      case 348: return (1, swapped)
      case 540: return (2, swapped)
      default: continue
      }
    }
    return nil
  }

  static func isVersion2(_ start: [UInt8]) -> Bool {
    start.count >= 4 && kind(of: start)?.version == 2
  }

  /// What a file that is no NIfTI may be instead.
  private static func guess(_ start: [UInt8]) -> String {
    if start.count >= 132, start[128..<132].elementsEqual("DICM".utf8) { return "it is DICOM" }
    if start.starts(with: "version https://git-lfs".utf8) { return "it is a Git LFS pointer" }
    if start.starts(with: [0x50, 0x4B, 3, 4]) { return "it is a zip archive" }
    if start.starts(with: [0x1F, 0x8B]) { return "it is compressed twice" }
    if start.starts(with: "NRRD".utf8) { return "it is NRRD" }
    return "its header's length is neither 348 nor 540"
  }
}

/// Fields of a header at byte offsets.
struct HeaderFields {
  let bytes: [UInt8]
  let isSwapped: Bool

  private func integer<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as: T.Type) -> T {
    let value = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
    return isSwapped ? value.byteSwapped : value
  }

  func int16(_ offset: Int) -> Int16 { integer(offset, as: Int16.self) }
  func int32(_ offset: Int) -> Int32 { integer(offset, as: Int32.self) }
  func int64(_ offset: Int) -> Int64 { integer(offset, as: Int64.self) }
  func float(_ offset: Int) -> Float { Float(bitPattern: integer(offset, as: UInt32.self)) }
  func double(_ offset: Int) -> Double { Double(bitPattern: integer(offset, as: UInt64.self)) }

  /// A float of version 1 or a double of version 2.
  func real(_ first: Bool, _ offset1: Int, _ offset2: Int) -> Double {
    first ? Double(float(offset1)) : double(offset2)
  }
}
