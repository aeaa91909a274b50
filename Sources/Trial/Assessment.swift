import Calibration
import Documents

/// Where a participant stands on one day, what that means for treatment, and what to do next.
public struct Assessment: Sendable, Hashable {
  public enum State: String, Sendable, CaseIterable {
    case noCall = "no-call"
    case awaitingTissue = "awaiting-tissue"
    /// Call and tissue name the same subtype.
    case concordant
    /// They differ within F1 and F2, or the call decided the arm alone: the treatment is the same.
    case sameArm = "same-arm"
    /// Their arms differ.
    case discordant
    case tissueFailed = "tissue-failed"
    /// There is a call and tissue, and they can't be compared: see `notEvidence`.
    case notEvidence = "not-evidence"
    case closed
  }

  /// What the difference between the provisional arm, or its absence, and the tissue's arm has done.
  public enum Consequence: String, Sendable, CaseIterable {
    case none
    case harmless
    case confirmPause = "confirm-pause"
    case recoverable
    case irreversible
    case lateTACE = "late-tace"
  }

  /// Why a call is not evidence for or against MRI.
  public enum NotEvidence: String, Sendable, CaseIterable {
    /// Tissue was reported on the seal's day or before.
    case sealedTooLate = "sealed-too-late"
    case otherLesion = "other-lesion"
    /// The set decides neither subtype nor arm.
    case indeterminate
    case scanAfterTACE = "scan-after-tace"
    case scanAfterStart = "scan-after-start"
    case scanAfterBiopsy = "scan-after-biopsy"
  }

  public let participant: String
  /// The day for which it holds.
  public let on: CalendarDay
  public let state: State
  /// The state but for closing: what calls and tissue say of each other, for agreement.
  public let reconciliation: State
  /// Empty unless `reconciliation` is `notEvidence`.
  public let notEvidence: [NotEvidence]
  public let consequence: Consequence
  /// The arm of the call that stands; `undetermined` without one.
  public let provisionalArm: Arm
  /// The tissue's arm; nil where no tissue has answered.
  public let tissueArm: Arm?
  /// D0, if systemic treatment has begun.
  public let systemicStart: CalendarDay?
  public let closedOn: CalendarDay?
  /// The last day on which tissue's answer, whatever it is, can't have done harm; nil where tissue has
  /// answered, and where no clock runs yet.
  public let tissueDeadline: CalendarDay?
  public let action: NextAction
  /// The entries that were compared.
  public let callEntry: Int?
  public let tissueEntry: Int?

  /// The order in which a coordinator must act: the smaller first.
  public var urgency: Urgency { Urgency(self) }
}
