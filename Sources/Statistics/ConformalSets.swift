/// Class-conditional conformal sets: which classes can't be excluded at a level alpha.
///
/// A score says how badly a class fits a value, here 1 - P(class). Scores of members whose class is
/// known, each under a model that was fitted without them, are kept class by class. Class k of a new
/// value is excluded where at most an alpha-th of its class fits as badly:
///
///     (1 + #{i of class k : s_i >= s}) / (n_k + 1) <= alpha
///
/// With one group (split; Vovk 2012, conditional validity) the mean coverage of each class is at
/// least 1 - alpha, and given one calibration sample it is distributed as Beta(n + 1 - l, l),
/// l = floor((n + 1) alpha). With several (cross; Vovk 2015, 10.1007/s10472-013-9368-4; Barber et
/// al. 2021, 10.1214/20-AOS1965) each group is compared under its own model, and about 1 - 2 alpha
/// is guaranteed.
public struct ConformalSets: Sendable, Equatable {
  /// Above 0 and below 1.
  public let alpha: Double
  /// Known members' scores by group, then class; ascending.
  public let scores: [[[Double]]]

  /// - Parameters:
  ///   - scores: by group, then class, in any order; the same classes in each group.
  public init(alpha: Double, scores: [[[Double]]]) {
    self.alpha = alpha
    self.scores = scores.map { $0.map { $0.sorted() } }
  }

  /// How many members a class needs so that it can be excluded at all: ceil(1 / alpha) - 1.
  public static func leastCount(alpha: Double) -> Int {
    Int((1 / alpha - 1e-9).rounded(.up)) - 1
  }

  /// floor((n + 1) alpha): as many of the worst scores of n are beyond the quantile, or on it.
  public static func rank(count: Int, alpha: Double) -> Int {
    Int((Double(count + 1) * alpha + 1e-9).rounded(.down))
  }

  /// How many members each class has.
  public var counts: [Int] {
    guard let first = scores.first else { return [] }
    return first.indices.map { k in scores.reduce(0) { $0 + $1[k].count } }
  }

  /// The largest score with which a class stays in the set, the groups taken together; for one group
  /// it is the rule itself. Infinite where the class has too few members.
  public var quantiles: [Double] {
    counts.indices.map { k in
      let all = scores.flatMap { $0[k] }.sorted()
      let rank = Self.rank(count: all.count, alpha: alpha)
      return rank == 0 ? .infinity : all[all.count - rank]
    }
  }

  /// The classes that can't be excluded, ascending.
  ///
  /// - Parameter new: the new value's scores by group, then class.
  public func set(_ new: [[Double]]) -> [Int] {
    counts.enumerated().compactMap { k, count in
      var asBad = 0
      for (group, score) in zip(scores, new) {
        asBad += Self.countAtLeast(score[k], in: group[k])
      }
      return asBad + 1 > Self.rank(count: count, alpha: alpha) ? k : nil
    }
  }

  /// The set with every class between its lowest and its highest.
  public static func filled(_ set: [Int]) -> [Int] {
    guard let low = set.min(), let high = set.max() else { return [] }
    return Array(low...high)
  }

  private static func countAtLeast(_ score: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < score { low = middle + 1 } else { high = middle }
    }
    return sorted.count - low
  }
}
