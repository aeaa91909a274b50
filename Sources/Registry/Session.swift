import Documents
import Faults
import Foundation
import GRDB
import Trial

/// What one user does with a registry. Each method checks the user's role and the study's rules, and logs,
/// in one transaction; what it refuses is logged as well. Roles are looked up each time, so that a user
/// who was disabled meanwhile gets no further.
///
/// A session holds no connection and no lock; it may be kept, and used from any thread.
public struct Session: Sendable {
  let registry: Registry
  public let user: String
  /// The role at the time of the login.
  public let role: Role

  /// Runs a change: `body` within one immediate transaction, after the role was checked.
  func change<T>(
    _ act: Act, participant: String? = nil, _ body: (Workspace) throws -> T
  ) throws -> T {
    do {
      return try registry.store.write { db in
        let space = try Workspace(db, self)
        try space.require(act)
        return try body(space)
      }
    } catch let fault as any UserFacingError {
      logRefusal(fault, act, participant)
      throw placed(fault)
    }
  }

  /// Runs a reading.
  ///
  /// - Parameter everybody: whether it reads all participants: it keeps others of its kind waiting, nobody else.
  func look<T>(
    _ act: Act, participant: String? = nil, everybody: Bool = false,
    _ body: (Workspace) throws -> T
  ) throws -> T {
    do {
      return try registry.store.read(everybody: everybody) { db in
        let space = try Workspace(db, self)
        try space.require(act)
        return try body(space)
      }
    } catch let fault as any UserFacingError {
      if fault.exit == .notPermitted { logRefusal(fault, act, participant) }
      throw placed(fault)
    }
  }

  /// Faults of the file name it; those of what was asked for don't.
  private func placed(_ fault: any UserFacingError) -> any Error {
    guard let fault = fault as? RegistryError else { return fault }
    switch fault.code {
    case .damaged, .clockBehind, .cannotWrite, .readOnly, .busy:
      return fault.placed(in: registry.path)
    default: return fault
    }
  }

  /// A refusal is an entry: who wanted to do what, by which code it was refused; of the participant the
  /// pseudonym where it is enrolled, and nothing of what was given, which may be anything.
  private func logRefusal(_ fault: any UserFacingError, _ act: Act, _ participant: String?) {
    let isOurs: Bool
    switch fault.exit {
    case .data, .notPermitted, .usage: isOurs = fault.codeName != RegistryFault.damaged.rawValue
    default: isOurs = false
    }
    guard isOurs else { return }
    _ = try? registry.store.write { db in
      var known: String?
      if let participant, try StoredParticipant.fetch(db, participant) != nil {
        known = participant
      }
      var after: [String: JSONValue] = [
        "verb": .string(act.rawValue), "code": .string(fault.codeName),
      ]
      if let rules = (fault as? RuleRefusal)?.rules {
        after["rules"] = .array(rules.map { .string($0.rawValue) })
      }
      _ = try AuditLog(db: db).append(
        Entry.Draft(
          user: user, role: role.rawValue, action: .refusal, participant: known,
          after: .object(after)),
        at: registry.clock.now())
    }
  }
}

/// A transaction of a session: the database, who acts, the study as it is, and the time.
struct Workspace {
  let db: Database
  let account: Account
  let study: Study
  let now: Moment
  /// The calendar day in the study's time zone.
  let today: CalendarDay

  /// Throws `login-refused` where the user is disabled by now.
  init(_ db: Database, _ session: Session) throws {
    self.db = db
    guard let account = try Account.fetch(db, session.user), account.isActive,
      account.role == session.role
    else { throw RegistryError(.loginRefused) }
    self.account = account
    study = try Study.require(db)
    now = session.registry.clock.now()
    today = study.settings.day(of: now.date)
  }

  var settings: StudySettings { study.settings }
  var sight: Sight { account.role.sight(unblinded: study.unblinded) }

  func may(_ act: Act) -> Bool { account.role.may(act, unblinded: study.unblinded) }

  func require(_ act: Act) throws {
    guard may(act) else {
      throw RegistryError(.notPermitted, "as \(account.role.rawValue) you may not \(act.words)")
    }
  }

  /// Appends an entry and brings the other tables up to date.
  @discardableResult
  func append(
    _ action: Entry.Action, participant: String? = nil, before: JSONValue? = nil,
    after: JSONValue? = nil, reason: String? = nil
  ) throws -> Entry {
    let entry = try AuditLog(db: db).append(
      Entry.Draft(
        user: account.name, role: account.role.rawValue, action: action, participant: participant,
        before: before, after: after, reason: reason),
      at: now)
    switch try Replay(db: db).apply(entry) {
    case .nobody: break
    case .one(let id): try Phase.refresh(db, id, settings)
    case .everybody: try Phase.refreshAll(db, Study.require(db).settings)
    }
    return entry
  }

  /// An event's date, unless it lies after today; in a simulated study any.
  func past(_ day: CalendarDay, _ name: String) throws {
    guard day <= today || settings.isSimulated else {
      throw RegistryError(.dateInFuture, "\(name) \(day)")
    }
  }
}

/// Texts that people give.
enum GivenText {
  /// One line of 1 to `longest` characters without spaces at its ends. Throws `registry-text-invalid`.
  static func line(_ text: String, _ name: String, longest: Int = 500) throws -> String {
    let line = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let isPlain = line.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
      default: true
      }
    }
    guard !line.isEmpty, line.count <= longest, line.utf8.count <= 4 * longest, isPlain else {
      throw RegistryError(.textInvalid, "\(name): 1 to \(longest) characters on one line")
    }
    return line
  }

  static func optional(_ text: String?, _ name: String, longest: Int = 500) throws -> String? {
    try text.map { try line($0, name, longest: longest) }
  }

  /// Throws `reason-missing` where there is none.
  static func reason(_ text: String?) throws -> String {
    guard let text, !text.allSatisfy(\.isWhitespace) else { throw RegistryError(.reasonMissing) }
    return try line(text, "the reason")
  }
}
