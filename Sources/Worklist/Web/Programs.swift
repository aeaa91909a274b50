import Documents
import Hummingbird
import Registry

extension Site {
  /// The same reads as JSON, for programs; see `docs/worklist.md`.
  func addPrograms(_ router: Router<WorklistContext>) {
    let api = router.group("api").add(middleware: Known(site: self))
    api.get("worklist") { request, context in
      let session = try arrival(context).session
      var query = WorklistAddress(try request.query).query
      query.on = on
      return Response.json(try session.worklist(query).document)
    }
    api.get("participants/:id") { _, context in
      let session = try arrival(context).session
      return Response.json(try session.status(participant: context.part("id"), on: on).document)
    }
    api.get("participants/:id/history") { _, context in
      let session = try arrival(context).session
      let history = try session.history(participant: context.part("id"))
      return Response.json(["history": .array(history.map(\.document))])
    }
    api.get("forecast") { request, context in
      let number = pageNumber(try request.query)
      let page = try await forecasts(arrival(context).session, page: number)
      return Response.json([
        "count": .number(Double(page.count)),
        "forecasts": .array(page.rows.map(\.document)),
      ])
    }
    api.get("study") { _, context in
      let session = try arrival(context).session
      return Response.json(try await apart { try session.summary(on: on).document })
    }
  }
}

/// Lets programs in: by the session of a browser, or by a user's name and token of the registry (HTTP
/// basic authentication).
struct Known: RouterMiddleware {
  let site: Site

  func handle(
    _ request: Request, context: WorklistContext,
    next: (Request, WorklistContext) async throws -> Response
  ) async throws -> Response {
    guard let (name, token) = Self.credentials(request) else {
      return try await SignedIn(site: site).handle(request, context: context, next: next)
    }
    if let seconds = await site.tokenGate.closed(to: name, at: site.now()) {
      var response = Response.json(
        ["error": ["code": "too-many-tries", "message": .string("wait \(seconds) seconds")]],
        .tooManyRequests)
      response.headers[.retryAfter] = "\(seconds)"
      return response
    }
    guard let session = try? site.registry.session(user: name, token: Token(token)) else {
      await site.tokenGate.failed(name, at: site.now())
      throw HTTPError(.unauthorized)
    }
    var context = context
    context.visitor = Visitor(user: session.user, cookie: "")
    return try await next(request, context)
  }

  /// Name and token of an `Authorization: Basic` header.
  private static func credentials(_ request: Request) -> (user: String, token: String)? {
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("basic "),
      let bytes = bytesFromBase64(String(header.dropFirst(6))),
      let text = String(validating: bytes, as: UTF8.self),
      let colon = text.firstIndex(of: ":")
    else { return nil }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}
