/// Takes names that come from paths out of what a report says: a file's name often holds a
/// participant's. What has no name of its own is called by its part in the measurement.
struct Redaction {
  /// Longest first, so that a name within another does not break it.
  private var replacements: [(name: String, word: String)] = []
  private let isOff: Bool

  /// Words of which a mask's name may consist and still name nobody.
  private static let plainWords: Set = [
    "tumour", "tumor", "lesion", "liver", "background", "mask", "roi", "label", "labels", "hcc",
    "segmentation", "seg", "region", "regions", "vial", "nodule", "spleen", "left", "right", "lobe",
  ]

  init(_ measurement: Measurement, _ material: ReportMaterial) {
    isOff = material.showsNames
    guard !isOff else { return }
    var found: [String: String] = [:]
    let files = measurement.scan.files + measurement.regionFiles
    for (place, file) in files.enumerated() {
      found[file.name] = "file \(place + 1)"
    }
    for region in measurement.regions {
      let word = Redaction.word(for: region.label, material)
      for file in measurement.regionFiles {
        let stem = Redaction.stem(file.name)
        guard !Redaction.isPlain(stem) else { continue }
        if region.name.hasPrefix(stem) { found[region.name] = word }
        if found[stem] == nil { found[stem] = "the mask" }
      }
    }
    if !measurement.scan.outputPrefix.isEmpty { found[measurement.scan.outputPrefix] = "" }
    replacements = found.map { (name: $0.key, word: $0.value) }
      .sorted { ($0.name.count, $0.name) > ($1.name.count, $1.name) }
  }

  func callAsFunction(_ text: String) -> String {
    guard !isOff else { return text }
    var text = text
    for (name, word) in replacements where !name.isEmpty {
      text = text.replacingWord(name, by: word)
    }
    return text.replacing(/\b(sub|ses)-[A-Za-z0-9]+/) { "\($0.output.1)-(hidden)" }
  }

  private static func word(for label: Int, _ material: ReportMaterial) -> String {
    switch label {
    case material.lesionLabel: "tumour"
    case material.backgroundLabel: "background liver"
    default: "region \(label)"
    }
  }

  private static func stem(_ name: String) -> String {
    var stem = Substring(name)
    for ending in [".gz", ".nii", ".hdr", ".img"] where stem.lowercased().hasSuffix(ending) {
      stem = stem.dropLast(ending.count)
    }
    return String(stem)
  }

  private static func isPlain(_ stem: String) -> Bool {
    stem.lowercased().split { !$0.isLetter && !$0.isNumber }.allSatisfy { part in
      plainWords.contains(String(part.filter { !$0.isNumber }))
        || part.allSatisfy(\.isNumber)
          && part.count < 4
    }
  }
}

extension String {
  /// With a name replaced wherever it stands by itself, not within a longer word.
  fileprivate func replacingWord(_ name: String, by word: String) -> String {
    var out = ""
    var rest = self[...]
    while let range = rest.firstRange(of: name) {
      let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
      let after = range.upperBound < endIndex ? self[range.upperBound] : " "
      let stands = !(before.isLetter || before.isNumber) && !(after.isLetter || after.isNumber)
      out += rest[..<range.lowerBound] + (stands || name.hasSuffix("_") ? word : name)
      rest = rest[range.upperBound...]
    }
    return out + rest
  }
}
