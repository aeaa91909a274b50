/// Which way the measured value goes along the order of the classes. Nothing about it is built in:
/// whoever asks for a figure says where it comes from.
public enum Direction: String, Sendable {
  case rises
  case falls
}

/// A measured value of each participant beside the class of its tissue.
public struct ClassedValues: Sendable, Equatable {
  /// What the classes are called, in their order; 2 or more.
  public let classes: [String]
  /// As measured, by class, ascending.
  public let values: [[Double]]

  /// - Parameters:
  ///   - values: finite, one a participant.
  ///   - tissue: the class of each, 0..<classes.count.
  public init(classes: [String], values: [Double], tissue: [Int]) {
    precondition(values.count == tissue.count)
    var sorted = classes.map { _ in [Double]() }
    for (value, k) in zip(values, tissue) { sorted[k].append(value) }
    self.init(classes: classes, byClass: sorted)
  }

  init(classes: [String], byClass: [[Double]]) {
    self.classes = classes
    values = byClass.map { $0.sorted() }
  }

  public var counts: [Int] { values.map(\.count) }
  public var total: Int { counts.reduce(0, +) }

  /// With values turned round where they fall, so that later classes are the larger ones.
  func rising(_ direction: Direction) -> [[Double]] {
    direction == .rises ? values : values.map { $0.reversed().map { -$0 } }
  }

  /// The first class without a member, or nil.
  var emptyClass: String? { zip(classes, values).first { $0.1.isEmpty }?.0 }
}

/// Where one value lies in a sorted sample.
struct Placement {
  /// How many members are below it, and how many equal it.
  let below: Int
  let equal: Int

  init(_ value: Double, in sorted: [Double]) {
    below = Self.count(sorted) { $0 < value }
    equal = Self.count(sorted) { $0 <= value } - below
  }

  /// Members below, ties by half.
  var rank: Double { Double(below) + Double(equal) / 2 }

  private static func count(_ sorted: [Double], _ isBelow: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
