import Hummingbird
import NIOCore

/// Who is signed in, and the cookie that says so.
struct Visitor: Sendable {
  let user: String
  let cookie: String
}

/// What goes with a request through its handlers.
struct WorklistContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Set by `SignedIn`; nil before it.
  var visitor: Visitor?

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
  }

  /// The part of the address that `name` stands for, decoded. Throws 404 where it is none.
  func part(_ name: String) throws -> String {
    guard let text = parameters.get(name)?.removingPercentEncoding, !text.isEmpty else {
      throw HTTPError(.notFound)
    }
    return text
  }
}
