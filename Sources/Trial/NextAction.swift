import Documents

/// What a coordinator does next for one participant, and when.
public struct NextAction: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case sealCall = "seal-call"
    case awaitTissue = "await-tissue"
    /// The day by which tissue should have answered has passed.
    case decideWithoutTissue = "decide-without-tissue"
    case rebiopsy = "rebiopsy-or-fallback"
    case reviewCalls = "review-calls"
    case reviewTissue = "review-tissue"
    case startSystemic = "start-systemic"
    case confirmPause = "confirm-pause"
    case cancelTACE = "cancel-tace"
    case cancelAndRestart = "cancel-tace-and-restart"
    case planTACE = "plan-tace"
    case decideLateTACE = "decide-late-tace"
    case pauseApatinib = "pause-apatinib"
    case performTACE = "perform-tace"
    /// The day of a planned TACE has passed, and nothing says what became of it.
    case confirmTACE = "confirm-tace"
    case restartApatinib = "restart-apatinib"
    case followUp = "follow-up"
    case none

    /// The action as a sentence.
    public var words: String {
      switch self {
      case .sealCall: "measure the tumour and seal a call"
      case .awaitTissue: "wait for tissue"
      case .decideWithoutTissue: "tissue has not answered in time: the investigators decide"
      case .rebiopsy: "biopsy again, or take the protocol's fallback"
      case .reviewCalls: "the lesions' calls differ in arm: wait for tissue, and let people decide"
      case .reviewTissue: "tissue results differ in arm: the investigators decide"
      case .startSystemic: "start systemic treatment"
      case .confirmPause: "was apatinib paused? record the pause, or that there was none"
      case .cancelTACE: "cancel the planned TACE"
      case .cancelAndRestart: "cancel TACE and restart apatinib"
      case .planTACE: "plan TACE"
      case .decideLateTACE: "TACE can hardly be done in its window: the investigators decide"
      case .pauseApatinib: "pause apatinib before TACE"
      case .performTACE: "do the planned TACE, or record it"
      case .confirmTACE:
        "the day of the planned TACE has passed: record it, or cancel the plan"
      case .restartApatinib: "restart apatinib after TACE"
      case .followUp: "follow up by the protocol"
      case .none: "nothing to do"
      }
    }
  }

  public let kind: Kind
  /// The first day on which it can be done; nil where there is none.
  public let from: CalendarDay?
  /// The last day on which it is in time; nil where it has no date.
  public let by: CalendarDay?

  public init(_ kind: Kind, from: CalendarDay? = nil, by: CalendarDay? = nil) {
    self.kind = kind
    self.from = from
    self.by = by
  }
}
