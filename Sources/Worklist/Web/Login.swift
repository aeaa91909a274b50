import Dispatch
import Faults
import Foundation
import Hummingbird
import Pages

extension Site {
  func addLogin(_ router: Router<WorklistContext>) {
    router.get("login") { request, _ in
      loginPage(request, then: try request.query["then"] ?? "/")
    }
    router.post("login") { request, _ in try await signIn(request) }
    router.group().add(middleware: SignedIn(site: self)).post("logout") { request, context in
      guard let visitor = context.visitor else { throw HTTPError(.unauthorized) }
      let form = try await Form(request)
      guard FormToken.holds(form.fields["token"], visitor.cookie) else { throw OldForm() }
      sessions.end(visitor.cookie)
      var response = Response.seeOther("/login")
      response.setCookie(cookie(address.sessionCookie, "", maxAge: 0))
      return response
    }
  }

  /// The page where one signs in. Its form's token hangs on a cookie of its own, since there is no
  /// session yet.
  private func loginPage(
    _ request: Request, then: String, user: String = "", problem: String? = nil,
    _ status: HTTPResponse.Status = .ok
  ) -> Response {
    let known = request.cookies[address.visitCookie]?.value
    let visit = known.flatMap { $0.utf8.count == randomTokenLength ? $0 : nil } ?? randomToken()
    let page = frame(title: "Sign in", visit: nil) {
      element("h1") { "Sign in" }
      if let problem { alert(problem) }
      element("form", ["method": "post", "action": "/login", "class": "panel narrow"]) {
        hidden("token", FormToken.make(visit))
        hidden("then", then)
        input("user", "User", value: user, ["autocomplete": "username", "required": ""])
        input(
          "password", "Password", type: "password",
          ["autocomplete": "current-password", "required": ""])
        element("p") { element("button", ["type": "submit"]) { "Sign in" } }
      }
      if passwords.isEmpty {
        note(.neutral) {
          element("p") {
            "Nobody has a password yet. The one who keeps the registry sets one for each user: "
            element("code") { "pdff serve --registry FILE --set-password USER" }
          }
        }
      }
    }
    var response = Response.page(page, status)
    if visit != known { response.setCookie(cookie(address.visitCookie, visit)) }
    return response
  }

  private func signIn(_ request: Request) async throws -> Response {
    let form = try await Form(request)
    guard let visit = request.cookies[address.visitCookie]?.value,
      FormToken.holds(form.fields["token"], visit)
    else { throw OldForm() }
    let user = form["user"]
    let then = form["then"]
    if let seconds = await gate.admit(user, at: now()) {
      var response = loginPage(
        request, then: then, user: user,
        problem: "Too many tries. Wait \(waitingTime(seconds)), then try again.", .tooManyRequests)
      response.headers[.retryAfter] = "\(seconds)"
      return response
    }
    let isRight = try await holds(form.fields["password", default: ""], for: user)
    if !isRight { registry.logRefusedLogin(user: user) }
    // One who was disabled is refused here, which the registry logs by itself.
    guard isRight, (try? registry.session(trusted: user)) != nil else {
      // One sentence for all cases: it does not tell which names exist.
      return loginPage(
        request, then: then, user: user,
        problem: "The name or the password is wrong, or the user may no longer sign in.",
        .unauthorized)
    }
    await gate.succeeded(user)
    if let old = request.cookies[address.sessionCookie] { sessions.end(old.value) }
    var response = Response.seeOther(Self.isOurs(then) ? then : "/")
    response.setCookie(cookie(address.sessionCookie, try sessions.open(for: user, at: now())))
    return response
  }

  /// scrypt takes a while on purpose: it has a queue of its own, one after the other, so that pages
  /// are not kept waiting by it.
  private func holds(_ password: String, for user: String) async throws -> Bool {
    try await withCheckedThrowingContinuation { continuation in
      Self.queue.async {
        continuation.resume(with: Result { try passwords.holds(password, for: user) })
      }
    }
  }

  private static let queue = DispatchQueue(label: "pdff.passwords")

  private func cookie(_ name: String, _ value: String, maxAge: Int? = nil) -> Cookie {
    Cookie(name: name, value: value, maxAge: maxAge, path: "/", httpOnly: true, sameSite: .strict)
  }

  /// Whether an address is a path of this server, and not another server's in disguise.
  static func isOurs(_ path: String) -> Bool {
    path.hasPrefix("/") && !path.hasPrefix("//") && !path.contains("\\")
      && path.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
  }

  private func waitingTime(_ seconds: Int) -> String {
    seconds <= 90 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
  }
}
