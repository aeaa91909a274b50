extension JSONValue {
  /// The object with the key `sha256`: the SHA-256 (lower-case hexadecimal) of the object without
  /// that key, as RFC 8785 canonical JSON in UTF-8. A value that is no object stays as it is.
  public func sealed() -> JSONValue {
    guard case .object(var members) = self else { return self }
    members["sha256"] = nil
    members["sha256"] = .string(sha256Hex(JSONValue.object(members).canonical().utf8))
    return .object(members)
  }

  /// Whether the object's `sha256` is that of its content.
  public var sealHolds: Bool {
    guard case .string = self["sha256"] else { return false }
    return sealed() == self
  }
}
