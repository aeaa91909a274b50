import Volumes

/// NIfTI-2, gzip, pairs and names: the rest of the battery.
extension BrokenNIfTI {
  /// A valid NIfTI-2 file, uint8, 40000x1x1, broken.
  static func second() throws -> [BrokenNIfTI] {
    let affine = Affine(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), origin: SIMD3(1, 2, 3))
    let grid = VoxelGrid(nx: 40000, ny: 1, nz: 1, affine: affine)
    let base = try NIfTIWriter.encode(
      grid: grid, real: (0..<40000).map { Float($0 % 200) }, as: .uint8)
    let rows: [(String, String, [UInt8])] = [
      ("header cut to 539", "image-header-truncated", Array(base[..<539])),
      ("header cut to 348", "image-header-truncated", Array(base[..<348])),
      ("one byte missing", "image-truncated", base.dropLast()),
      ("line ends translated", "image-not-nifti", base.with(UInt8(0x0A), at: 8)),
      ("version 1's signature", "image-not-nifti", base.with(UInt8(ascii: "1"), at: 6)),
      ("a pair's signature", "image-pair-mismatch", base.with(UInt8(ascii: "i"), at: 5)),
      ("no dimension", "image-dimensions", base.with(Int64(0), at: 16)),
      ("2^40 dimensions", "image-dimensions", base.with(Int64(1) << 40, at: 16)),
      ("x is the least integer", "image-dimensions", base.with(Int64.min, at: 24)),
      ("x is the greatest integer", "image-too-large", base.with(Int64.max, at: 24)),
      (
        "2^32 times 2^32", "image-too-large",
        base.with(Int64(1) << 32, at: 24).with(Int64(1) << 32, at: 32)
      ),
      ("2^31 values", "image-truncated", base.with(Int64(1) << 31, at: 24)),
      ("data type 1536", "image-datatype", base.with(Int16(1536), at: 12)),
      ("16 bits for uint8", "image-bits-per-voxel", base.with(Int16(16), at: 14)),
      ("data at 540", "image-data-offset", base.with(Int64(540), at: 168)),
      ("data at -1", "image-data-offset", base.with(Int64(-1), at: 168)),
      ("data at the greatest integer", "image-data-offset", base.with(Int64.max, at: 168)),
      ("data at 2^39", "image-truncated", base.with(Int64(1) << 39, at: 168)),
      ("slope NaN", "image-scaling", base.with(Double.nan, at: 176)),
      ("intercept infinite", "image-scaling", base.with(Double.infinity, at: 184)),
      ("voxel size NaN", "image-voxel-size", base.with(Double.nan, at: 112)),
      ("sform NaN", "image-orientation", base.with(Double.nan, at: 400)),
      ("an edge of 1e300", "image-voxel-size", base.with(Double(1e300), at: 400)),
      ("sform code 2^30", "image-orientation", base.with(Int32(1) << 30, at: 348)),
      ("handedness 1e300", "image-orientation", base.with(Double(1e300), at: 104)),
    ]
    return rows.map { single("NIfTI-2: \($0.0)", $0.1, $0.2) }
  }

  static func gzipped(_ base: Image1) -> [BrokenNIfTI] {
    let whole = base.bytes.gzipped
    let stored = storedGzip(base.bytes)
    let last = whole.count - 1
    func flipped(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
      bytes.with(bytes[index] ^ 0x55, at: index)
    }
    let rows: [(String, String, [UInt8])] = [
      ("two bytes", "gzip-truncated", [0x1F, 0x8B]),
      ("its header alone", "gzip-truncated", Array(whole[..<10])),
      ("cut in half", "gzip-truncated", Array(whole[..<(whole.count / 2)])),
      ("without its checksum", "gzip-truncated", whole.dropLast(8)),
      ("without its last byte", "gzip-truncated", whole.dropLast()),
      ("a wrong checksum", "gzip-checksum", flipped(whole, last - 5)),
      ("a wrong length", "gzip-checksum", flipped(whole, last)),
      ("a flipped voxel", "gzip-checksum", flipped(stored, stored.count - 100)),
      ("a wrong method", "gzip-damaged", whole.with(UInt8(9), at: 2)),
      ("a wrong block type", "gzip-damaged", stored.with(UInt8(0x07), at: 10)),
      ("a stored length that contradicts itself", "gzip-damaged", flipped(stored, 13)),
      ("text after its end", "gzip-damaged", whole + Array("and more".utf8)),
      ("nothing inside", "image-header-truncated", [UInt8]().gzipped),
      ("text inside", "image-not-nifti", Array("no image at all, just words".utf8).gzipped),
      ("gzip inside", "image-not-nifti", whole.gzipped),
      ("a body cut short", "image-truncated", Array(base.bytes.dropLast(1)).gzipped),
      ("a header alone inside", "image-truncated", Array(base.bytes[..<352]).gzipped),
      ("a slope of NaN inside", "image-scaling", base.with(Float.nan, at: 112).gzipped),
      (
        "a second member cut", "gzip-truncated",
        Array(base.bytes[..<400]).gzipped + Array(base.bytes[400...]).gzipped.dropLast(3)
      ),
      (
        "a second member's checksum", "gzip-checksum",
        Array(base.bytes[..<400]).gzipped + Array(base.bytes[400...]).gzipped.flippedSixthFromEnd
      ),
      ("a zlib stream", "image-not-nifti", [0x78, 0x9C] + whole.dropFirst(10)),
    ]
    return rows.map { single("gzip: \($0.0)", $0.1, $0.2, as: "scan.nii.gz") }
  }

  /// A gzip member of one stored block: its bytes are the content's.
  private static func storedGzip(_ content: [UInt8]) -> [UInt8] {
    let length = UInt16(content.count)
    func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
      (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 1] + little(length) + little(~length) + content
      + little(checksum(content)) + little(UInt32(content.count))
  }

  /// CRC-32 of RFC 1952, bit by bit.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1
      }
    }
  }

  static func pairs(_ base: Image1) -> [BrokenNIfTI] {
    // A pair's header says "ni1" and its voxels begin at 0.
    let header = Array(base.with(UInt8(ascii: "i"), at: 345).with(Float(0), at: 108)[..<348])
    let body = Array(base.bytes[352...])
    func pair(
      _ name: String, _ code: String, _ files: [(name: String, bytes: [UInt8])],
      open: String = "scan.hdr", culprit: String = "scan.hdr"
    ) -> BrokenNIfTI {
      BrokenNIfTI(name: "pair: \(name)", files: files, open: open, culprit: culprit, code: code)
    }
    let single = Array(base.bytes[..<348])
    let analyze = header.with(UInt32(0), at: 344)
    return [
      pair("no .img", "image-pair-incomplete", [("scan.hdr", header)]),
      pair(
        "no .hdr", "image-pair-incomplete", [("scan.img", body)], open: "scan.img",
        culprit: "scan.img"),
      pair(
        "a .nii's signature", "image-pair-mismatch", [("scan.hdr", single), ("scan.img", body)]),
      pair("ANALYZE 7.5", "image-analyze", [("scan.hdr", analyze), ("scan.img", body)]),
      pair(
        "ANALYZE 7.5 by its .img", "image-analyze", [("scan.hdr", analyze), ("scan.img", body)],
        open: "scan.img"),
      pair(
        "a short .img", "image-truncated", [("scan.hdr", header), ("scan.img", body.dropLast())],
        culprit: "scan.img"),
      pair(
        "an empty .img", "image-truncated", [("scan.hdr", header), ("scan.img", [])],
        culprit: "scan.img"),
      pair(
        "a long .img", "image-overlong",
        [("scan.hdr", header), ("scan.img", body + [UInt8](repeating: 0, count: 5000))],
        culprit: "scan.img"),
      pair(
        "a cut .img.gz", "gzip-truncated",
        [("scan.hdr", header), ("scan.img.gz", body.gzipped.dropLast(9))], culprit: "scan.img.gz"),
      pair(
        "a cut .hdr", "image-header-truncated",
        [("scan.hdr", header.dropLast()), ("scan.img", body)]),
      pair(
        "a cut .hdr.gz", "gzip-truncated",
        [("scan.hdr.gz", header.gzipped.dropLast(9)), ("scan.img.gz", body.gzipped)],
        open: "scan.hdr.gz", culprit: "scan.hdr.gz"),
      pair(
        "an offset below 0", "image-data-offset",
        [("scan.hdr", header.with(Float(-1), at: 108)), ("scan.img", body)]),
      pair(
        "an offset beyond", "image-truncated",
        [("scan.hdr", header.with(Float(16), at: 108)), ("scan.img", body)], culprit: "scan.img"),
    ]
  }

  static func names(_ base: Image1) -> [BrokenNIfTI] {
    ["scan.nii.zip", "scan.dcm", "scan", "scan.mgz", "scan.nii.bz2"].map {
      single("named \($0)", "image-name-unknown", base.bytes, as: $0)
    } + [
      BrokenNIfTI(
        name: "no file", files: [], open: "scan.nii.gz", culprit: "scan.nii.gz",
        code: "image-missing")
    ]
  }
}

extension [UInt8] {
  /// With a byte of a gzip member's checksum turned over.
  fileprivate var flippedSixthFromEnd: [UInt8] {
    with(self[count - 6] ^ 0x55, at: count - 6)
  }
}
