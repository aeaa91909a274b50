import Statistics

/// Adverse events of one group: everybody at the worst grade of each term, and over all terms.
public struct AdverseEventsByLabel: Sendable, Equatable {
  public struct Term: Sendable, Equatable {
    public let name: String
    /// Participants whose worst grade of this term was 1...5.
    public let byGrade: [Int]
  }

  public let participants: Int
  /// Participants whose worst grade of any term was 1...5.
  public let worst: [Int]
  /// The same of events related to TACE.
  public let worstRelated: [Int]
  /// Grade 3 or more, of all members.
  public let severe: Figure<Proportion>
  public let severeRelated: Figure<Proportion>
  /// By name.
  public let terms: [Term]

  public init(_ members: [CohortParticipant], _ events: [AdverseEvent]) {
    let inside = Set(members.map(\.identifier))
    let own = events.filter { inside.contains($0.participant) }
    participants = members.count
    worst = Self.byGrade(own)
    worstRelated = Self.byGrade(own.filter { $0.relatedToTACE == true })
    severe = .share(worst[2...].reduce(0, +), of: members.count, "the group is empty")
    severeRelated = .share(worstRelated[2...].reduce(0, +), of: members.count, "the group is empty")
    terms = Dictionary(grouping: own, by: \.term).sorted { $0.key < $1.key }.map {
      Term(name: $0.key, byGrade: Self.byGrade($0.value))
    }
  }

  private static func byGrade(_ events: [AdverseEvent]) -> [Int] {
    var worst: [String: Int] = [:]
    for event in events {
      worst[event.participant] = max(worst[event.participant] ?? 0, event.grade)
    }
    return (1...5).map { grade in worst.values.count { $0 == grade } }
  }
}
