import Foundation

/// One DICOM file that holds MR images: what the import needs of it.
struct DICOMFile: Sendable {
  /// What a file is, where it is no image to import.
  enum Other: Error, Hashable {
    case noDICOM, noImage
    case unreadable(Trouble)
  }

  /// Why a file is not read.
  enum Trouble: String, Error {
    case damaged
    case cutShort = "cut short"
    /// Deflated (PS3.5, A.5) and big-endian (retired) files are out of use; dcm2niix reads neither.
    case deflated
    case bigEndian = "big-endian"
  }

  let path: String
  let bytes: DICOMBytes
  let root: DICOMItem
  let isMultiFrame: Bool
  /// Where uncompressed pixels lie; nil where they are compressed.
  let pixels: Range<Int>?

  /// Reads a file's structure. The file is mapped, not copied.
  init(_ path: String) throws(Other) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    else { throw .noDICOM }
    try self.init(data, path: path)
  }

  /// - Parameter data: the file's bytes.
  init(_ data: Data, path: String) throws(Other) {
    guard data.count > 132,
      data[data.startIndex + 128..<data.startIndex + 132] == Data("DICM".utf8)
    else { throw .noDICOM }
    self.path = path
    bytes = DICOMBytes(data: data)
    do {
      (root, pixels) = try Self.structure(bytes)
    } catch {
      throw .unreadable(error)
    }
    guard bytes.text(root, DICOMTag(0x0008, 0x0060)) == "MR",
      let rows = bytes.number(root, DICOMTag(0x0028, 0x0010))
    else { throw .noImage }
    isMultiFrame = !root.items(DICOMTag(0x5200, 0x9230)).isEmpty
    guard isWhole(rows: rows) else { throw .unreadable(.cutShort) }
  }

  /// Whether all pixels are there that the header states; compressed ones are not counted.
  private func isWhole(rows: Double) -> Bool {
    guard let pixels else { return true }
    let columns = number(0x0028, 0x0011) ?? 0
    let bytesOfPixel = ((number(0x0028, 0x0100) ?? 16) / 8).rounded(.up)
    let frames = isMultiFrame ? Double(root.items(DICOMTag(0x5200, 0x9230)).count) : 1
    return rows * columns * bytesOfPixel * frames <= Double(pixels.count)
  }

  private static func structure(
    _ bytes: DICOMBytes
  ) throws(Trouble) -> (DICOMItem, pixels: Range<Int>?) {
    let result: Result<(DICOMItem, Range<Int>?), Trouble> = bytes.data.withUnsafeBytes { raw in
      Result { () throws(Trouble) in
        // The file's own group is explicit always (PS3.10, 7.1).
        var head = DICOMParser(raw, isExplicit: true)
        let (meta, start) = try head.dataSet(from: 132) { $0.group != 0x0002 }
        let syntax = bytes.text(meta, DICOMTag(0x0002, 0x0010)) ?? ""
        guard syntax != "1.2.840.10008.1.2.1.99" else { throw .deflated }
        guard syntax != "1.2.840.10008.1.2.2" else { throw .bigEndian }
        var body = DICOMParser(raw, isExplicit: syntax != "1.2.840.10008.1.2")
        let (root, _) = try body.dataSet(from: start)
        // An image whose pixels do not begin; files of other kinds have none.
        guard body.pixels != nil || root.elements[DICOMTag(0x0028, 0x0010)] == nil else {
          throw .cutShort
        }
        return (root, body.pixelsAreCompressed ? nil : body.pixels)
      }
    }
    return try result.get()
  }

  /// What is the same only in copies of one image; some anonymisers give all images one UID.
  var instance: [String?] {
    [
      text(0x0008, 0x0018), seriesUID, text(0x0020, 0x0013), text(0x0020, 0x0032),
      text(0x0018, 0x0081), text(0x0008, 0x0008),
    ]
  }

  /// Whether a compression changed the values (PS3.3, C.7.6.1.1.5).
  var isLossy: Bool { text(0x0028, 0x2110) == "01" }
  var studyUID: String { text(0x0020, 0x000D) ?? "" }

  func text(_ group: UInt16, _ element: UInt16) -> String? {
    bytes.text(root, DICOMTag(group, element))
  }

  func number(_ group: UInt16, _ element: UInt16) -> Double? {
    bytes.number(root, DICOMTag(group, element))
  }

  /// Anonymisers may blank it: number and description then tell series apart.
  var seriesUID: String {
    text(0x0020, 0x000E) ?? "\(seriesNumber ?? 0) \(seriesDescription)"
  }
  /// Spin echoes and echo-planar images have echo times too, and are no Dixon scans.
  var mayBeGradientEcho: Bool {
    let sequence = bytes.texts(root, DICOMTag(0x0018, 0x0020))
    if text(0x0018, 0x9008) == "SPIN" || sequence.contains("EP") { return false }
    return !sequence.contains("SE") || sequence.contains("GR")
  }

  var seriesNumber: Int? { number(0x0020, 0x0011).flatMap { Int(exactly: $0) } }
  var seriesDescription: String { text(0x0008, 0x103E) ?? "" }
  var protocolName: String { text(0x0018, 0x1030) ?? "" }
}
