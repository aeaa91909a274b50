import Foundation

/// A file's bytes, with the values of its elements.
struct DICOMBytes: Sendable {
  let data: Data

  /// Binary types of the elements that are read, for files that do not say them.
  private static let implicitTypes: [DICOMTag: String] = [
    DICOMTag(0x0028, 0x0002): "US", DICOMTag(0x0028, 0x0010): "US", DICOMTag(0x0028, 0x0011): "US",
    DICOMTag(0x0028, 0x0100): "US", DICOMTag(0x0028, 0x0103): "US", DICOMTag(0x0018, 0x9082): "FD",
    DICOMTag(0x0018, 0x9314): "FD", DICOMTag(0x0018, 0x0087): "DS", DICOMTag(0x0040, 0x9224): "FD",
    DICOMTag(0x0040, 0x9225): "FD", DICOMTag(0x0018, 0x9098): "FD",
  ]

  /// Text without the padding around it; nil where the element is absent or empty.
  func text(_ item: DICOMItem, _ tag: DICOMTag) -> String? {
    guard case .value(let range, _)? = item.elements[tag], !range.isEmpty, range.count <= 1 << 16
    else { return nil }
    let raw = data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
    // Names may be in any character set: what is not UTF-8 is read as Latin-1, to be found again.
    let decoded = String(data: raw, encoding: .utf8) ?? String(data: raw, encoding: .isoLatin1)
    let trimmed = decoded?.trimmingCharacters(
      in: CharacterSet.whitespacesAndNewlines.union(CharacterSet(charactersIn: "\0")))
    return trimmed?.isEmpty == false ? trimmed : nil
  }

  /// The values of a text of several.
  func texts(_ item: DICOMItem, _ tag: DICOMTag) -> [String] {
    text(item, tag).map {
      $0.split(separator: "\\", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    } ?? []
  }

  /// Numbers as text or in binary.
  func numbers(_ item: DICOMItem, _ tag: DICOMTag, type implicit: String? = nil) -> [Double] {
    guard case .value(let range, let stated)? = item.elements[tag] else { return [] }
    let type =
      stated.isEmpty || stated == "UN" ? implicit ?? Self.implicitTypes[tag] ?? "DS" : stated
    switch type {
    case "US": return loaded(range, UInt16.self) { Double($0) }
    case "SS": return loaded(range, Int16.self) { Double($0) }
    case "UL": return loaded(range, UInt32.self) { Double($0) }
    case "SL": return loaded(range, Int32.self) { Double($0) }
    case "FL": return loaded(range, UInt32.self) { Double(Float(bitPattern: $0)) }
    case "FD": return loaded(range, UInt64.self) { Double(bitPattern: $0) }
    default:
      return texts(item, tag).compactMap { Double($0) }
    }
  }

  func number(_ item: DICOMItem, _ tag: DICOMTag, type: String? = nil) -> Double? {
    numbers(item, tag, type: type).first { $0.isFinite }
  }

  private func loaded<Word: FixedWidthInteger>(
    _ range: Range<Int>, _ word: Word.Type, _ value: (Word) -> Double
  ) -> [Double] {
    data.withUnsafeBytes { raw in
      let width = MemoryLayout<Word>.size
      return stride(from: range.lowerBound, through: range.upperBound - width, by: width).map {
        value(Word(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Word.self)))
      }
    }
  }
}

extension Double {
  /// The whole part; 0 where damaged files give a number that is none or beyond all use.
  var whole: Int { isFinite && abs(self) < 1e12 ? Int(self) : 0 }
}
