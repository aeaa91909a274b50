/// Calls beside tissue: how many participants there are of each pair.
public struct ConfusionTable: Sendable, Equatable {
  /// What the classes are called, in their order; 2 or more.
  public let classes: [String]
  /// Determinate calls: by tissue class, then by called class.
  public let counts: [[Int]]
  /// Participants without a determinate call, by tissue class.
  public let indeterminate: [Int]

  /// - Parameters:
  ///   - counts: a square of 0 or more, tissue by call.
  ///   - indeterminate: as many as classes; none where not given.
  public init(classes: [String], counts: [[Int]], indeterminate: [Int]? = nil) {
    let indeterminate = indeterminate ?? [Int](repeating: 0, count: classes.count)
    precondition(counts.count == classes.count && indeterminate.count == classes.count)
    precondition(counts.allSatisfy { $0.count == classes.count })
    self.classes = classes
    self.counts = counts
    self.indeterminate = indeterminate
  }

  /// - Parameters:
  ///   - tissue: the class of each participant, 0..<classes.count.
  ///   - calls: the called class of each, nil for an indeterminate call.
  public init(classes: [String], tissue: [Int], calls: [Int?]) {
    precondition(tissue.count == calls.count)
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    var indeterminate = [Int](repeating: 0, count: classes.count)
    for (truth, call) in zip(tissue, calls) {
      if let call { counts[truth][call] += 1 } else { indeterminate[truth] += 1 }
    }
    self.init(classes: classes, counts: counts, indeterminate: indeterminate)
  }

  /// How many calls are determinate.
  public var determinate: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
  /// How many participants there are.
  public var total: Int { determinate + indeterminate.reduce(0, +) }
  /// How many determinate calls are right.
  public var right: Int { classes.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// Determinate calls among those with tissue of a class.
  func withTissue(_ k: Int) -> Int { counts[k].reduce(0, +) }
  /// Those called a class.
  func called(_ k: Int) -> Int { counts.reduce(0) { $0 + $1[k] } }
}
