import Documents

/// What was recorded: the entry, and what its maker may know of it.
public struct Recorded: Sendable, Hashable {
  /// The entry's number.
  public let entry: Int
  public let at: String
  /// The entry's hash: the head of the log at that time.
  public let head: String
  /// Of a call: what was sealed.
  public var seal: String?
  /// Rules of the protocol that the event broke; the reason stands with it.
  public var deviations: [String] = []
  /// Where the participant stands now, as far as the user may know.
  public var status: ParticipantStatus?

  init(_ entry: Entry, seal: String? = nil, deviations: [String] = []) {
    self.entry = entry.number
    at = entry.at
    head = entry.hash
    self.seal = seal
    self.deviations = deviations
  }

  public var document: JSONValue {
    [
      "entry": .number(Double(entry)), "at": .string(at), "head": .string(head),
      "seal": .text(seal), "deviations": .array(deviations.map { .string($0) }),
      "status": status?.document ?? .null,
    ]
  }
}
