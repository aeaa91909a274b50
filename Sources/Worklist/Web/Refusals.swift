import Documents
import Faults
import Hummingbird
import Pages
import Registry

extension Site {
  /// What a visitor sees in place of a page.
  func refusal(_ error: any Error, _ request: Request, _ context: WorklistContext) -> Response {
    let refusal = Refusal(error)
    if refusal.status == .internalServerError {
      context.logger.error("a defect of ours: \(type(of: error))")
    }
    if request.isForPrograms {
      var response = Response.json(
        ["error": ["code": .string(refusal.code), "message": .string(refusal.message)]],
        refusal.status)
      if refusal.status == .unauthorized {
        response.headers[.wwwAuthenticate] = "Basic realm=\"pdff registry\""
      }
      return response
    }
    let visit = request.cookies[address.sessionCookie].flatMap { cookie in
      sessions.user(cookie.value, at: now()).flatMap {
        try? Visit(Visitor(user: $0, cookie: cookie.value), registry)
      }
    }
    return Response.page(
      frame(title: refusal.title, visit: visit) {
        element("h1") { refusal.title }
        note(.bad) { element("p") { refusal.message } }
        element("p") { element("a", ["href": "/"]) { "Back to the worklist" } }
      }, refusal.status)
  }
}

/// An error as a visitor is told of it.
struct Refusal {
  let status: HTTPResponse.Status
  let code: String
  let title: String
  let message: String

  init(_ error: any Error) {
    switch error {
    case let fault as any UserFacingError:
      let isMissing = fault.codeName == RegistryFault.participantMissing.rawValue
      status = isMissing ? .notFound : Self.status(fault.exit)
      code = fault.codeName
      title = fault.exit == .notPermitted ? "Not permitted" : "This cannot be done"
      message = "\(fault)"
    case is OldForm:
      (status, code, title) = (.forbidden, "form-old", "This form is too old")
      message =
        "The form was not made for this session. Go back, load the page again, and fill it in anew."
    case let error as any HTTPResponseError:
      status = error.status
      code = "http-\(error.status.code)"
      (title, message) = Self.words(error.status)
    default:
      (status, code, title) = (.internalServerError, "defect", "A defect of ours")
      message = "Nothing was changed. Please report it with what you did."
    }
  }

  private static func status(_ exit: ExitStatus) -> HTTPResponse.Status {
    switch exit {
    case .done: .ok
    case .usage, .data: .unprocessableContent
    case .missingInput: .notFound
    case .notPermitted: .forbidden
    case .busy, .unavailable: .serviceUnavailable
    case .defect, .cannotCreate: .internalServerError
    }
  }

  private static func words(_ status: HTTPResponse.Status) -> (String, String) {
    switch status {
    case .notFound: ("Not found", "There is no such page, or none that you may see.")
    case .unauthorized: ("Not signed in", "Sign in first.")
    case .forbidden:
      ("Refused", "The request came from another site's page, and nothing was changed.")
    case .contentTooLarge:
      (
        "Too large",
        "A file of up to \(Form.largestWithFile >> 20) MiB can be sent; a measurement.json is far "
          + "smaller. Nothing was changed."
      )
    case .unsupportedMediaType: ("Not a form", "Only forms can be sent here.")
    case .misdirectedRequest:
      ("Wrong name", "This server answers to localhost and its loopback address only.")
    case .tooManyRequests:
      ("Too many tries", "Too many tries to sign in. Wait a while, then try again.")
    default: ("The request is damaged", "It could not be read, and nothing was changed.")
    }
  }
}
