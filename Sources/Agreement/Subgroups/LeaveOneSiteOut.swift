import Calibration
import Foundation
import Statistics

/// Whether what is found holds at a site that had no part in it.
///
/// Two readings: the calls of all other sites (does one site carry the result?), and an ordinal model of
/// ln(1 + fat) fitted at the other sites that is asked about the site left out (would a model travel?).
public struct LeaveOneSiteOut: Sendable {
  public struct Site: Sendable {
    public let name: String
    public let n: Int
    /// Of the calls of all other sites.
    public let accuracyWithout: Figure<Proportion>
    public let armAccuracyWithout: Figure<Proportion>
    public let kappaWithout: Figure<Estimate>
    /// Most probable subtype of the model of the other sites, at this site.
    public let predicted: Figure<Proportion>
    public let predictedArm: Figure<Proportion>
  }

  public let sites: [Site]
  /// Over all sites left out in turn.
  public let predicted: Figure<Proportion>
  public let predictedArm: Figure<Proportion>

  public static func of(_ analysed: [AnalysedParticipant], _ options: ValidationOptions)
    -> Figure<LeaveOneSiteOut>
  {
    let bySite = Dictionary(grouping: analysed.filter { $0.participant.site != nil }) {
      $0.participant.site ?? ""
    }
    guard bySite.count > 1 else {
      return .leftOut(
        bySite.isEmpty ? "the table does not say the sites" : "there is one site only")
    }
    let names = bySite.keys.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    var hits: [(right: Int, rightArm: Int, n: Int)] = []
    let sites = names.map { name -> Site in
      let own = bySite[name] ?? []
      let others = names.filter { $0 != name }.flatMap { bySite[$0] ?? [] }
      let tables = AgreementTables(others)
      let found = predictions(own, from: others)
      if let found = found.value { hits.append((found.right, found.rightArm, own.count)) }
      return Site(
        name: name, n: own.count, accuracyWithout: ConfusionFigures(tables.subtypes).accuracy,
        armAccuracyWithout: ConfusionFigures(tables.arms).accuracy,
        kappaWithout: tables.quadraticKappa(options),
        predicted: found.flatMap { .share($0.right, of: own.count, "nobody is there") },
        predictedArm: found.flatMap { .share($0.rightArm, of: own.count, "nobody is there") })
    }
    let n = hits.reduce(0) { $0 + $1.n }
    let reason = "no model could be fitted without one of the sites"
    return .value(
      LeaveOneSiteOut(
        sites: sites, predicted: .share(hits.reduce(0) { $0 + $1.right }, of: n, reason),
        predictedArm: .share(hits.reduce(0) { $0 + $1.rightArm }, of: n, reason)))
  }

  private static func predictions(_ own: [AnalysedParticipant], from others: [AnalysedParticipant])
    -> Figure<(right: Int, rightArm: Int)>
  {
    func covariate(_ participant: AnalysedParticipant) -> [Double] {
      [log1p(max(participant.percent, 0))]
    }
    let fit: CategoricalFit<ProportionalOdds>
    do {
      fit = try CategoricalFit(
        categories: others.map(\.tissue.index), covariates: others.map(covariate), classes: 3)
    } catch {
      switch error {
      case .emptyClass(let index):
        return .leftOut("the other sites have no tissue \(Subtype.allCases[index].rawValue)")
      default: return .leftOut("the model of the other sites has no finite fit")
      }
    }
    var (right, rightArm) = (0, 0)
    for participant in own {
      let shares = ProportionalOdds.probabilities(fit.parameters, z: covariate(participant))
      let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
      right += best == participant.tissue.index ? 1 : 0
      rightArm += Arm([Subtype.allCases[best]]) == participant.tissueArm ? 1 : 0
    }
    return .value((right, rightArm))
  }
}
