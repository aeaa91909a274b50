import Documents
import Hummingbird
import NIOCore
import Pages

extension Response {
  /// A page.
  static func page(_ page: Page, _ status: HTTPResponse.Status = .ok) -> Response {
    text(page.html(), "text/html; charset=utf-8", status)
  }

  /// A JSON document.
  static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> Response {
    text(value.pretty(), "application/json", status)
  }

  static func text(
    _ text: String, _ type: String, _ status: HTTPResponse.Status = .ok
  ) -> Response {
    Response(
      status: status, headers: [.contentType: type],
      body: .init(byteBuffer: ByteBuffer(string: text)))
  }

  /// Leads on to another page of ours, which is fetched by GET: what was sent is not sent again by
  /// loading the page anew.
  static func seeOther(_ path: String) -> Response {
    Response(status: .seeOther, headers: [.location: path])
  }
}
