/// The words by which exporters say what an image holds: in file names and in DICOM's ImageType.
package enum RoleWords {
  /// What a word says: a role, or that the image is of another kind and set aside.
  package enum Meaning: Equatable {
    case role(FileRole)
    case setAside(String)
  }

  /// The meaning of one part of a file name, lower case.
  package static func meaning(ofNamePart part: String) -> Meaning? {
    if let role = nameRoles[part] { return .role(role) }
    return otherImages[part].map { .setAside($0) }
  }

  /// BIDS names these parts with `part-`.
  static let bidsParts: [String: FileRole] = [
    "mag": .magnitude, "phase": .phase, "real": .real, "imag": .imaginary,
  ]

  private static let nameRoles: [String: FileRole] = [
    "mag": .magnitude, "magnitude": .magnitude, "m": .magnitude,
    "ph": .phase, "phase": .phase, "pha": .phase, "p": .phase,
    "real": .real, "re": .real,
    "imaginary": .imaginary, "imag": .imaginary, "im": .imaginary,
    "complex": .complex, "cplx": .complex,
    "water": .water, "w": .water, "wateronly": .water,
    "fat": .fat, "f": .fat, "fatonly": .fat,
    "inphase": .inPhase, "in-phase": .inPhase, "in": .inPhase, "ip": .inPhase,
    "outphase": .opposedPhase, "out-phase": .opposedPhase, "opp": .opposedPhase,
    "outofphase": .opposedPhase, "oppphase": .opposedPhase, "opposedphase": .opposedPhase,
    "opposed-phase": .opposedPhase, "opposed": .opposedPhase, "op": .opposedPhase,
    "oop": .opposedPhase,
    "pdff": .pdff, "pdffmap": .pdff, "ff": .pdff, "fatfrac": .pdff, "fatfraction": .pdff,
  ]

  private static let otherImages: [String: String] = {
    var words: [String: String] = [:]
    for word in ["mask", "seg", "dseg", "probseg", "roi", "rois", "label", "labels"] {
      words[word] = maskReason
    }
    for word in ["r2star", "r2starmap", "t2star", "t2starmap", "r2map", "t2map", "r2s", "t2s"] {
      words[word] = "a relaxation map"
    }
    for word in ["b0map", "b0", "fieldmap", "phasediff"] { words[word] = "a field map" }
    words["pdffsd"] = "a map of PDFF's standard deviation"
    words["quality"] = "a quality map"
    return words
  }()

  /// Why masks and labels are set aside.
  static let maskReason = "a mask or label image"

  /// BIDS suffixes that name images which can belong to a Dixon scan.
  static let dixonSuffixes: Set<String> = ["megre", "gre", "t2starw"]

  /// The meaning of an ImageType, upper case. What the scanner derived (water, fat, ...) is said
  /// beside M, P, R or I and is more particular, so it is looked for first; several parts at once
  /// decide nothing.
  package static func meaning(ofImageType written: [String]) -> Meaning? {
    let tokens = rejoined(written)
    for token in tokens {
      if let other = otherTypes[token] { return .setAside(other) }
    }
    let derived = Set(tokens.compactMap { derivedTypes[$0] })
    if let role = derived.first { return derived.count == 1 ? .role(role) : nil }
    let parts = Set(tokens.compactMap { partTypes[$0] })
    return parts.count == 1 ? parts.first.map { .role($0) } : nil
  }

  /// dcm2niix splits words at their underscores: `FAT_FRACTION` becomes `FAT`, `FRACTION`, which must
  /// not be read as fat, nor `IN_PHASE` as phase.
  private static func rejoined(_ tokens: [String]) -> [String] {
    var found: [String] = []
    var place = 0
    while place < tokens.count {
      let longest = (1...min(3, tokens.count - place)).last { count in
        let word = tokens[place..<place + count].joined(separator: "_")
        return count == 1 || derivedTypes[word] != nil || otherTypes[word] != nil
      }
      let count = longest ?? 1
      found.append(tokens[place..<place + count].joined(separator: "_"))
      place += count
    }
    return found
  }

  private static let partTypes: [String: FileRole] = [
    "M": .magnitude, "M_FFE": .magnitude, "MAGNITUDE": .magnitude, "MAG": .magnitude,
    "P": .phase, "PHASE": .phase, "PHASE MAP": .phase, "PHASE_MAP": .phase, "P_FFE": .phase,
    "R": .real, "REAL": .real, "R_FFE": .real,
    "I": .imaginary, "IMAGINARY": .imaginary, "I_FFE": .imaginary,
  ]

  private static let derivedTypes: [String: FileRole] = [
    "W": .water, "WATER": .water, "F": .fat, "FAT": .fat,
    "IP": .inPhase, "IN_PHASE": .inPhase, "INPHASE": .inPhase, "IN PHASE": .inPhase,
    "OP": .opposedPhase, "OPP_PHASE": .opposedPhase, "OUT_PHASE": .opposedPhase,
    "OUT_OF_PHASE": .opposedPhase, "OPPOSED_PHASE": .opposedPhase, "OUTPHASE": .opposedPhase,
    "OUT PHASE": .opposedPhase,
    "FF": .pdff, "FAT_FRACTION": .pdff, "FATFRACTION": .pdff, "FAT_FRAC": .pdff, "PDFF": .pdff,
    "FAT FRACTION": .pdff,
  ]

  private static let otherTypes: [String: String] = [
    "R2_STAR": "a relaxation map", "R2STAR": "a relaxation map", "T2_STAR": "a relaxation map",
    "T2STAR": "a relaxation map", "R2_STAR_MAP": "a relaxation map",
    "T2_STAR_MAP": "a relaxation map", "B0": "a field map", "FIELD_MAP": "a field map",
    "PROJECTION IMAGE": "a projection", "MPR": "a reformatted image", "LOCALIZER": "a localizer",
  ]
}
