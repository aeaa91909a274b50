import Calibration
import Documents

/// A provisional call from MRI, as it was sealed.
public struct SealedCall: Sendable, Hashable {
  public enum Standing: String, Sendable, CaseIterable {
    case standing
    /// A later call of the same lesion has taken its place.
    case superseded
    case voided
  }

  /// The registry's entry; unique within a study.
  public let entry: Int
  public let lesion: String
  /// Subtypes that can't be excluded, ascending; all three where the call was blocked.
  public let set: [Subtype]
  public let scannedOn: CalendarDay
  /// The day of the seal in the study's time zone.
  public let sealedOn: CalendarDay
  public var standing: Standing

  public init(
    entry: Int, lesion: String, set: [Subtype], scannedOn: CalendarDay, sealedOn: CalendarDay,
    standing: Standing = .standing
  ) {
    self.entry = entry
    self.lesion = lesion
    self.set = set
    self.scannedOn = scannedOn
    self.sealedOn = sealedOn
    self.standing = standing
  }

  /// The subtype where the set has exactly one; nil is `indeterminate`.
  public var subtype: Subtype? { self.set.count == 1 ? self.set[0] : nil }
  public var arm: Arm { Arm(set) }
}

/// What the pathologist said of one lesion.
public struct TissueResult: Sendable, Hashable {
  public enum Finding: String, Sendable, CaseIterable {
    case f1 = "F1"
    case f2 = "F2"
    case f3 = "F3"
    case failed

    public var subtype: Subtype? { Subtype(rawValue: rawValue) }
  }

  public let entry: Int
  public let lesion: String
  public let finding: Finding
  public let biopsyOn: CalendarDay
  public let reportedOn: CalendarDay

  public init(
    entry: Int, lesion: String, finding: Finding, biopsyOn: CalendarDay, reportedOn: CalendarDay
  ) {
    self.entry = entry
    self.lesion = lesion
    self.finding = finding
    self.biopsyOn = biopsyOn
    self.reportedOn = reportedOn
  }
}
