/// What a file's name says, by BIDS (`sub-01_echo-2_part-phase_MEGRE.nii.gz`) or as dcm2niix writes
/// it (`scan_5_e2_ph.nii.gz`).
package struct ImageName: Equatable {
  /// Base name without `.nii`, `.nii.gz`, `.hdr`, `.img`.
  package let stem: String
  package let isBIDS: Bool
  package private(set) var meaning: RoleWords.Meaning?
  /// The echo's number, from 1.
  package private(set) var echo: Int?
  /// The name without what tells the images of one series apart.
  package private(set) var series: String
  /// Without numbers of series, too: parts of one acquisition are often exported as several series.
  package private(set) var acquisition: String
  /// BIDS entities that go in front of outputs: "sub-01_ses-2_run-1_", or empty.
  package private(set) var outputPrefix: String = ""
  /// dcm2niix's letter after the echo (`_e1a`): another series that would have had the same name.
  private var repeated: String?

  package init(path: String) {
    stem = ImageName.stem(of: path)
    var parts = stem.split(separator: "_", omittingEmptySubsequences: true).map(String.init)
    isBIDS = parts.count > 1 && parts[0].hasPrefix("sub-")
    let tailCount = parts.count
    series = ""
    acquisition = ""
    if isBIDS, let suffix = parts.popLast() { readSuffix(suffix) }
    while !isBIDS, let last = parts.last, readTail(last, isLast: parts.count == tailCount) {
      parts.removeLast()
    }
    var kept = parts.filter { !readEntity($0) }
    if let repeated { kept.append(repeated) }
    series = kept.joined(separator: "_")
    acquisition = kept.filter { !$0.allSatisfy(\.isNumber) }.joined(separator: "_")
    if isBIDS { outputPrefix = series.isEmpty ? "" : series + "_" }
  }

  /// `echo-N`, `part-P`, `label-L`, and water, fat or phases said by `rec-` or `acq-`.
  private mutating func readEntity(_ part: String) -> Bool {
    guard let dash = part.firstIndex(of: "-") else { return false }
    let value = part[part.index(after: dash)...].lowercased()
    switch part[..<dash].lowercased() {
    case "echo":
      guard let number = Int(value), number > 0 else { return false }
      echo = number
      return true
    case "part":
      guard let role = RoleWords.bidsParts[value] else { return false }
      if meaning == nil { meaning = .role(role) }
      return true
    case "label":
      meaning = .setAside(RoleWords.maskReason)
      return false
    case "rec", "desc":
      guard value.count > 2, case .role(let role)? = RoleWords.meaning(ofNamePart: value),
        !RoleWords.bidsParts.values.contains(role), meaning == nil
      else { return false }
      meaning = .role(role)
      return true
    default: return false
    }
  }

  private mutating func readSuffix(_ suffix: String) {
    let word = suffix.lowercased()
    if RoleWords.dixonSuffixes.contains(word) { return }
    meaning =
      RoleWords.meaning(ofNamePart: word) ?? .setAside("\(suffix) is not a suffix of a Dixon scan")
  }

  /// dcm2niix's endings: `_e2`, `_ph`, `_real`, `_imaginary`, and the scanners' `_W`, `_F`, `_in`,
  /// `_opp`.
  private mutating func readTail(_ part: String, isLast: Bool) -> Bool {
    let word = part.lowercased()
    if echo == nil, let found = ImageName.echoNumber(word) {
      echo = found.number
      repeated = found.letter
      return true
    }
    guard meaning == nil, isLast || word.count > 1,
      let found = RoleWords.meaning(ofNamePart: word)
    else { return false }
    meaning = found
    return true
  }

  /// "e2" and "echo2" to 2, "e2a" to 2 and "a".
  private static func echoNumber(_ word: String) -> (number: Int, letter: String?)? {
    guard word.hasPrefix("e") else { return nil }
    let rest = word.dropFirst(word.hasPrefix("echo") ? 4 : 1)
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let letter = rest.dropFirst(digits.count)
    guard !digits.isEmpty, digits.count <= 3, let number = Int(digits), number > 0,
      letter.count <= 1, letter.allSatisfy({ $0.isASCII && $0.isLetter })
    else { return nil }
    return (number, letter.isEmpty ? nil : String(letter))
  }

  static let extensions = [".nii.gz", ".nii", ".hdr.gz", ".img.gz", ".hdr", ".img"]

  /// The base name without its image extension.
  static func stem(of path: String) -> String {
    let base = path.split(separator: "/").last.map(String.init) ?? path
    for ending in extensions where base.lowercased().hasSuffix(ending) {
      return String(base.dropLast(ending.count))
    }
    return base
  }

  /// Whether a path names an image: one file of a `.hdr`/`.img` pair, the header, stands for both.
  static func isImage(_ path: String) -> Bool {
    let lower = path.lowercased()
    return [".nii.gz", ".nii", ".hdr", ".hdr.gz"].contains { lower.hasSuffix($0) }
  }
}
