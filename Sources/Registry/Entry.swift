import Documents

/// One entry of the log: who did what, when, and the hash of the entry before.
public struct Entry: Sendable, Hashable {
  /// What an entry is about; raw values stand in the log.
  public enum Action: String, Sendable, CaseIterable {
    case initialise = "init"
    case configure
    case addUser = "user-add"
    case renewUser = "user-renew"
    case disableUser = "user-disable"
    case enrol
    case call
    case tissue
    case treat
    case follow
    case amend
    case void
    case unblind
    case refusal
    case export
    case migrate
  }

  /// 1, 2, 3, ... without a gap.
  public let number: Int
  /// `2026-11-20T14:03:12.345Z`, by the system's clock.
  public let at: String
  public let user: String
  /// The user's role at that time; `unknown` where nobody logged in.
  public let role: String
  public let action: String
  /// The pseudonym of whom it concerns.
  public let participant: String?
  /// Canonical JSON of what was there before.
  public let before: String?
  /// Canonical JSON of what is there now.
  public let after: String?
  public let reason: String?
  /// Hash of the entry before; 64 zeros for the first.
  public let previous: String
  /// SHA-256 over `canonical`.
  public let hash: String

  static let noPrevious = String(repeating: "0", count: 64)

  /// What is hashed: RFC 8785 canonical JSON of all fields but the hash, `before` and `after` as JSON values.
  ///
  /// The two stand in the log in canonical form, so they are put in as they are: that one byte more or
  /// less changes the hash.
  static func canonical(
    number: Int, at: String, user: String, role: String, action: String, participant: String?,
    before: String?, after: String?, reason: String?, previous: String
  ) -> String {
    func quoted(_ text: String?) -> String {
      text.map { JSONValue.string($0).canonical() } ?? "null"
    }
    return "{\"action\":\(quoted(action)),\"after\":\(after ?? "null"),\"at\":\(quoted(at))"
      + ",\"before\":\(before ?? "null"),\"number\":\(number)"
      + ",\"participant\":\(quoted(participant)),\"previous\":\(quoted(previous))"
      + ",\"reason\":\(quoted(reason)),\"role\":\(quoted(role)),\"user\":\(quoted(user))}"
  }

  init(
    number: Int, at: String, draft: Draft, previous: String
  ) {
    self.number = number
    self.at = at
    user = draft.user
    role = draft.role
    action = draft.action.rawValue
    participant = draft.participant
    before = draft.before?.canonical()
    after = draft.after?.canonical()
    reason = draft.reason
    self.previous = previous
    hash = sha256Hex(
      Self.canonical(
        number: number, at: at, user: user, role: role, action: action, participant: participant,
        before: before, after: after, reason: reason, previous: previous
      ).utf8)
  }

  /// An entry as it stands in the file, whether it holds or not.
  init(
    number: Int, at: String, user: String, role: String, action: String, participant: String?,
    before: String?, after: String?, reason: String?, previous: String, hash: String
  ) {
    self.number = number
    self.at = at
    self.user = user
    self.role = role
    self.action = action
    self.participant = participant
    self.before = before
    self.after = after
    self.reason = reason
    self.previous = previous
    self.hash = hash
  }

  /// Whether the hash is that of the content.
  var hashHolds: Bool {
    hash
      == sha256Hex(
        Self.canonical(
          number: number, at: at, user: user, role: role, action: action, participant: participant,
          before: before, after: after, reason: reason, previous: previous
        ).utf8)
  }

  /// What becomes an entry.
  struct Draft {
    var user: String
    var role: String
    var action: Action
    var participant: String?
    var before: JSONValue?
    var after: JSONValue?
    var reason: String?
  }
}

/// The end of the log at a time, to be kept elsewhere.
public struct Head: Sendable, Hashable {
  public let number: Int
  public let at: String
  public let hash: String

  public var document: JSONValue {
    ["entry": .number(Double(number)), "at": .string(at), "head": .string(hash)]
  }
}
