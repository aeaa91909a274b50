import Documents
import GRDB

/// An entry of the log as a role may see it.
public struct HistoryLine: Sendable, Hashable {
  public let entry: Int
  public let at: String
  public let user: String
  public let role: String
  public let action: String
  public let participant: String?
  /// nil where there was nothing, and where the content is withheld.
  public let before: JSONValue?
  public let after: JSONValue?
  public let reason: String?
  /// Whether the role may know that there is this entry, but not what it says.
  public let isWithheld: Bool

  public var document: JSONValue {
    [
      "entry": .integer(entry), "at": .string(at), "user": .string(user), "role": .string(role),
      "action": .string(action), "participant": .text(participant), "before": before ?? .null,
      "after": after ?? .null, "reason": .text(reason), "withheld": .bool(isWithheld),
    ]
  }
}

extension Session {
  /// The log, as far as the role may know it, in the order in which it was written.
  ///
  /// - Parameters:
  ///   - participant: only entries that concern it. Throws `participant-missing`.
  ///   - after: only entries with a higher number.
  ///   - limit: as many entries of the log are looked at; nil for all.
  public func history(participant: String? = nil, after: Int = 0, limit: Int? = nil) throws
    -> [HistoryLine]
  {
    try look(.history, participant: participant) { space in
      if let participant { _ = try StoredParticipant.require(space.db, participant) }
      let rows = try Row.fetchCursor(
        space.db,
        sql: """
          SELECT \(AuditLog.columns) FROM entry WHERE number > ?
            \(participant == nil ? "" : "AND participant = ?") ORDER BY number LIMIT ?
          """,
        arguments: [after] + (participant.map { [$0] } ?? []) + [limit ?? -1])
      var lines: [HistoryLine] = []
      while let row = try rows.next() {
        guard let entry = AuditLog.entry(row) else {
          throw RegistryError(.damaged, "an entry cannot be read")
        }
        if let line = try space.line(entry) { lines.append(line) }
      }
      return lines
    }
  }
}

extension Workspace {
  private enum View {
    case whole
    /// Everything but the numbers that were measured.
    case withoutFatFractions
    /// That it was, not what it says.
    case withheld
    case hidden
  }

  fileprivate func line(_ entry: Entry) throws -> HistoryLine? {
    let before = try entry.before.map { try JSONValue(parsing: $0.utf8) }
    let after = try entry.after.map { try JSONValue(parsing: $0.utf8) }
    let view = try view(entry, after)
    guard view != .hidden else { return nil }
    func shown(_ value: JSONValue?) -> JSONValue? {
      switch view {
      case .whole: value?.withoutCredential
      case .withoutFatFractions: value?.withoutFatFractions
      case .withheld, .hidden: nil
      }
    }
    return HistoryLine(
      entry: entry.number, at: entry.at, user: entry.user, role: entry.role, action: entry.action,
      participant: entry.participant, before: shown(before), after: shown(after),
      reason: view == .withheld ? nil : entry.reason, isWithheld: view == .withheld)
  }

  private func view(_ entry: Entry, _ after: JSONValue?) throws -> View {
    guard let action = Entry.Action(rawValue: entry.action) else { return .hidden }
    switch action {
    case .initialise, .configure, .unblind, .migrate, .enrol: return .whole
    case .addUser, .renewUser, .disableUser:
      return account.role == .admin || account.role == .auditor ? .whole : .hidden
    case .refusal:
      // Its code tells of what is recorded.
      return sight.showsReconciliation || account.role == .admin ? .whole : .hidden
    case .export: return account.role == .radiologist || account.role == .reader ? .hidden : .whole
    case .call: return view(of: .call)
    case .tissue: return view(of: .tissue)
    case .treat: return view(of: .treatment)
    case .follow: return view(of: .followUp)
    case .amend, .void:
      let changed = after?.integer("entry") ?? 0
      return try StoredRecord.fetch(db, entry: changed).map { view(of: $0.kind) } ?? .whole
    }
  }

  private func view(of kind: RecordKind) -> View {
    let needed: Sight =
      switch kind {
      case .call: .calls
      case .tissue: .tissue
      case .treatment, .followUp: .treatment
      }
    if sight.contains(needed) {
      return kind == .call && !sight.contains(.fatFractions) ? .withoutFatFractions : .whole
    }
    // Who sees no side may know what was done, but not treatment, which tells the arm.
    return sight.isEmpty && needed != .treatment ? .withheld : .hidden
  }
}

extension JSONValue {
  fileprivate var withoutCredential: JSONValue {
    guard case .object(var members) = self else { return self }
    members["credential"] = nil
    return .object(members)
  }

  fileprivate var withoutFatFractions: JSONValue {
    guard case .object(var members) = self else { return self }
    if let measured = members["measured"] {
      members["measured"] = [
        "reasons": .array(measured.reasons(withParticulars: false).map { .string($0) })
      ]
    }
    if let content = members["content"] { members["content"] = content.withoutFatFractions }
    return .object(members)
  }
}
