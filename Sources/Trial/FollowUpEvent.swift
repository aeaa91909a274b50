import Documents

/// What became of a participant.
public struct FollowUpEvent: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    case response
    case progression
    case death
    case withdrawal
    /// To resection or transplantation.
    case conversion
    case adverseEvent = "adverse-event"
  }

  public enum Detail: Sendable, Hashable {
    /// By RECIST 1.1, by mRECIST, or by both; at least one.
    case response(recist: Response?, mrecist: Response?)
    case progression(criterion: ResponseCriterion)
    case death
    case withdrawal
    case conversion
    case adverseEvent(AdverseEvent)

    public var kind: Kind {
      switch self {
      case .response: .response
      case .progression: .progression
      case .death: .death
      case .withdrawal: .withdrawal
      case .conversion: .conversion
      case .adverseEvent: .adverseEvent
      }
    }
  }

  public let entry: Int
  public let date: CalendarDay
  public let detail: Detail

  public init(entry: Int, date: CalendarDay, detail: Detail) {
    self.entry = entry
    self.date = date
    self.detail = detail
  }

  public var kind: Kind { detail.kind }
}

/// RECIST 1.1 (Eisenhauer 2009, 10.1016/j.ejca.2008.10.026) or mRECIST for HCC (Lencioni and Llovet 2010,
/// 10.1055/s-0030-1247132).
public enum ResponseCriterion: String, Sendable, CaseIterable {
  case recist
  case mrecist
}

/// What one criterion said at one imaging.
public struct Response: Sendable, Hashable {
  public enum Category: String, Sendable, CaseIterable {
    case complete = "CR"
    case partial = "PR"
    case stable = "SD"
    case progressive = "PD"
    case notEvaluable = "NE"

    /// Whether it is an objective response.
    public var isObjective: Bool { self == .complete || self == .partial }
  }

  public let category: Category
  /// Whether this imaging confirms a response that was seen at least four weeks before.
  public let isConfirmed: Bool

  public init(_ category: Category, isConfirmed: Bool = false) {
    self.category = category
    self.isConfirmed = isConfirmed
  }
}

/// By the Common Terminology Criteria for Adverse Events.
public struct AdverseEvent: Sendable, Hashable {
  public let term: String
  /// 1 to 5; 5 is death.
  public let grade: Int

  public init(term: String, grade: Int) {
    self.term = term
    self.grade = grade
  }
}
