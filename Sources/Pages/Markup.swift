/// A piece of HTML or SVG that is safe by construction: text becomes markup only escaped, and source
/// that is taken as it stands has to be called `trusted`.
///
/// A string literal is text; what is interpolated into one is escaped too, unless it is markup.
///
///     let line: Markup = "PDFF \(value) in \(element("b") { name })"
public struct Markup: Hashable, Sendable {
  /// The source, as it goes into a page.
  public let source: String

  private init(source: String) { self.source = source }

  /// Any text, escaped.
  public init(_ text: String) { source = Markup.escaped(text) }

  /// Source that is markup already. Never of anything that a user or a file said.
  public static func trusted(_ source: String) -> Markup { Markup(source: source) }

  public static let nothing = Markup(source: "")

  public var isEmpty: Bool { source.isEmpty }

  public static func + (left: Markup, right: Markup) -> Markup {
    Markup(source: left.source + right.source)
  }

  /// Pieces in their order.
  public init(_ pieces: some Sequence<Markup>, separator: Markup = .nothing) {
    source = pieces.map(\.source).joined(separator: separator.source)
  }

  /// Text for element content and for quoted attribute values alike. Control characters, which no page
  /// may hold, and marks that turn the direction of text, with which a name could pose as another,
  /// become U+FFFD.
  static func escaped(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n", "\r": out.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}", "\u{FFFE}", "\u{FFFF}":
        out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}

extension Markup: ExpressibleByStringInterpolation {
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var source = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    public mutating func appendLiteral(_ literal: String) { source += Markup.escaped(literal) }
    public mutating func appendInterpolation(_ markup: Markup) { source += markup.source }
    public mutating func appendInterpolation(_ text: some CustomStringConvertible) {
      source += Markup.escaped(text.description)
    }
  }

  public init(stringInterpolation: StringInterpolation) { source = stringInterpolation.source }
  public init(stringLiteral text: String) { self.init(text) }
}

/// Collects the pieces of an element: text and markup one after another, with `if` and `for`.
@resultBuilder public enum MarkupBuilder {
  public static func buildExpression(_ markup: Markup) -> Markup { markup }
  public static func buildExpression(_ markup: Markup?) -> Markup { markup ?? .nothing }
  @_disfavoredOverload
  public static func buildExpression(_ text: String) -> Markup { Markup(text) }
  public static func buildBlock(_ pieces: Markup...) -> Markup { Markup(pieces) }
  public static func buildOptional(_ markup: Markup?) -> Markup { markup ?? .nothing }
  public static func buildEither(first: Markup) -> Markup { first }
  public static func buildEither(second: Markup) -> Markup { second }
  public static func buildArray(_ pieces: [Markup]) -> Markup { Markup(pieces) }
}

/// Attributes in their order; one with nil is left out, one with "" is written as a flag's name.
public typealias Attributes = KeyValuePairs<String, String?>

/// An element of HTML or SVG.
///
/// `name` and the attributes' names come from our sources, never from data. Values are escaped; one
/// that leads somewhere (`href`, `src`, ...) may be relative, http, https, or an image as data: a
/// script posing as an address becomes "#".
public func element(
  _ name: String, _ attributes: Attributes = [:],
  @MarkupBuilder _ content: () -> Markup = { .nothing }
) -> Markup {
  var source = "<\(name)"
  for case (let key, let value?) in attributes {
    precondition(isName(key), "an attribute's name comes from our sources")
    let safe = addresses.contains(key) ? safeAddress(value) : value
    source += safe.isEmpty ? " \(key)=\"\"" : " \(key)=\"\(Markup.escaped(safe))\""
  }
  precondition(isName(name), "an element's name comes from our sources")
  guard !withoutContent.contains(name) else { return .trusted(source + ">") }
  return .trusted("\(source)>\(content().source)</\(name)>")
}

/// The elements of HTML that have neither content nor an end.
private let withoutContent: Set = [
  "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr",
]

/// The attributes whose value a browser follows.
private let addresses: Set = ["href", "src", "action", "formaction", "poster", "xlink:href"]

private func isName(_ text: String) -> Bool {
  !text.isEmpty
    && text.utf8.allSatisfy {
      (48...58).contains($0) || (65...90).contains($0) || (97...122).contains($0)
        || $0 == UInt8(ascii: "-")
    } && !text.lowercased().hasPrefix("on")
}

private func safeAddress(_ address: String) -> String {
  // Browsers skip spaces and control characters in front of a scheme and within it.
  let bare = String(address.unicodeScalars.filter { $0.value > 0x20 }).lowercased()
  guard let colon = bare.firstIndex(of: ":") else { return address }
  let front = bare[..<colon]
  let isRelative = front.contains { "/?#".contains($0) }
  let isKnown =
    front == "http" || front == "https" || front == "mailto"
    || bare.hasPrefix("data:image/png;base64,")
  return isRelative || isKnown ? address : "#"
}
