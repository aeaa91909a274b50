import Hummingbird
import Registry
import Trial

/// One request of somebody who is signed in: the session in the registry, and what every page needs to know
/// of the study.
struct Visit: Sendable {
  let visitor: Visitor
  let session: Session
  let settings: StudySettings
  private let isUnblinded: Bool

  /// Throws `login-refused` where the user was disabled meanwhile.
  init(_ visitor: Visitor, _ registry: Registry) throws {
    self.visitor = visitor
    session = try registry.session(trusted: visitor.user)
    settings = try session.settings()
    isUnblinded = try session.isUnblinded()
  }

  /// Whether the role has a right. It decides what is offered; the registry checks it again.
  func may(_ act: Act) -> Bool { session.role.may(act, unblinded: isUnblinded) }

  /// Throws `serve-not-permitted` where the role has not the right: before a form is shown in vain.
  func require(_ act: Act) throws {
    guard may(act) else { throw WorklistError(.notPermitted, "as \(session.role.rawValue)") }
  }

  var sight: Sight { session.role.sight(unblinded: isUnblinded) }

  /// What the visitor's forms carry.
  var token: String { FormToken.make(visitor.cookie) }
}

extension Site {
  /// Who asks. Only behind `SignedIn` or `Known`. The session of one who was disabled meanwhile ends here.
  func arrival(_ context: WorklistContext) throws -> Visit {
    guard let visitor = context.visitor else { throw HTTPError(.unauthorized) }
    do {
      return try Visit(visitor, registry)
    } catch let error as RegistryError where error.code == .loginRefused {
      sessions.end(visitor.cookie)
      throw error
    }
  }
}
