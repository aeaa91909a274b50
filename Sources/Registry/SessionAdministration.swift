import Documents
import Foundation
import GRDB
import Trial

/// Users, settings, unblinding.
extension Session {
  /// Adds a user. Throws `registry-name-invalid`, `user-exists`.
  ///
  /// - Returns: the token, which is kept nowhere.
  public func addUser(name: String, role: Role) throws -> Token {
    try change(.manageUsers) { space in
      guard Account.accepts(name: name) else { throw RegistryError(.nameInvalid) }
      guard try Account.fetch(space.db, name) == nil else { throw RegistryError(.userExists) }
      return try issue(.addUser, name, role, before: nil, space)
    }
  }

  /// Gives a user a new token; the old one opens nothing any more. Throws `user-missing`.
  public func renewUser(name: String) throws -> Token {
    try change(.manageUsers) { space in
      let account = try activeUser(name, space)
      return try issue(.renewUser, name, account.role, before: account, space)
    }
  }

  /// Ends a user's access; its entries stay. Throws `user-missing`, `last-administrator`.
  @discardableResult
  public func disableUser(name: String) throws -> Recorded {
    try change(.manageUsers) { space in
      let account = try activeUser(name, space)
      if account.role == .admin {
        let active = try Account.fetchAll(space.db).filter { $0.isActive && $0.role == .admin }
        guard active.count > 1 else { throw RegistryError(.lastAdministrator) }
      }
      return Recorded(
        try space.append(
          .disableUser, before: account.content(isActive: true),
          after: account.content(isActive: false)))
    }
  }

  /// All users, by name. For administrators and auditors.
  public func users() throws -> [Account] {
    try look(.history) { space in
      guard [.admin, .auditor].contains(space.account.role) else {
        throw RegistryError(.notPermitted, "as \(role.rawValue) you may not see the users")
      }
      return try Account.fetchAll(space.db)
    }
  }

  private func activeUser(_ name: String, _ space: Workspace) throws -> Account {
    guard let account = try Account.fetch(space.db, name), account.isActive else {
      throw RegistryError(.userMissing)
    }
    return account
  }

  /// The file of credentials is written within the transaction, so by one at a time, and before its end: a
  /// hash that no entry knows opens nothing.
  private func issue(
    _ action: Entry.Action, _ name: String, _ role: Role, before: Account?, _ space: Workspace
  ) throws -> Token {
    let token = Token.random()
    try space.append(
      action, before: before?.content(isActive: true),
      after: Account.document(name, role, isActive: true, token))
    // Until this transaction ends, the old token must still be there.
    let known =
      try Account.fetchAll(space.db).map(\.credential) + [before?.credential].compactMap { $0 }
    try registry.credentials.add(name, token, knownToLog: Set(known))
    return token
  }

  /// The study's settings.
  public func settings() throws -> StudySettings {
    try look(.status) { $0.settings }
  }

  /// Today in the study's time zone.
  public func today() throws -> CalendarDay {
    try look(.status) { $0.today }
  }

  /// Whether the study is unblinded.
  public func isUnblinded() throws -> Bool {
    try look(.status) { $0.study.unblinded }
  }

  /// Changes the study's settings: keys that are given, all others stay as they are. A study's name, and
  /// whether it is simulated, are for ever.
  ///
  /// Throws `nothing-changed`, `study-settings-invalid`, `reason-missing`.
  ///
  /// - Parameter changes: `study.json`, or a part of it.
  @discardableResult
  public func configure(_ changes: JSONValue, reason: String?) throws -> Recorded {
    try change(.configure) { space in
      let reason = try GivenText.reason(reason)
      let old = space.settings
      guard case .object(let given) = changes, case .object(var members) = old.document else {
        throw TrialError(.settingsInvalid, "the settings are not a JSON object")
      }
      members.merge(given) { $1 }
      let settings = try StudySettings(.object(members), study: old.study)
      guard old != settings else { throw RegistryError(.nothingChanged) }
      guard old.isSimulated == settings.isSimulated else {
        throw TrialError(.settingsInvalid, "whether a study is simulated is for ever")
      }
      return Recorded(
        try space.append(
          .configure, before: ["settings": old.document], after: ["settings": settings.document],
          reason: reason))
    }
  }

  /// Unblinds the study: from now on researchers see everything. It can't be taken back.
  @discardableResult
  public func unblind(reason: String?) throws -> Recorded {
    try change(.unblind) { space in
      let reason = try GivenText.reason(reason)
      guard !space.study.unblinded else { throw RegistryError(.alreadyUnblinded) }
      return Recorded(
        try space.append(
          .unblind, before: ["unblinded": false], after: ["unblinded": true], reason: reason))
    }
  }
}

extension Account {
  fileprivate func content(isActive: Bool) -> JSONValue {
    Self.document(name, role, isActive: isActive, credential: credential)
  }
}
