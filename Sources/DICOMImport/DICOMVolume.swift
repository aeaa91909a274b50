import Documents
import Scans

/// One volume as the scanner exported it: the frames of one series that hold the same thing.
struct DICOMVolume: Sendable {
  let series: SeriesRecord
  let role: FileRole
  /// From what the role is known.
  let roleSource: String
  let echoTimeMS: Double?
  var frames: [DICOMFrame]

  /// Tells the volumes of one scan apart.
  var place: String { "\(role.rawValue) \(microseconds)" }

  /// -1 where there is no echo time.
  var microseconds: Int { ((echoTimeMS ?? -0.001) * 1000).rounded().whole }

  /// "series 5, phase image"
  var words: String {
    "series \(series.number.map(String.init) ?? "without number"), \(role.rawValue) image"
  }

  /// Position, size and direction of the volume; slices at the same place count once.
  var geometry: VolumePlace { VolumePlace(frames) }
}

/// What a series says of itself.
public struct SeriesRecord: Hashable, Sendable {
  let uid: String
  let studyUID: String
  let day: CalendarDay?
  public let number: Int?
  /// Free text, without any word that names the patient or the hospital.
  public let description: String
  let protocolName: String
  /// Seconds since midnight of the first image; nil where the export does not say.
  let acquiredAt: Double?
}

/// What a frame holds, from DICOM's own words.
enum FrameMeaning {
  /// The role of a frame, or why it is none, with the evidence.
  static func of(
    _ frame: DICOMFrame, description: String
  ) -> (meaning: RoleWords.Meaning, source: String)? {
    let byType = RoleWords.meaning(ofImageType: frame.imageType)
    let byText = meaning(ofDescription: description)
    switch byType {
    case .setAside?: return byType.map { ($0, "ImageType") }
    case .role(let role)? where !parts.contains(role): return (.role(role), "ImageType")
    default: break
    }
    // What the scanner derived, GE says in the series' description only.
    if case .role(let role)? = byText, parts.contains(role) {
    } else if let byText {
      return (byText, "series description")
    }
    let component = frame.component.flatMap { RoleWords.meaning(ofImageType: [$0]) }
    if let component { return (component, "complex image component") }
    if let byType { return (byType, "ImageType") }
    return nil
  }

  private static let parts: Set<FileRole> = [.magnitude, .phase, .real, .imaginary, .complex]

  /// `t1_vibe_dixon_W`, `FatFrac: IDEAL IQ`: the last part, or the word before a colon.
  private static func meaning(ofDescription text: String) -> RoleWords.Meaning? {
    let plain = text.lowercased().replacing("*", with: "star")
    if let colon = plain.firstIndex(of: ":") {
      let word = plain[..<colon].filter { $0.isLetter || $0.isNumber }
      if let found = RoleWords.meaning(ofNamePart: String(word)) { return found }
    }
    let parts = plain.split { !$0.isLetter && !$0.isNumber }
    guard let last = parts.last else { return nil }
    // A lone letter speaks only behind other words, as scanners append it.
    guard last.count > 1 || parts.count > 1 else { return nil }
    return RoleWords.meaning(ofNamePart: String(last))
  }
}
