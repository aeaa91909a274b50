extension JSONValue {
  /// The document in RFC 8785 canonical form: no white space, keys by their UTF-16 code units,
  /// numbers as ECMAScript writes them. Equal documents have equal bytes, so a hash is meaningful.
  ///
  /// A number that is not finite has no JSON form and is written as `null`.
  public func canonical() -> String {
    var text = ""
    write(canonicalTo: &text)
    return text
  }

  private func write(canonicalTo text: inout String) {
    switch self {
    case .null, .bool, .number, .string: text += scalarText ?? "null"
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(canonicalTo: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, (key, value)) in members.inCanonicalOrder.enumerated() {
        if index > 0 { text += "," }
        text += key.jsonQuoted + ":"
        value.write(canonicalTo: &text)
      }
      text += "}"
    }
  }

  /// JSON text of a value that holds no others; nil for arrays and objects.
  var scalarText: String? {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let value): value.ecmaScript ?? "null"
    case .string(let value): value.jsonQuoted
    case .array, .object: nil
    }
  }
}

extension [String: JSONValue] {
  /// Members in ascending order of their keys' UTF-16 code units (RFC 8785 section 3.2.3).
  var inCanonicalOrder: [(key: String, value: JSONValue)] {
    sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
  }
}

extension String {
  /// The string in quotes, with the escapes of RFC 8785 section 3.2.2.2 and no others.
  var jsonQuoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{08}": text += "\\b"
      case "\u{09}": text += "\\t"
      case "\u{0A}": text += "\\n"
      case "\u{0C}": text += "\\f"
      case "\u{0D}": text += "\\r"
      case "\u{00}"..."\u{1F}":
        let code = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
