import Documents

/// The order in which a coordinator must act: those first for whom the last day has come, among them those
/// whose harm can still be undone; then by date; then those without a date, those with nothing to do, the
/// closed. Equal ones follow the participants' names.
public struct Urgency: Sendable, Hashable, Comparable {
  public enum Group: Int, Sendable, CaseIterable, Comparable {
    case now
    case dated
    case undated
    case nothing
    case closed

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  public let group: Group
  /// 0 is the gravest.
  public let gravity: Int
  public let by: CalendarDay?
  public let participant: String

  init(_ assessment: Assessment) {
    let by = assessment.action.by
    self.by = by
    participant = assessment.participant
    group =
      switch assessment.action.kind {
      case _ where assessment.state == .closed: .closed
      case .none, .followUp: .nothing
      default: by.map { $0 <= assessment.on ? .now : .dated } ?? .undated
      }
    gravity = group == .now ? Self.gravity(assessment.consequence) : 0
  }

  /// What can still be undone comes before what can't.
  private static func gravity(_ consequence: Assessment.Consequence) -> Int {
    switch consequence {
    case .recoverable: 0
    case .confirmPause: 1
    case .irreversible: 2
    case .lateTACE: 3
    case .harmless: 4
    case .none: 5
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    let never = Int.max
    return (left.group.rawValue, left.gravity, left.by?.number ?? never, left.participant)
      < (right.group.rawValue, right.gravity, right.by?.number ?? never, right.participant)
  }
}
