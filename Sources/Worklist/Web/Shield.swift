import Documents
import Faults
import Foundation
import HTTPTypes
import Hummingbird

/// What stands before every page: it lets in only what our own pages send, sets the headers by which
/// the browser keeps others out, and turns what goes wrong into a page.
struct Shield: RouterMiddleware {
  let site: Site

  func handle(
    _ request: Request, context: WorklistContext,
    next: (Request, WorklistContext) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      try check(request)
      response = try await next(request, context)
    } catch {
      response = site.refusal(error, request, context)
    }
    for field in Self.headers where response.headers[field.name] == nil {
      response.headers[field.name] = field.value
    }
    return response
  }

  /// Scripts, styles and pictures come from this server alone, no other page may show ours in a frame,
  /// and no page is kept by the browser after it was closed.
  private static let headers: [HTTPField] = [
    HTTPField(
      name: .contentSecurityPolicy,
      value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"),
    HTTPField(name: .xContentTypeOptions, value: "nosniff"),
    HTTPField(name: name("X-Frame-Options"), value: "DENY"),
    HTTPField(name: name("Referrer-Policy"), value: "no-referrer"),
    HTTPField(name: name("Cross-Origin-Opener-Policy"), value: "same-origin"),
    HTTPField(name: name("Cross-Origin-Resource-Policy"), value: "same-origin"),
    HTTPField(name: name("Permissions-Policy"), value: "camera=(), microphone=(), geolocation=()"),
    HTTPField(name: .cacheControl, value: "no-store"),
  ]

  private static func name(_ text: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(text) else { preconditionFailure("a header's name") }
    return name
  }

  /// Throws 421 for a name that is not this server's (a page elsewhere can point its own name at this
  /// address), 403 for a change that another site's page sends.
  private func check(_ request: Request) throws {
    guard let authority = request.head.authority, site.address.accepts(authority) else {
      throw HTTPError(.misdirectedRequest)
    }
    guard request.method != .get, request.method != .head else { return }
    // Pages that send no referrer have the origin 'null' even for themselves; what tells is then the
    // browser's own word of where the request comes from.
    if let from = request.headers[Self.name("Sec-Fetch-Site")] {
      guard from == "same-origin" || from == "none" else { throw HTTPError(.forbidden) }
    } else if let origin = request.headers[.origin] {
      guard origin == "http://\(authority)" || origin == "https://\(authority)" else {
        throw HTTPError(.forbidden)
      }
    }
  }
}

/// Where the server listens.
struct SiteAddress: Sendable {
  let host: String
  let port: Int
  /// Names this registry's cookies: a browser does not tell ports apart, and would mix up two studies.
  let mark: String

  /// The names that this machine has for itself.
  private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]", "::1"]

  var isLoopback: Bool { Self.loopback.contains(host) }

  var sessionCookie: String { "pdff-session-\(mark)" }
  var visitCookie: String { "pdff-visit-\(mark)" }

  /// Whether a request for this name is for us. On loopback only loopback's names are: a page elsewhere
  /// could give its own name this address. Whoever listens elsewhere chooses names himself.
  func accepts(_ authority: String) -> Bool {
    guard isLoopback else { return true }
    var name = authority[...]
    if let colon = name.lastIndex(of: ":"),
      name[name.index(after: colon)...].allSatisfy(\.isNumber),
      !name.hasSuffix("]")
    {
      name = name[..<colon]
    }
    return Self.loopback.contains(name.lowercased())
  }
}
