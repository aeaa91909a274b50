import Hummingbird

/// Lets in who is signed in. Others are led to the page where one signs in, and from there back.
struct SignedIn: RouterMiddleware {
  let site: Site

  func handle(
    _ request: Request, context: WorklistContext,
    next: (Request, WorklistContext) async throws -> Response
  ) async throws -> Response {
    guard let cookie = request.cookies[site.address.sessionCookie]?.value,
      let user = site.sessions.user(cookie, at: site.now())
    else {
      if request.isForPrograms { throw HTTPError(.unauthorized) }
      let back = request.method == .get ? request.uri.string : "/"
      return Response.seeOther("/login?then=\(urlPart(back))")
    }
    var context = context
    context.visitor = Visitor(user: user, cookie: cookie)
    return try await next(request, context)
  }
}

extension Request {
  /// Whether a program asks, and so wants JSON.
  var isForPrograms: Bool { uri.path.hasPrefix("/api/") }

  /// The fields of the address's query.
  var query: [String: String] {
    get throws { try urlEncoded(uri.query ?? "") }
  }
}
