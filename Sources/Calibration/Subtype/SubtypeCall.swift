import Documents

/// Which model made a call.
public struct SubtypeModelReference: Sendable, Hashable {
  public let name: String
  public let version: String
  public let sha256: String
  public let status: ModelStatus

  public init(name: String, version: String, sha256: String, status: ModelStatus) {
    self.name = name
    self.version = version
    self.sha256 = sha256
    self.status = status
  }

  public var document: JSONValue {
    [
      "name": .string(name), "version": .string(version), "sha256": .string(sha256),
      "status": .string(status.rawValue),
    ]
  }
}

/// What a subtype model says of one measured value.
public struct SubtypeCall: Sendable, Hashable {
  /// The subtypes that can't be excluded, ascending and without gaps. All three where the call is
  /// blocked: then nothing is excluded.
  public let set: [Subtype]
  /// P(F1), P(F2), P(F3); nil where the call is blocked.
  public let probabilities: [Double]?
  /// Those that block first.
  public let reasons: [SubtypeReason]
  public let model: SubtypeModelReference

  /// Whether a reason forbids a call, whatever the model says.
  public var isBlocked: Bool { reasons.contains(where: \.blocks) }
  /// The subtype where the set has exactly one; nil is `indeterminate`.
  public var subtype: Subtype? { self.set.count == 1 ? self.set[0] : nil }
  public var arm: Arm { Arm(set) }
  /// `F1`, `F2`, `F3` or `indeterminate`.
  public var word: String { subtype?.rawValue ?? "indeterminate" }

  /// The value of `subtype` in `measurement.json`.
  public var document: JSONValue {
    var shares: [String: JSONValue] = [:]
    for subtype in Subtype.allCases {
      shares[subtype.rawValue] = .finite(probabilities?[subtype.index])
    }
    return [
      "call": .string(word), "set": .array(set.map { .string($0.rawValue) }),
      "arm": .string(arm.rawValue), "probabilities": .object(shares),
      "reasons": .array(reasons.map { .string($0.text) }), "model": model.document,
    ]
  }
}
