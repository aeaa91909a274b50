import Documents
import GRDB
import Trial

/// Which participants, in which order.
public struct WorklistQuery: Sendable, Hashable {
  public enum Order: String, Sendable, CaseIterable {
    /// As a coordinator must act. For who does not see all sides: those first who still lack what the
    /// role sees.
    case urgency
    case participant
    case site
    case enrolled
  }

  /// The day of reading; today in the study's time zone where it is nil.
  public var on: CalendarDay?
  /// Part of a pseudonym, in any case.
  public var search: String
  public var site: String?
  /// States as the role sees them; empty for all.
  public var states: [String]
  /// Empty for all; only for who sees all sides.
  public var consequences: [Assessment.Consequence]
  public var order: Order
  public var descending: Bool
  public var offset: Int
  /// At most 1,000.
  public var limit: Int

  public init(
    on: CalendarDay? = nil, search: String = "", site: String? = nil, states: [String] = [],
    consequences: [Assessment.Consequence] = [], order: Order = .urgency, descending: Bool = false,
    offset: Int = 0, limit: Int = 50
  ) {
    self.on = on
    self.search = search
    self.site = site
    self.states = states
    self.consequences = consequences
    self.order = order
    self.descending = descending
    self.offset = max(0, offset)
    self.limit = min(max(1, limit), 1000)
  }
}

public struct WorklistPage: Sendable, Hashable {
  public let on: CalendarDay
  public let rows: [ParticipantStatus]
  /// How many match in all.
  public let count: Int
  public let isSimulated: Bool

  public init(on: CalendarDay, rows: [ParticipantStatus], count: Int, isSimulated: Bool) {
    self.on = on
    self.rows = rows
    self.count = count
    self.isSimulated = isSimulated
  }

  public var document: JSONValue {
    [
      "on": .day(on), "count": .integer(count), "simulated": .bool(isSimulated),
      "participants": .array(rows.map(\.document)),
    ]
  }
}

extension Session {
  /// Where one participant stands. Throws `participant-missing`.
  ///
  /// - Parameter day: the day of reading; today in the study's time zone where it is nil.
  public func status(participant: String, on day: CalendarDay? = nil) throws -> ParticipantStatus {
    try look(.status, participant: participant) { space in
      try space.status(of: participant, on: day ?? space.today)
    }
  }

  /// A page of participants.
  public func worklist(_ query: WorklistQuery = WorklistQuery()) throws -> WorklistPage {
    try look(.status) { space in
      let day = query.on ?? space.today
      let search = WorklistSearch(query, day: day.number, sight: space.sight)
      let count = try search.count(space.db)
      let ids = try search.page(space.db, of: count)
      return WorklistPage(
        on: day, rows: try ids.map { try space.status(of: $0, on: day) }, count: count,
        isSimulated: space.settings.isSimulated)
    }
  }

  /// Sites of enrolled participants, by name.
  public func sites() throws -> [String] {
    try look(.status) { try registry.sites.read($0.db) }
  }
}
