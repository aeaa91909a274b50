import Calibration
import Documents
import Foundation

extension StudySettings {
  /// The keys of `study.json`.
  public enum Key: String, Sendable, CaseIterable {
    case study
    case timeZone = "time_zone"
    case arms
    case taceWindowDays = "tace_window_days"
    case pauseDays = "pause_days"
    case leadTimeDays = "lead_time_days"
    case windowBindsEverySession = "window_binds_every_session"
    case sessionsPerTumour = "sessions_per_tumour"
    case sessionsInAll = "sessions_in_all"
    case scanBeforeBiopsy = "scan_before_biopsy"
    case pseudonymPattern = "pseudonym_pattern"
    case approvedModels = "approved_models"
    case simulated
  }

  /// `study.json` with every key, as `init(_:study:)` reads it.
  public var document: JSONValue {
    var leads: [String: JSONValue] = ["default": .number(Double(defaultLeadTimeDays))]
    for (site, days) in leadTimeDays { leads[site] = .number(Double(days)) }
    let arms = armNames.map { ($0.rawValue, JSONValue.string($1)) }
    func ends(_ range: ClosedRange<Int>) -> JSONValue {
      .array([.number(Double(range.lowerBound)), .number(Double(range.upperBound))])
    }
    let values: [Key: JSONValue] = [
      .study: .string(study), .timeZone: .string(timeZone),
      .arms: .object(Dictionary(uniqueKeysWithValues: arms)),
      .taceWindowDays: ends(taceWindowDays), .pauseDays: ends(pauseDays),
      .leadTimeDays: .object(leads), .windowBindsEverySession: .bool(windowBindsEverySession),
      .sessionsPerTumour: .number(Double(sessionsPerTumour)),
      .sessionsInAll: .number(Double(sessionsInAll)), .scanBeforeBiopsy: .bool(scanBeforeBiopsy),
      .pseudonymPattern: .string(pseudonymPattern),
      .approvedModels: .array(approvedModels.sorted().map { .string($0) }),
      .simulated: .bool(isSimulated),
    ]
    return .object(Dictionary(uniqueKeysWithValues: values.map { ($0.rawValue, $1) }))
  }

  /// Reads `study.json`; a key that is missing keeps the trial's own value.
  ///
  /// - Parameter study: the study's name, where the document need not say it; both must agree.
  /// - Throws: `TrialError` (`study-settings-invalid`) that lists everything that is wrong.
  public init(_ document: JSONValue, study: String? = nil) throws(TrialError) {
    var reader = SettingsReader(document)
    reader.refuseUnknownKeys()
    self.init(study: reader.study(given: study))
    reader.read(.timeZone, "a time zone such as Europe/Zurich, or UTC") { value in
      guard let name = value.text, Self.isTimeZone(name) else { return false }
      timeZone = name
      return true
    }
    reader.read(.arms, "{\"systemic\": name, \"systemic+TACE\": name} with two different names") {
      value in
      guard let names = value.arms else { return false }
      armNames = names
      return true
    }
    reader.days(.taceWindowDays, into: &taceWindowDays)
    reader.days(.pauseDays, into: &pauseDays)
    reader.leadTimes(into: &leadTimeDays, default: &defaultLeadTimeDays)
    reader.flag(.windowBindsEverySession, into: &windowBindsEverySession)
    reader.count(.sessionsPerTumour, into: &sessionsPerTumour)
    reader.count(.sessionsInAll, into: &sessionsInAll)
    reader.flag(.scanBeforeBiopsy, into: &scanBeforeBiopsy)
    reader.read(.pseudonymPattern, "a regular expression") { value in
      guard let text = value.text, (try? Regex(text)) != nil else { return false }
      pseudonymPattern = text
      return true
    }
    reader.read(.approvedModels, "a list of SHA-256, 64 lower-case hexadecimal digits each") {
      value in
      guard let hashes = value.hashes else { return false }
      approvedModels = hashes
      return true
    }
    reader.flag(.simulated, into: &isSimulated)
    if pauseDays.upperBound > taceWindowDays.upperBound {
      reader.faults.append("pause_days must not be longer than tace_window_days")
    }
    if sessionsPerTumour > sessionsInAll {
      reader.faults.append("sessions_per_tumour must not exceed sessions_in_all")
    }
    guard reader.faults.isEmpty else {
      throw TrialError(.settingsInvalid, reader.faults.joined(separator: "; "))
    }
  }

