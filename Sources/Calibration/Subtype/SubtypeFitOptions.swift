import Statistics

/// What a subtype model is to be.
public struct SubtypeFitOptions: Sendable {
  public var name: String
  public var version: String
  /// `demonstration` or `exploratory`; only `freeze` makes a model `prespecified`.
  public var status: ModelStatus
  public var statistic: FedStatistic = .mean
  /// Whether the values had been corrected by a ledger; nil where nobody said.
  public var isCalibrated: Bool?
  public var usesBackground = false
  /// Above 0 and at most 0.5.
  public var alpha = 0.1
  /// How conformal sets are made; nil: `split` where the cohort suffices, `cross` otherwise.
  public var guarantee: SubtypeModel.Guarantee?
  /// Whether a cohort without an association at 5 % is refused; simulations of coverage need all.
  public var requiresAssociation = true

  public init(name: String, version: String, status: ModelStatus) {
    self.name = name
    self.version = version
    self.status = status
  }

  /// Standard deviation of the normal prior of a log odds ratio per standard deviation of t. It says
  /// that an odds ratio beyond 19 or below 1/19 would be a surprise (95 %). Slopes of 86 participants
  /// are drawn in by 5 %, of 40 by 12 %, of 20 by 23 %: about what maximum likelihood overstates.
  static let priorDeviation = 1.5
  /// Folds of cross-conformal sets and of the nested validation.
  static let folds = 10
  static let seed: UInt64 = 20_261_120

  /// As many of each class as `split` wants before it is chosen: both halves then hold twice what a
  /// class needs to be excluded at all.
  var splitSuffices: Int { 4 * ConformalSets.leastCount(alpha: alpha) }

  package func latent(penalised: Bool = true, withoutAssociation: Bool = false) -> LatentFitOptions
  {
    LatentFitOptions(
      classes: Subtype.allCases.count, usesBackground: usesBackground,
      priorDeviation: penalised ? Self.priorDeviation : nil,
      withoutAssociation: withoutAssociation)
  }

  package func rows(_ cohort: SubtypeCohort) -> [LatentRow] {
    cohort.members.map { member in
      LatentRow(
        value: member.value,
        background: usesBackground
          ? member.background.map { LatentDensity.transform(max($0, 0)) } : nil,
        category: member.subtype.index)
    }
  }
}
