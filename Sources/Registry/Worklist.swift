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
      let search = WorklistSearch(query, day: day, sight: space.sight)
      let ids = try String.fetchAll(
        space.db, sql: search.page, arguments: search.arguments + [query.limit, query.offset])
      let count = try Int.fetchOne(
        space.db, sql: search.count, arguments: search.isCountedWhole ? [] : search.arguments)
      return WorklistPage(
        on: day, rows: try ids.map { try space.status(of: $0, on: day) }, count: count ?? 0,
        isSimulated: space.settings.isSimulated)
    }
  }

  /// Sites of enrolled participants, by name.
  public func sites() throws -> [String] {
    try look(.status) {
      try String.fetchAll($0.db, sql: "SELECT DISTINCT site FROM participant ORDER BY site")
    }
  }
}

/// The query in SQL.
private struct WorklistSearch {
  var page = ""
  var count = ""
  /// Whether `count` takes no arguments.
  var isCountedWhole = false
  var arguments: StatementArguments = []

  init(_ query: WorklistQuery, day: CalendarDay, sight: Sight) {
    // Who does not see all sides gets an order and filters that do not tell of the others.
    let seesAll = sight.showsReconciliation
    let (id, state) =
      seesAll ? ("phase.participant", "phase.state") : ("participant.id", Self.progress(sight))
    var conditions: [String] = []
    if seesAll {
      conditions.append("phase.from_day <= ? AND phase.to_day >= ?")
      arguments += [day.number, day.number]
    }
    if !query.search.isEmpty {
      let escaped = query.search.replacing("\\", with: "\\\\").replacing("%", with: "\\%")
        .replacing("_", with: "\\_")
      conditions.append("\(id) LIKE ? ESCAPE '\\'")
      arguments += ["%\(escaped)%"]
    }
    if let site = query.site {
      conditions.append("participant.site = ?")
      arguments += [site]
    }
    if !query.states.isEmpty {
      conditions.append("\(state) IN (\(Self.marks(query.states.count)))")
      arguments += StatementArguments(query.states)
    }
    if !query.consequences.isEmpty {
      conditions.append(
        seesAll ? "phase.consequence IN (\(Self.marks(query.consequences.count)))" : "FALSE")
      if seesAll { arguments += StatementArguments(query.consequences.map(\.rawValue)) }
    }
    let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    let way = query.descending ? " DESC" : ""
    let order = Self.order(query.order, seesAll, sight).map { $0 + way }.joined(separator: ", ")
    // The index gives the order: the phases come first, and the participants only where they are asked for.
    let joined = "phase CROSS JOIN participant ON participant.id = phase.participant"
    func table(_ words: String) -> String {
      seesAll ? (words.contains("participant.") ? joined : "phase") : "participant"
    }
    page =
      "SELECT \(id) FROM \(table(filter + order))\(filter) ORDER BY \(order) LIMIT ? OFFSET ?"
    // On any day each participant is in one phase.
    let isWhole = query.search.isEmpty && query.site == nil && query.states.isEmpty
    isCountedWhole = isWhole && query.consequences.isEmpty
    count =
      isCountedWhole
      ? "SELECT COUNT(*) FROM participant" : "SELECT COUNT(*) FROM \(table(filter))\(filter)"
  }

  private static func order(_ order: WorklistQuery.Order, _ seesAll: Bool, _ sight: Sight)
    -> [String]
  {
    switch order {
    case .participant: ["participant.id"]
    case .site: ["participant.site", "participant.id"]
    case .enrolled: ["participant.enrolled_on", "participant.id"]
    case .urgency:
      seesAll
        ? ["phase.urgency_group", "phase.gravity", "phase.by_day", "phase.participant"]
        : sight.contains(.calls)
          ? ["participant.called", "participant.id"]
          : sight.contains(.tissue)
            ? ["participant.tissue <> 'none'", "participant.id"] : ["participant.id"]
    }
  }

  /// `Workspace.progress` in SQL.
  private static func progress(_ sight: Sight) -> String {
    if sight.contains(.calls) { return "iif(participant.called, 'called', 'no-call')" }
    if sight.contains(.tissue) {
      return "iif(participant.tissue = 'none', 'no-tissue', 'tissue-' || participant.tissue)"
    }
    return """
      CASE participant.tissue WHEN 'reported' THEN 'answered' WHEN 'failed' THEN 'tissue-failed'
        ELSE iif(participant.called, 'awaiting-tissue', 'no-call') END
      """
  }

  private static func marks(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
  }
}
