import Foundation
import Volumes

/// A broken image: the files that make it, the name under which it is opened, and the code that the
/// refusal carries.
public struct BrokenNIfTI: Sendable {
  /// What is broken, in words; unique.
  public let name: String
  public let files: [(name: String, bytes: [UInt8])]
  /// The file to open; it need not be there.
  public let open: String
  /// The file that the message names.
  public let culprit: String
  /// The code that `docs/errors.md` lists.
  public let code: String

  /// Puts the files into a folder and returns the path to open.
  public func write(to folder: URL) throws -> String {
    for file in files {
      try Data(file.bytes).write(to: folder.appendingPathComponent(file.name))
    }
    return folder.appendingPathComponent(open).path
  }

  /// One row a case, the same in every run.
  public static func all() throws -> [BrokenNIfTI] {
    let base = try Image1()
    return try headerLengths(base) + signatures(base) + dimensions(base) + types(base)
      + offsets(base) + scalings(base) + sizes(base) + orientations(base) + lengths(base)
      + second() + gzipped(base) + pairs(base) + names(base)
  }

  /// A case of one file.
  static func single(
    _ name: String, _ code: String, _ bytes: [UInt8], as file: String = "scan.nii"
  ) -> BrokenNIfTI {
    BrokenNIfTI(
      name: name, files: [(file, bytes)], open: file, culprit: file, code: code)
  }
}

/// A valid NIfTI-1 file, int16, 6x5x4x2, to break.
struct Image1 {
  let bytes: [UInt8]

  init() throws {
    let affine = Affine(
      SIMD3(-1.5, 0, 0), SIMD3(0, 1.5, 0), SIMD3(0, 0, 5), origin: SIMD3(90, -120, 30))
    let grid = VoxelGrid(nx: 6, ny: 5, nz: 4, affine: affine)
    bytes = try NIfTIWriter.encode(
      grid: grid, frames: 2, real: (0..<240).map { Float($0 * 13 % 101) }, as: .int16)
  }

  /// With one field overwritten, in this machine's byte order.
  func with<T: BitwiseCopyable>(_ value: T, at offset: Int) -> [UInt8] {
    bytes.with(value, at: offset)
  }
}

extension [UInt8] {
  func with<T: BitwiseCopyable>(_ value: T, at offset: Int) -> [UInt8] {
    var copy = self
    copy.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: T.self) }
    return copy
  }

  var gzipped: [UInt8] { withUnsafeBytes { Gzip.compress($0) } }
}

extension BrokenNIfTI {
  static func headerLengths(_ base: Image1) -> [BrokenNIfTI] {
    [0, 1, 3, 4, 100, 347].map {
      single("header cut to \($0) bytes", "image-header-truncated", Array(base.bytes[..<$0]))
    }
  }

  static func signatures(_ base: Image1) -> [BrokenNIfTI] {
    var dicom = [UInt8](repeating: 0, count: 2000)
    dicom.replaceSubrange(128..<132, with: "DICM".utf8)
    let text = Array(String(repeating: "This is no image. ", count: 50).utf8)
    let foreign: [(String, [UInt8])] = [
      ("text", text), ("DICOM", dicom), ("zeros", [UInt8](repeating: 0, count: 1000)),
      ("a Git LFS pointer", Array("version https://git-lfs.github.com/spec/v1\n".utf8)),
      ("a zip archive", [0x50, 0x4B, 3, 4] + text), ("NRRD", Array("NRRD0004\n".utf8) + text),
      ("a header length of 349", base.with(Int32(349), at: 0)),
      ("a negative header length", base.with(Int32(-348), at: 0)),
      ("a signature n+9", base.with(UInt8(ascii: "9"), at: 346)),
      ("a signature without its zero", base.with(UInt8(ascii: "x"), at: 347)),
    ]
    return foreign.map { single("not NIfTI: \($0.0)", "image-not-nifti", $0.1) } + [
      single("ANALYZE 7.5", "image-analyze", base.with(UInt32(0), at: 344)),
      single(
        "a pair's signature in a .nii", "image-pair-mismatch",
        base.with(UInt8(ascii: "i"), at: 345)),
    ]
  }

  static func dimensions(_ base: Image1) -> [BrokenNIfTI] {
    let wrong: [(String, Int16, Int)] = [
      ("no dimension", 0, 40), ("8 dimensions", 8, 40), ("-1 dimensions", -1, 40),
      ("32767 dimensions", 32767, 40), ("x is 0", 0, 42), ("x is -6", -6, 42), ("y is -5", -5, 44),
      ("z is 0", 0, 46), ("frames are 0", 0, 48), ("frames are -32768", -32768, 48),
    ]
    var huge = base.with(Int16(7), at: 40)
    for axis in 1...7 { huge = huge.with(Int16.max, at: 40 + 2 * axis) }
    let large = base.with(Int16.max, at: 42).with(Int16.max, at: 44).with(Int16(1), at: 46)
    return wrong.map {
      single("dimensions: \($0.0)", "image-dimensions", base.with($0.1, at: $0.2))
    }
      + [
        single(
          "dimensions: a seventh of -1", "image-dimensions",
          base.with(Int16(7), at: 40).with(Int16(-1), at: 54)),
        single(
          "dimensions: the other byte order", "image-dimensions",
          base.with(Int32(348).byteSwapped, at: 0)),
        single("dimensions: 32767 seven times", "image-too-large", huge),
        single("dimensions: 2^31 values in a small file", "image-truncated", large),
        single(
          "dimensions: 2^31 values in a small gzip", "image-truncated", large.gzipped,
          as: "scan.nii.gz"),
        single("dimensions: one frame too many", "image-truncated", base.with(Int16(3), at: 48)),
      ]
  }

