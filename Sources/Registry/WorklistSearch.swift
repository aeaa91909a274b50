import GRDB
import Trial

/// A query of the worklist in SQL, by the shortest way: on any day each participant is in one phase, so that phases
/// are looked at only where state, consequence or urgency is asked for.
struct WorklistSearch {
  private typealias Condition = (sql: String, arguments: StatementArguments)

  private let query: WorklistQuery
  private let seesAll: Bool
  private let order: String
  private let usesPhases: Bool
  /// On the table `participant`.
  private var ofParticipant: [Condition] = []
  /// On the table `phase`.
  private var ofPhase: [Condition] = []
  private let day: Int

  init(_ query: WorklistQuery, day: Int, sight: Sight) {
    self.query = query
    self.day = day
    // Who does not see all sides gets an order and filters that do not tell of the others.
    seesAll = sight.showsReconciliation
    let columns = Self.order(query.order, seesAll, sight)
    order = columns.map { $0 + (query.descending ? " DESC" : "") }.joined(separator: ", ")
    usesPhases =
      seesAll
      && (query.order == .urgency || !query.states.isEmpty || !query.consequences.isEmpty)
    if !query.search.isEmpty {
      let escaped = query.search.replacing("\\", with: "\\\\").replacing("%", with: "\\%")
        .replacing("_", with: "\\_")
      ofParticipant.append(("participant.id LIKE ? ESCAPE '\\'", ["%\(escaped)%"]))
    }
    if let site = query.site { ofParticipant.append(("participant.site = ?", [site])) }
    if !query.states.isEmpty {
      let state = seesAll ? "phase.state" : Self.progress(sight)
      let condition = Self.isAmong(state, query.states)
      if seesAll { ofPhase.append(condition) } else { ofParticipant.append(condition) }
    }
    if !query.consequences.isEmpty {
      if seesAll {
        ofPhase.append(Self.isAmong("phase.consequence", query.consequences.map(\.rawValue)))
      } else {
        ofParticipant.append(("FALSE", []))
      }
    }
  }

  /// How many match.
  func count(_ db: Database) throws -> Int {
    let (sql, arguments) = select("COUNT(*)", from: ofPhase.isEmpty ? .participants : .phasesFirst)
    return try Int.fetchOne(db, sql: sql, arguments: arguments) ?? 0
  }

  /// The participants of the page.
  ///
  /// - Parameter count: how many match. The few are sorted; of many, the first are soon found in order.
  func page(_ db: Database, of count: Int) throws -> [String] {
    let source: Source =
      !usesPhases
      ? .participants
      : query.order == .urgency && (ofParticipant.isEmpty || count > Self.few)
        ? .phasesFirst : .participantsFirst
    let (sql, arguments) = select("participant.id", from: source)
    return try String.fetchAll(
      db, sql: "\(sql) ORDER BY \(order) LIMIT ? OFFSET ?",
      arguments: arguments + [query.limit, query.offset])
  }

  private static let few = 5000

  private enum Source {
    case participants
    /// In the order of urgency, as the index `phase_in_order` gives them.
    case phasesFirst
    case participantsFirst
  }

  private func select(_ what: String, from source: Source) -> (String, StatementArguments) {
    let today: Condition = ("phase.from_day <= ? AND phase.to_day >= ?", [day, day])
    var conditions = source == .participants ? [] : [today] + ofPhase
    conditions += ofParticipant
    // CROSS JOIN keeps the order in which tables are looked at; a table that nobody asks for is left out.
    let table =
      switch source {
      case .participants: "participant"
      case .phasesFirst where ofParticipant.isEmpty: "phase"
      case .phasesFirst: "phase CROSS JOIN participant ON participant.id = phase.participant"
      case .participantsFirst: "participant CROSS JOIN phase ON phase.participant = participant.id"
      }
    let filter =
      conditions.isEmpty ? "" : " WHERE " + conditions.map(\.sql).joined(separator: " AND ")
    let column = table == "phase" && what == "participant.id" ? "phase.participant" : what
    return (
      "SELECT \(column) FROM \(table)\(filter)",
      conditions.reduce(into: StatementArguments()) { $0 += $1.arguments }
    )
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

  private static func isAmong(_ column: String, _ values: [String]) -> Condition {
    let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
    return ("\(column) IN (\(marks))", StatementArguments(values))
  }
}
