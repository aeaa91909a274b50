extension JSONValue {
  /// The document for a reader: two spaces of indent, keys in canonical order, arrays of plain
  /// values on one line, a line feed at the end. It says exactly what `canonical()` says.
  public func pretty() -> String { block(indent: "") + "\n" }

  private func block(indent: String) -> String {
    if let scalarText { return scalarText }
    let inner = indent + "  "
    switch self {
    case .array(let elements):
      let plain = elements.compactMap(\.scalarText)
      if plain.count == elements.count { return "[\(plain.joined(separator: ", "))]" }
      let lines = elements.map { inner + $0.block(indent: inner) }
      return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let lines = members.inCanonicalOrder.map {
        "\(inner)\($0.key.jsonQuoted): \($0.value.block(indent: inner))"
      }
      return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
    default: return "null"
    }
  }
}