  static func types(_ base: Image1) -> [BrokenNIfTI] {
    [0, 1, 3, 77, 128, 1536, 2048, 2304, -4, 32767].map { (code: Int16) in
      single("data type \(code)", "image-datatype", base.with(code, at: 70))
    }
      + [0, 8, 32, -16, 32767].map { (bits: Int16) in
        single("\(bits) bits for int16", "image-bits-per-voxel", base.with(bits, at: 72))
      }
  }

  static func offsets(_ base: Image1) -> [BrokenNIfTI] {
    let wrong: [Float] = [0, 1, 348, 351, 352.5, -352, 1e30, -1e30, .nan, .infinity, -.infinity]
    return wrong.map { single("data at \($0)", "image-data-offset", base.with($0, at: 108)) }
      + [368, 1e6, 1e12].map { (offset: Float) in
        single("data at \(offset), beyond", "image-truncated", base.with(offset, at: 108))
      }
      + [
        single(
          "data at 1e12 in a gzip", "image-truncated", base.with(Float(1e12), at: 108).gzipped,
          as: "scan.nii.gz"),
        single(
          "data at 20000 in a gzip", "image-truncated", base.with(Float(20000), at: 108).gzipped,
          as: "scan.nii.gz"),
      ]
  }

  static func scalings(_ base: Image1) -> [BrokenNIfTI] {
    [Float.nan, .infinity, -.infinity].flatMap { value in
      [
        single("slope \(value)", "image-scaling", base.with(value, at: 112)),
        single("intercept \(value)", "image-scaling", base.with(value, at: 116)),
      ]
    }
  }

  static func sizes(_ base: Image1) -> [BrokenNIfTI] {
    [Float(0), -1.5, .nan, .infinity].flatMap { value in
      (1...3).map { axis in
        single(
          "voxel size \(axis) \(value)", "image-voxel-size", base.with(value, at: 76 + 4 * axis))
      }
    } + [
      // Without an sform the sizes are the only word on the geometry.
      single(
        "an edge of 2 m", "image-voxel-size",
        base.with(Int16(0), at: 254).with(Float(2000), at: 80)),
      single(
        "millimetres called metres", "image-voxel-size", base.with(UInt8(1 | 8), at: 123)),
    ]
  }

  static func orientations(_ base: Image1) -> [BrokenNIfTI] {
    let zero = (0..<12).reduce(base.bytes) { $0.with(Float(0), at: 280 + 4 * $1) }
    // The second column like the first.
    let flat = (0..<3).reduce(base.bytes) {
      $0.with(Float(1.5), at: 280 + 16 * $1).with(Float(1.5), at: 284 + 16 * $1)
    }
    let noSform = Image1.withoutSform(base)
    let rows: [(String, [UInt8])] = [
      ("NaN in the sform", base.with(Float.nan, at: 284)),
      ("infinity in the sform's offset", base.with(Float.infinity, at: 292)),
      ("an sform's offset of 1e12 mm", base.with(Float(1e12), at: 292)),
      ("a flat sform", flat), ("sform code 99", base.with(Int16(99), at: 254)),
      ("sform code -1", base.with(Int16(-1), at: 254)),
      ("qform code -3", base.with(Int16(-3), at: 252)),
      ("NaN in the quaternion", base.with(Float.nan, at: 256)),
      ("infinity in the qform's offset", base.with(Float.infinity, at: 268)),
      ("a quaternion of length 5", base.with(Float(5), at: 260)),
      ("handedness 2", base.with(Float(2), at: 76)),
      ("handedness NaN", base.with(Float.nan, at: 76)),
      ("a quaternion of NaN alone", noSform.with(Float.nan, at: 264)),
      ("a quaternion too long alone", noSform.with(Float(-1.1), at: 264)),
    ]
    return rows.map { single("orientation: \($0.0)", "image-orientation", $0.1) } + [
      single("orientation: an sform of zeros", "image-voxel-size", zero),
      single(
        "orientation: an sform's edge of 10 km", "image-voxel-size", base.with(Float(1e7), at: 280)),
      single(
        "orientation: an sform's edge of 1e38", "image-voxel-size", base.with(Float(1e38), at: 280)),
    ]
  }

  static func lengths(_ base: Image1) -> [BrokenNIfTI] {
    let count = base.bytes.count
    return [348, 351, 352, 353, 400, count / 2, count - 1].map {
      single("file cut to \($0) bytes", "image-truncated", Array(base.bytes[..<$0]))
    } + [
      single(
        "4097 bytes too many", "image-overlong", base.bytes + [UInt8](repeating: 0, count: 4097)),
      single(
        "100000 bytes too many in a gzip", "image-overlong",
        (base.bytes + [UInt8](repeating: 7, count: 100_000)).gzipped, as: "scan.nii.gz"),
    ]
  }
}

extension Image1 {
  static func withoutSform(_ base: Image1) -> [UInt8] { base.with(Int16(0), at: 254) }
}
