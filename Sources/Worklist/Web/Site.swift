import Documents
import Faults
import Foundation
import Hummingbird
import Pages
import Registry

/// Everything that the pages stand on.
struct Site: Sendable {
  let registry: Registry
  let passwords: Passwords
  let sessions: Sessions
  let address: SiteAddress
  /// Where maps for the viewer are; nil where none were given.
  let maps: MapLibrary?
  /// The day as of which everything is read; nil for today.
  let on: CalendarDay?
  let gate = LoginGate()
  let tokenGate = LoginGate()
  var now: @Sendable () -> Date = { Date() }

  /// All addresses: who asks where.
  func router() -> Router<WorklistContext> {
    let router = Router(context: WorklistContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: Shield(site: self))
    router.get("healthz") { _, _ in health() }
    addAssets(router)
    addLogin(router)
    let inside = router.group().add(middleware: SignedIn(site: self))
    addWorklist(inside)
    addParticipant(inside)
    addForms(inside)
    addStudy(inside)
    addViewer(inside)
    addPrograms(router)
    return router
  }

  /// Whether the registry can be read; nothing about what is in it.
  private func health() -> Response {
    let works = (try? registry.isSimulated()) != nil
    return Response.json(
      ["status": works ? "ok" : "registry unreadable", "version": .string(Software.version)],
      works ? .ok : .serviceUnavailable)
  }

  /// Reads a form of ours that a visitor has sent. Throws 403 where it does not carry our token.
  func form(_ request: Request, _ visit: Visit) async throws -> Form {
    let form = try await Form(request)
    guard FormToken.holds(form.fields["token"], visit.visitor.cookie) else { throw OldForm() }
    return form
  }
}

/// A form that was not made for this session.
struct OldForm: Error {}
