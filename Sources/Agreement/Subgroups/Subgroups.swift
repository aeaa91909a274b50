import Foundation
import Pages
import Statistics

/// Whether the surrogate is as good in one part of the cohort as in another.
public struct Subgroups: Sendable {
  public struct Group: Sendable {
    public let name: String
    public let n: Int
    public let accuracy: Figure<Proportion>
    public let armAccuracy: Figure<Proportion>
    public let yield: Figure<Proportion>
    /// Quadratic weights, determinate calls.
    public let kappa: Figure<Estimate>
  }

  /// `site`, `scanner`, `field_strength` or `background`.
  public let key: String
  public let title: String
  public let groups: [Group]
  public let accuracyDiffers: Figure<Heterogeneity.Result>
  public let armAccuracyDiffers: Figure<Heterogeneity.Result>
  public let yieldDiffers: Figure<Heterogeneity.Result>
  /// Analysed participants for whom the table does not say.
  public let notRecorded: Int

  /// - Parameter level: what a participant belongs to; nil where the table does not say.
  init(
    _ analysed: [AnalysedParticipant], key: String, title: String, options: ValidationOptions,
    level: (AnalysedParticipant) -> String?
  ) {
    let levels = Dictionary(grouping: analysed.filter { level($0) != nil }) { level($0) ?? "" }
    let names = levels.keys.sorted {
      $0.compare($1, options: .numeric) == .orderedAscending
    }
    let tables = names.map { AgreementTables(levels[$0] ?? []) }
    self.key = key
    self.title = title
    notRecorded = analysed.count - levels.values.reduce(0) { $0 + $1.count }
    groups = zip(names, tables).map { name, tables in
      let classes = ConfusionFigures(tables.subtypes)
      return Group(
        name: name, n: tables.subtypes.total, accuracy: classes.accuracy,
        armAccuracy: ConfusionFigures(tables.arms).accuracy, yield: classes.yield,
        kappa: tables.quadraticKappa(options))
    }
    func differs(_ counts: (AgreementTables) -> (Int, Int)) -> Figure<Heterogeneity.Result> {
      guard names.count > 1 else {
        return .leftOut(
          names.isEmpty ? "the table does not say" : "all participants are of one group")
      }
      return Heterogeneity.test(
        successes: tables.map { counts($0).0 }, totals: tables.map { counts($0).1 },
        seed: options.seed)
    }
    accuracyDiffers = differs { ($0.subtypes.right, $0.subtypes.determinate) }
    armAccuracyDiffers = differs { ($0.arms.right, $0.arms.determinate) }
    yieldDiffers = differs { ($0.subtypes.determinate, $0.subtypes.total) }
  }

  public static func all(_ analysed: [AnalysedParticipant], _ options: ValidationOptions)
    -> [Subgroups]
  {
    let backgrounds = analysed.compactMap(\.row.background)
    let middle = Sample.median(backgrounds)
    return [
      Subgroups(analysed, key: "site", title: "Site", options: options) { $0.participant.site },
      Subgroups(analysed, key: "scanner", title: "Scanner", options: options) {
        $0.row.acquisition.scanner
      },
      Subgroups(analysed, key: "field_strength", title: "Field strength", options: options) {
        $0.row.condition.fieldName
      },
      Subgroups(
        analysed, key: "background", title: "Fat of the background liver", options: options
      ) { participant in
        guard let value = participant.row.background, let middle else { return nil }
        let text = number(middle, 1)
        return value < middle ? "lower half, below \(text) %" : "upper half, \(text) % or more"
      },
    ]
  }
}

/// Calls beside tissue of some participants, as subtypes and as arms.
public struct AgreementTables: Sendable {
  public let subtypes: ConfusionTable
  public let arms: ConfusionTable

  public init(_ analysed: [AnalysedParticipant]) {
    subtypes = ConfusionTable(
      classes: CohortFlow.calls.dropLast(), tissue: analysed.map(\.tissue.index),
      calls: analysed.map { $0.call.subtype?.index })
    arms = ConfusionTable(
      classes: Labelling.arms, tissue: analysed.map(\.tissueArmIndex),
      calls: analysed.map(\.calledArmIndex))
  }

  func quadraticKappa(_ options: ValidationOptions) -> Figure<Estimate> {
    let figures = KappaFigures(subtypes, resamples: options.resamples, seed: options.seed)
    return figures.weighted.first { $0.weights == .quadratic }?.kappa
      ?? .leftOut("there are no quadratic weights")
  }
}
