import Statistics

/// How often calls are right, as shares with exact intervals.
///
/// Two readings stand side by side (Schuetz et al., BMJ 2012;345:e6717). *Among determinate calls*
/// says how good a call is once there is one. *Of all* counts an indeterminate call as a wrong one,
/// which is what whoever needs a decision meets; it is never above the other.
public struct ConfusionFigures: Sendable, Equatable {
  /// One class against all others.
  public struct ForClass: Sendable, Equatable {
    public let name: String
    /// Called this class among tissue of this class; determinate calls.
    public let sensitivity: Figure<Proportion>
    /// Called another class among tissue of another class; determinate calls.
    public let specificity: Figure<Proportion>
    /// Tissue of this class among those called so.
    public let positivePredictiveValue: Figure<Proportion>
    /// Tissue of another class among those called another class.
    public let negativePredictiveValue: Figure<Proportion>
    /// As `sensitivity` and `specificity`, with indeterminate calls counted as wrong.
    public let sensitivityOfAll: Figure<Proportion>
    public let specificityOfAll: Figure<Proportion>
  }

  /// In the table's order.
  public let classes: [ForClass]
  /// Right calls among determinate ones.
  public let accuracy: Figure<Proportion>
  /// Right calls among all participants.
  public let accuracyOfAll: Figure<Proportion>
  /// Determinate calls among all participants.
  public let yield: Figure<Proportion>

  public init(_ table: ConfusionTable, level: Double = 0.95) {
    accuracy = Self.share(
      table.right, of: table.determinate, level, "no participant has a determinate call")
    accuracyOfAll = Self.share(table.right, of: table.total, level, Self.nobody)
    yield = Self.share(table.determinate, of: table.total, level, Self.nobody)
    classes = table.classes.indices.map { Self.figures(table, $0, level) }
  }

  private static let nobody = "there are no participants"

  private static func share(_ successes: Int, of trials: Int, _ level: Double, _ reason: String)
    -> Figure<Proportion>
  {
    Proportion(successes, of: trials, level: level).map { .value($0) } ?? .leftOut(reason)
  }

  private static func figures(_ table: ConfusionTable, _ k: Int, _ level: Double) -> ForClass {
    let name = table.classes[k]
    let (n, tissue, called) = (table.determinate, table.withTissue(k), table.called(k))
    let both = table.counts[k][k]
    let neither = n - tissue - called + both
    let unclear = table.indeterminate.reduce(0, +)
    return ForClass(
      name: name,
      sensitivity: share(
        both, of: tissue, level, "no participant with tissue \(name) has a determinate call"),
      specificity: share(
        neither, of: n - tissue, level,
        "no participant with tissue other than \(name) has a determinate call"),
      positivePredictiveValue: share(
        both, of: called, level, "no participant is called \(name)"),
      negativePredictiveValue: share(
        neither, of: n - called, level, "no participant is called other than \(name)"),
      sensitivityOfAll: share(
        both, of: tissue + table.indeterminate[k], level,
        "no participant has tissue \(name)"),
      specificityOfAll: share(
        neither, of: n - tissue + unclear - table.indeterminate[k], level,
        "no participant has tissue other than \(name)"))
  }
}

extension Method {
  /// For all that `Proportion` holds.
  public static let clopperPearson = Method(
    "Clopper-Pearson (exact)",
    reference: "Clopper CJ, Pearson ES. Biometrika 1934;26:404-413")
}
