import Statistics

/// A figure, or why the data don't carry it. What can't be computed is left out, never faked.
public enum Figure<Value: Sendable>: Sendable {
  case value(Value)
  /// In words that stand alone in a report: "no participant has tissue F3".
  case leftOut(String)

  public var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }

  /// Why there is no value; nil where there is one.
  public var reason: String? {
    if case .leftOut(let reason) = self { reason } else { nil }
  }

  public func map<Other>(_ transform: (Value) -> Other) -> Figure<Other> {
    switch self {
    case .value(let value): .value(transform(value))
    case .leftOut(let reason): .leftOut(reason)
    }
  }

  public func flatMap<Other>(_ transform: (Value) -> Figure<Other>) -> Figure<Other> {
    switch self {
    case .value(let value): transform(value)
    case .leftOut(let reason): .leftOut(reason)
    }
  }
}

extension Figure: Equatable where Value: Equatable {}

/// How a figure or its interval was computed.
public struct Method: Sendable, Hashable {
  /// As it stands beside the figure: "Clopper-Pearson".
  public let name: String
  /// Where it is published, for the methods text; nil for what needs no reference.
  public let reference: String?

  public init(_ name: String, reference: String? = nil) {
    self.name = name
    self.reference = reference
  }
}

/// One number estimated from a sample, with its interval.
public struct Estimate: Sendable, Equatable {
  public let value: Double
  /// Left out where the sample carries the value but no honest interval.
  public let interval: Figure<Interval>
  /// How many participants (or pairs, where the method says so) it rests on.
  public let n: Int
  /// The interval's.
  public let method: Method
  /// On the scale of `value`; nil where the method has none.
  public let standardError: Double?

  public init(
    value: Double, interval: Figure<Interval>, n: Int, method: Method,
    standardError: Double? = nil
  ) {
    self.value = value
    self.interval = interval
    self.n = n
    self.method = method
    self.standardError = standardError
  }
}
