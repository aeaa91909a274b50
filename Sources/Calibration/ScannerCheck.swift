import Documents
import Faults

/// Whether a scan's values can be corrected, and if not, why.
public enum ScannerCheck: Sendable, Equatable {
  case calibrated(LedgerEntry)
  /// With the words that a reason and a warning go on with, and the warning; none where no ledger
  /// was asked for.
  case uncalibrated(why: String, Notice?)

  /// No ledger was given.
  public static let withoutLedger = ScannerCheck.uncalibrated(
    why: "no ledger was given (--ledger, --scanner, --protocol)", nil)

  /// Asks a ledger about the day of a scan.
  /// - Parameter day: nil where it is not known, or was shifted for privacy.
  public init(_ ledger: Ledger, scanner: String, protocol: String, day: CalendarDay?) {
    guard let day else {
      let notice = Notice(LedgerNotice.dateUnknown)
      self = .uncalibrated(why: notice.message, notice)
      return
    }
    let finding = ledger.find(scanner: scanner, protocol: `protocol`, on: day)
    let words = ledger.words(finding, scanner, `protocol`, day)
    switch finding {
    case .valid(let entry): self = .calibrated(entry)
    case .expired: self = .uncalibrated(why: words, Notice(LedgerNotice.expired, words))
    case .notYet, .missing:
      self = .uncalibrated(why: words, Notice(LedgerNotice.uncalibrated, words))
    }
  }

  public var entry: LedgerEntry? {
    if case .calibrated(let entry) = self { return entry }
    return nil
  }

  public var notice: Notice? {
    if case .uncalibrated(_, let notice) = self { return notice }
    return nil
  }
}
