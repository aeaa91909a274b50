import Foundation

/// The words by which the files name the patient, the hospital and its staff. They are kept to find
/// them in free text, and go nowhere.
struct Identifiers: Sendable {
  private let words: Set<String>

  /// Patient's and staff's names, numbers, dates, places and contacts (PS3.15, table E.1-1).
  private static let tags: [DICOMTag] = [
    DICOMTag(0x0010, 0x0010), DICOMTag(0x0010, 0x0020), DICOMTag(0x0010, 0x0030),
    DICOMTag(0x0010, 0x1000), DICOMTag(0x0010, 0x1001), DICOMTag(0x0010, 0x1005),
    DICOMTag(0x0010, 0x1040), DICOMTag(0x0010, 0x1060), DICOMTag(0x0010, 0x2154),
    DICOMTag(0x0010, 0x4000), DICOMTag(0x0008, 0x0050), DICOMTag(0x0008, 0x0080),
    DICOMTag(0x0008, 0x0081), DICOMTag(0x0008, 0x0090), DICOMTag(0x0008, 0x0092),
    DICOMTag(0x0008, 0x1010), DICOMTag(0x0008, 0x1040), DICOMTag(0x0008, 0x1048),
    DICOMTag(0x0008, 0x1050), DICOMTag(0x0008, 0x1060), DICOMTag(0x0008, 0x1070),
    DICOMTag(0x0018, 0x1000), DICOMTag(0x0020, 0x0010), DICOMTag(0x0032, 0x1032),
    DICOMTag(0x0038, 0x0010), DICOMTag(0x0040, 0x1001), DICOMTag(0x0010, 0x2180),
  ]

  init(_ files: [DICOMFile]) {
    var found: Set<String> = []
    for file in files {
      for tag in Self.tags {
        guard let text = file.bytes.text(file.root, tag) else { continue }
        found.formUnion(Self.parts(text))
      }
    }
    words = found
  }

  /// Words of two letters and more, and all of them joined, folded.
  private static func parts(_ text: String) -> [String] {
    let folded = fold(text)
    return (words(folded) + [joined(folded)]).filter { $0.count >= 2 }
  }

  private static func fold(_ text: String) -> String {
    text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
  }

  private static func words(_ text: String) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static func joined(_ text: String) -> String {
    text.filter { $0.isLetter || $0.isNumber }
  }

  /// Free text as it is, or nil where it names the patient, the hospital or its staff: a short word as
  /// a word of its own, a longer one anywhere.
  func cleared(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    let folded = Self.fold(text)
    let (own, whole) = (Set(Self.words(folded)), Self.joined(folded))
    let names = words.contains { word in
      word.count <= 3 ? own.contains(word) : folded.contains(word) || whole.contains(word)
    }
    return names ? nil : text
  }
}
