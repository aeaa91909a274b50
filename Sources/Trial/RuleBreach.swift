/// One of the trial's rules that an event breaks.
public struct RuleBreach: Sendable, Hashable {
  public enum Gravity: String, Sendable {
    /// It can't have been so: refused.
    case impossible
    /// It can have happened, outside the protocol: recorded with a reason.
    case deviation
  }

  public let rule: Rule
  /// Words that go on from the rule's summary; no participant is named.
  public let detail: String
  public var gravity: Gravity { rule.gravity }

  public init(_ rule: Rule, _ detail: String = "") {
    self.rule = rule
    self.detail = detail
  }

  /// The whole sentence for a reader.
  public var message: String {
    detail.isEmpty ? rule.summary : "\(rule.summary): \(detail)"
  }
}
