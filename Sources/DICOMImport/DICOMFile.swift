import Foundation

/// One DICOM file that holds MR images: what the import needs of it.
struct DICOMFile: Sendable {
  /// What a file is not, where it is no image to import.
  enum Other: Error { case noDICOM, noImage, unreadable }

  let path: String
  let bytes: DICOMBytes
  let root: DICOMItem
  let isMultiFrame: Bool
  /// Where uncompressed pixels lie; nil where they are compressed.
  let pixels: Range<Int>?

  /// Reads a file's structure. The file is mapped, not copied.
  init(_ path: String) throws(Other) {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
      data.count > 132, data[data.startIndex + 128..<data.startIndex + 132] == Data("DICM".utf8)
    else { throw .noDICOM }
    self.path = path
    bytes = DICOMBytes(data: data)
    do {
      (root, pixels) = try Self.structure(bytes)
    } catch {
      throw .unreadable
    }
    guard bytes.text(root, DICOMTag(0x0008, 0x0060)) == "MR",
      bytes.number(root, DICOMTag(0x0028, 0x0010)) != nil
    else { throw .noImage }
    isMultiFrame = !root.items(DICOMTag(0x5200, 0x9230)).isEmpty
  }

  private static func structure(
    _ bytes: DICOMBytes
  ) throws(DICOMParser.Trouble) -> (DICOMItem, pixels: Range<Int>?) {
    let result: Result<(DICOMItem, Range<Int>?), DICOMParser.Trouble> = bytes.data.withUnsafeBytes {
      raw in
      Result { () throws(DICOMParser.Trouble) in
        // The file's own group is explicit always (PS3.10, 7.1).
        var head = DICOMParser(raw, isExplicit: true)
        let (meta, start) = try head.dataSet(from: 132) { $0.group != 0x0002 }
        let syntax = bytes.text(meta, DICOMTag(0x0002, 0x0010)) ?? ""
        // Deflated and big-endian files are out of use.
        guard syntax != "1.2.840.10008.1.2.1.99", syntax != "1.2.840.10008.1.2.2" else {
          throw .damaged
        }
        var body = DICOMParser(raw, isExplicit: syntax != "1.2.840.10008.1.2")
        let (root, _) = try body.dataSet(from: start)
        return (root, body.pixelsAreCompressed ? nil : body.pixels)
      }
    }
    return try result.get()
  }

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
