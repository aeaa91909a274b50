import Calibration
import Documents
import Foundation

/// What a study has fixed: every number of the trial's rules, and what its registry accepts.
///
/// All windows are in calendar days with both ends included. Day 0 (D0) is the calendar date of the first
/// systemic dose.
public struct StudySettings: Sendable, Hashable {
  public var study: String
  /// An IANA name, `Europe/Zurich`, or `UTC`: seals become calendar days by it.
  public var timeZone: String
  /// The words under which people know the two arms; `undetermined` has none.
  public var armNames: [Arm: String]
  /// Days after D0 on which a TACE lies inside the protocol: 14...28.
  public var taceWindowDays: ClosedRange<Int>
  /// Days for which apatinib rests before a TACE, and again after it: 3...5.
  public var pauseDays: ClosedRange<Int>
  /// Days from the decision for TACE to the start of the pause, at sites that are not in `leadTimeDays`.
  public var defaultLeadTimeDays: Int
  public var leadTimeDays: [String: Int]
  /// Whether the window binds every session, or the first alone.
  public var windowBindsEverySession: Bool
  /// Treatments of one tumour: 2.
  public var sessionsPerTumour: Int
  /// Days on which TACE is done: 4.
  public var sessionsInAll: Int
  /// Whether a scan must not be later than the biopsy.
  public var scanBeforeBiopsy: Bool
  /// The regular expression that a participant's pseudonym matches from its first to its last character.
  public var pseudonymPattern: String
  /// SHA-256 of the subtype models whose calls are accepted, lower-case hexadecimal.
  public var approvedModels: Set<String>
  /// Whether the participants are invented: only then are demonstration models accepted, and only they.
  public var isSimulated: Bool

  /// The trial's public record, with no lead time and no model.
  public init(study: String) {
    self.study = study
    timeZone = "UTC"
    armNames = [
      .systemic: "camrelizumab + apatinib", .systemicAndTACE: "camrelizumab + apatinib + TACE",
    ]
    taceWindowDays = 14...28
    pauseDays = 3...5
    defaultLeadTimeDays = 0
    leadTimeDays = [:]
    windowBindsEverySession = false
    sessionsPerTumour = 2
    sessionsInAll = 4
    scanBeforeBiopsy = false
    pseudonymPattern = "(?=.*[0-9])[A-Z0-9-]{2,16}"
    approvedModels = []
    isSimulated = false
  }

  /// L: days that the site needs from the decision for TACE to the start of the pause.
  public func leadTimeDays(site: String) -> Int { leadTimeDays[site] ?? defaultLeadTimeDays }

  /// Whether the model may be used for a sealed call.
  public func approves(_ model: SubtypeModelReference) -> Bool {
    approvedModels.contains(model.sha256)
      && (model.status == .demonstration) == isSimulated
  }

  /// Whether a pseudonym follows the study's pattern from its first to its last character.
  public func accepts(pseudonym: String) -> Bool {
    guard let pattern = try? Regex(pseudonymPattern) else { return false }
    return (try? pattern.wholeMatch(in: pseudonym)) != nil
  }

  /// The calendar day on which a moment falls in the study's time zone.
  public func day(of moment: Date) -> CalendarDay {
    let zone = TimeZone(identifier: timeZone) ?? .gmt
    let local = moment.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: moment))
    return CalendarDay(number: Int((local / 86_400).rounded(.down)))
  }
}
