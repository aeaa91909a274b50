import Faults
import Volumes

extension ScanPlan {
  /// What was concluded without reading voxels.
  static func evidence(
    _ series: Series, _ assembly: Assembly, _ echoes: EchoTable?, _ field: FieldEvidence
  ) -> [Evidence] {
    var found: [Evidence] = []
    for role in FileRole.allCases {
      let images = assembly.images.filter { $0.role == role }
      guard !images.isEmpty else { continue }
      let frames = images.reduce(0) { $0 + $1.header.frames }
      let sources = Set(images.map(\.roleSource)).sorted().joined(separator: "; ")
      let count = "\(frames) in \(images.count) file\(images.count == 1 ? "" : "s")"
      found.append(Evidence(about: role.rawValue, finding: count, source: sources))
    }
    if case .twoPoint(let inPhase, _) = assembly, inPhase.role == .magnitude {
      found.append(
        Evidence(
          about: "in-phase and opposed-phase", finding: "in-phase is \(inPhase.baseName)",
          source: "echo times and field strength"))
    }
    if let joined = series.joined { found.append(joined) }
    if let echoes, !echoes.times.isEmpty {
      found.append(
        Evidence(
          about: "echo times",
          finding: echoes.times.map(milliseconds).joined(separator: ", ") + " ms",
          source: echoes.source))
    }
    found += field.evidence
    let imported = Set(assembly.images.compactMap { $0.sidecar?.valuesImportedAs }).sorted()
    if !imported.isEmpty {
      found.append(
        Evidence(
          about: "values", finding: imported.joined(separator: "; "),
          source: "pdff import, compared with the DICOM files"))
    }
    let makers = Set(assembly.images.compactMap { $0.sidecar?.manufacturer }).sorted()
    if !makers.isEmpty {
      found.append(
        Evidence(
          about: "manufacturer", finding: makers.joined(separator: ", "),
          source: "sidecar key Manufacturer"))
    }
    return found
  }

  /// What cannot be checked where an export lacks a key.
  private static let checksLost: [(key: String, words: String)] = [
    (
      "AcquisitionDate",
      "no date: whether the scanner's calibration held on the day and the order of scan and tissue "
        + "cannot be checked (--acquired-on says it)"
    ),
    (
      "Manufacturer",
      "no manufacturer: units of phase and scales rest on the values alone, and the scanner cannot be "
        + "told from others"
    ),
    ("FlipAngle", "no flip angle: the bias by T1 is not known, nor in the uncertainty"),
    ("RepetitionTime", "no repetition time: the bias by T1 is not known, nor in the uncertainty"),
    ("MagneticFieldStrength", "no field strength (--field-strength-t says it)"),
  ]

  static func notices(
    _ series: Series, _ assembly: Assembly, _ request: ScanRequest
  ) -> [Notice] {
    var notices: [Notice] = []
    let derived: Set<FileRole> = [.water, .fat, .inPhase, .opposedPhase, .pdff]
    let beside = series.images.filter { derived.contains($0.role) }
    if assembly.hasEchoes, !beside.isEmpty {
      let names = beside.map(\.baseName).sorted().joined(separator: ", ")
      notices.append(Notice(ScansNotice.derivedImagesNotUsed, names))
    }
    var lacking = Set(assembly.images.flatMap { $0.sidecar?.exportLacks ?? [] })
    // What the user says is known again.
    if request.acquiredOn != nil { lacking.remove("AcquisitionDate") }
    if request.fieldStrength != nil { lacking.remove("MagneticFieldStrength") }
    let lost = ScanPlan.checksLost.filter { lacking.contains($0.key) }.map(\.words)
    if !lost.isEmpty {
      notices.append(Notice(ScansNotice.exportAnonymised, lost.joined(separator: "; ")))
    }
    guard let first = assembly.images.first else { return notices }
    if first.header.orientation.source == .pixdim {
      notices.append(Notice(ScansNotice.withoutOrientation, first.baseName))
    }
    if first.header.disagreeing != nil {
      let used = first.header.orientation.source.rawValue
      notices.append(Notice(ScansNotice.orientationsDiffer, "the \(used) was used"))
    }
    return notices
  }
}

/// What the sidecars of a scan say beside echo times and field.
struct ScanDetails {
  var acquiredOn: String?
  var datesShifted = false
  var notices: [Notice] = []

  init(_ images: [ImageFile], request: ScanRequest) {
    datesShifted = images.contains { $0.sidecar?.datesShifted == true }
    if let said = request.acquiredOn {
      acquiredOn = said
      return
    }
    guard let written = images.lazy.compactMap({ $0.sidecar?.acquisitionDate }).first else {
      return
    }
    acquiredOn = CalendarDate.iso(written)
    if acquiredOn == nil { notices.append(Notice(ScansNotice.acquisitionDateUnreadable)) }
    // BIDS: dates shifted for privacy lie before 1925.
    if let acquiredOn, acquiredOn < "1925" { datesShifted = true }
  }
}

/// Calendar dates as text.
public enum CalendarDate {
  private static let daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// `2026-11-20` or DICOM's `20261120` as `2026-11-20`; nil where it is no day of the calendar.
  public static func iso(_ text: String) -> String? {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
    guard digits.count == 8, text.utf8.count == 8 || isDashed(text),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    let values = digits.map { Int($0 - UInt8(ascii: "0")) }
    let number = { (range: Range<Int>) in values[range].reduce(0) { $0 * 10 + $1 } }
    let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
    guard year > 0, (1...12).contains(month) else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = daysOfMonth[month - 1] + (month == 2 && isLeap ? 1 : 0)
    guard (1...days).contains(day) else { return nil }
    let figures = digits.map { Character(UnicodeScalar($0)) }
    return String(figures[0..<4]) + "-" + String(figures[4..<6]) + "-" + String(figures[6..<8])
  }

  private static func isDashed(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 10 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
  }
}