  private static func isTimeZone(_ name: String) -> Bool {
    name == "UTC"
      || (name.contains("/") && TimeZone(identifier: name)?.identifier.isEmpty == false)
  }
}

/// Reads settings one by one and keeps what is wrong with each.
private struct SettingsReader {
  let members: [String: JSONValue]
  var faults: [String] = []

  init(_ document: JSONValue) {
    if case .object(let members) = document {
      self.members = members
    } else {
      members = [:]
      faults.append("the settings are not a JSON object")
    }
  }

  mutating func refuseUnknownKeys() {
    for key in members.keys.sorted() where StudySettings.Key(rawValue: key) == nil {
      faults.append("'\(key)' is no setting")
    }
  }

  mutating func study(given: String?) -> String {
    var study = given
    read(.study, "the study's name as it was given") { value in
      guard let text = value.text, given == nil || text == given else { return false }
      study = text
      return true
    }
    let name = study ?? ""
    let isClean =
      name.allSatisfy { !$0.isNewline } && name.trimmingCharacters(in: .whitespaces) == name
    if name.isEmpty || name.count > 100 || !isClean {
      faults.append("study must be a name of 1 to 100 characters")
    }
    return name
  }

  mutating func read(
    _ key: StudySettings.Key, _ wanted: String, _ take: (JSONValue) -> Bool
  ) {
    guard let value = members[key.rawValue] else { return }
    if !take(value) { faults.append("\(key.rawValue) must be \(wanted)") }
  }

  mutating func flag(_ key: StudySettings.Key, into flag: inout Bool) {
    read(key, "true or false") { value in
      guard case .bool(let given) = value else { return false }
      flag = given
      return true
    }
  }

  mutating func count(_ key: StudySettings.Key, into count: inout Int) {
    read(key, "a whole number from 1 to 20") { value in
      guard let given = value.whole, (1...20).contains(given) else { return false }
      count = given
      return true
    }
  }

  mutating func days(_ key: StudySettings.Key, into days: inout ClosedRange<Int>) {
    read(key, "two whole numbers of days, the smaller first, from 1 to 365") { value in
      guard case .array(let ends) = value, ends.count == 2, let first = ends[0].whole,
        let last = ends[1].whole, 1 <= first, first <= last, last <= 365
      else { return false }
      days = first...last
      return true
    }
  }

  mutating func leadTimes(into sites: inout [String: Int], default lead: inout Int) {
    read(.leadTimeDays, "{site: days, \"default\": days} with whole numbers of days from 0 to 60") {
      value in
      guard case .object(let given) = value else { return false }
      var found: [String: Int] = [:]
      for (site, days) in given {
        guard let days = days.whole, (0...60).contains(days), !site.isEmpty else { return false }
        found[site] = days
      }
      lead = found.removeValue(forKey: "default") ?? lead
      sites = found
      return true
    }
  }
}

extension JSONValue {
  fileprivate var text: String? {
    if case .string(let text) = self, !text.isEmpty { text } else { nil }
  }

  fileprivate var whole: Int? {
    if case .number(let number) = self { Int(exactly: number) } else { nil }
  }

  fileprivate var arms: [Arm: String]? {
    guard case .object(let members) = self, members.count == 2,
      let systemic = members[Arm.systemic.rawValue]?.text,
      let withTACE = members[Arm.systemicAndTACE.rawValue]?.text, systemic != withTACE
    else { return nil }
    return [.systemic: systemic, .systemicAndTACE: withTACE]
  }

  fileprivate var hashes: Set<String>? {
    guard case .array(let list) = self else { return nil }
    var hashes: Set<String> = []
    for element in list {
      guard let hash = element.text, hash.utf8.count == 64,
        hash.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
      else { return nil }
      hashes.insert(hash)
    }
    return hashes
  }
}
