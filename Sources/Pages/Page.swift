import Documents
import Foundation

/// A whole document.
public struct Page: Sendable {
  /// Where the stylesheet comes from.
  public enum Styles: Sendable, Hashable {
    /// Within the page, which then needs nothing but itself; a content security policy lets nothing
    /// else in.
    case contained
    /// From the server that gives the page; its headers set the policy.
    case linked(String)
  }

  public var title: String
  public var styles: Styles
  /// What a server's page needs besides in its head, such as a link to its script.
  public var head: Markup
  /// One CSS class for the whole body, such as "report"; nil for none.
  public var kind: String?
  public var body: Markup

  public init(
    title: String, styles: Styles = .contained, head: Markup = .nothing, kind: String? = nil,
    @MarkupBuilder body: () -> Markup
  ) {
    self.title = title
    self.styles = styles
    self.head = head
    self.kind = kind
    self.body = body()
  }

  /// The document as a browser reads it, UTF-8.
  public func html() -> String {
    let page = element("html", ["lang": "en"]) {
      element("head") {
        element("meta", ["charset": "utf-8"])
        element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        element("meta", ["name": "color-scheme", "content": "light dark"])
        element("meta", ["name": "referrer", "content": "no-referrer"])
        styling
        element("title") { title }
        head
      }
      element("body", ["class": kind]) { body }
    }
    return "<!DOCTYPE html>\n\(page.source)\n"
  }

  @MarkupBuilder private var styling: Markup {
    switch styles {
    case .contained:
      element("meta", ["http-equiv": "Content-Security-Policy", "content": Page.policy])
      Markup.trusted("<style>\(Stylesheet.text)</style>")
    case .linked(let address):
      element("link", ["rel": "stylesheet", "href": address])
    }
  }

  /// What a contained page may load: our own stylesheet, known by its hash, and pictures that it
  /// holds itself; no script, no network, no form.
  static let policy =
    "default-src 'none'; img-src data:; style-src 'sha256-\(hash(of: Stylesheet.text))'; "
    + "base-uri 'none'; form-action 'none'"

  /// SHA-256 as the policy writes it: base64 of its bytes.
  private static func hash(of text: String) -> String {
    let digits = sha256Hex(text.utf8).utf8.map { $0 > 57 ? $0 - 87 : $0 - 48 }
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    return Data(bytes).base64EncodedString()
  }
}
