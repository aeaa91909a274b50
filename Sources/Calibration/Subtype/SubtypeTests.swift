import Documents
import Faults
import Statistics

/// What a cohort says about the assumptions of an ordinal model.
struct SubtypeTests: Sendable {
  /// Likelihood ratio against no association of fat and subtype.
  let association: TestResult
  /// Brant's, on the measured values; nil where it can't be computed.
  let proportionalOdds: TestResult?
  /// Each of F2 from its lower, and its upper neighbour in the direction of the fit.
  let neighbours: [TestResult?]
  /// The same in the opposite direction.
  let contrary: [TestResult?]
  /// Akaike's criterion with order and without; the second nil where that fit diverges.
  let aic: (ordered: Double, unordered: Double?)

  init(
    _ rows: [LatentRow], _ options: SubtypeFitOptions, full: LatentFit<ProportionalOdds>,
    none: LatentFit<ProportionalOdds>
  ) {
    association = .likelihoodRatio(
      full: full.logLikelihood, restricted: none.logLikelihood, degreesOfFreedom: 1)
    let values = rows.map { LatentDensity.transform(max($0.value.percent, 0)) }
    proportionalOdds = BrantTest.test(
      categories: rows.map(\.category),
      covariates: zip(rows, values).map { [$1] + ($0.background.map { [$0] } ?? []) })
    let classes = Subtype.allCases.map { k in
      zip(rows, values).filter { $0.0.category == k.index }.map(\.1)
    }
    let rises = LatentOrdinalModel(full).slope > 0
    let ordered = rises ? classes : classes.reversed()
    neighbours = [
      WelchTest.exceeds(ordered[1], ordered[0]), WelchTest.exceeds(ordered[2], ordered[1]),
    ]
    contrary = [
      WelchTest.exceeds(ordered[0], ordered[1]), WelchTest.exceeds(ordered[1], ordered[2]),
    ]
    let unordered = try? LatentFit<MultinomialLogit>(rows, options.latent(penalised: false))
    aic = (
      2 * Double(full.parameters.count) - 2 * full.logLikelihood,
      unordered.map { 2 * Double($0.parameters.count) - 2 * $0.logLikelihood }
    )
  }

  /// Both steps must be shown (intersection-union): the larger of the two p.
  var betweenP: Double? {
    let p = neighbours.compactMap { $0?.p }
    return p.count == 2 ? p.max() : nil
  }

  /// That F2 lies beyond a neighbour: the smaller p of the two, doubled.
  var beyondP: Double? {
    contrary.compactMap { $0?.p }.min().map { min(2 * $0, 1) }
  }

  var notices: [Notice] {
    var notices: [Notice] = []
    if let test = proportionalOdds, test.p < 0.05 {
      notices.append(Notice(SubtypeNotice.oddsNotProportional, "p \(decimals(test.p, 3))"))
    }
    if let p = beyondP, p < 0.05 {
      notices.append(Notice(SubtypeNotice.orderContradicted, "p \(decimals(p, 3))"))
    } else if betweenP ?? 1 >= 0.05 {
      notices.append(
        Notice(SubtypeNotice.orderDoubtful, betweenP.map { "p \(decimals($0, 3))" } ?? ""))
    }
    if let unordered = aic.unordered, unordered < aic.ordered - 2 {
      notices.append(
        Notice(
          SubtypeNotice.unorderedBetter,
          "AIC \(decimals(unordered, 1)) against \(decimals(aic.ordered, 1))"))
    }
    return notices
  }

  var document: JSONValue {
    [
      "association": association.document,
      "proportional_odds": proportionalOdds?.document ?? .null,
      "f2_between": ["p": .finite(betweenP), "p_beyond": .finite(beyondP)],
      "aic": ["ordered": .number(aic.ordered), "unordered": .finite(aic.unordered)],
    ]
  }
}

extension TestResult {
  var document: JSONValue {
    [
      "statistic": .number(statistic), "degrees_of_freedom": .number(degreesOfFreedom),
      "p": .number(p),
    ]
  }
}
