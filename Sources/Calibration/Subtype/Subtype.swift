/// A fatty-acid-degradation subtype of hepatocellular carcinoma, in its order.
public enum Subtype: String, CaseIterable, Sendable, Comparable {
  case f1 = "F1"
  case f2 = "F2"
  case f3 = "F3"

  /// 0, 1, 2.
  public var index: Int {
    switch self {
    case .f1: 0
    case .f2: 1
    case .f3: 2
    }
  }
  public static func < (left: Self, right: Self) -> Bool { left.index < right.index }
}

/// What a set of subtypes says about treatment.
public enum Arm: String, Sendable {
  /// The set is not empty and lies within F1 and F2.
  case systemic
  /// The set is F3 alone.
  case systemicAndTACE = "systemic+TACE"
  /// Anything else.
  case undetermined

  public init(_ set: [Subtype]) {
    self =
      set == [.f3] ? .systemicAndTACE : set.isEmpty || set.contains(.f3) ? .undetermined : .systemic
  }
}

/// How far a subtype model may be trusted.
public enum ModelStatus: String, Sendable, CaseIterable {
  /// From synthetic data; never valid for a patient.
  case demonstration
  /// From a cohort that has also been used to choose the method.
  case exploratory
  /// Frozen before the data on which it is used.
  case prespecified
}

/// Which statistic of a region a model is fed.
public enum FedStatistic: String, Sendable, CaseIterable {
  case mean
  case median
}
