import Foundation
import Statistics

/// What this cohort says about the assumptions of an ordinal model: that fat goes along with the
/// subtype, in which direction, that one slope serves both cuts, and that F2 lies between.
public struct OrderChecks: Sendable, Equatable {
  /// Odds ratio of a later class for one standard deviation of t = ln(1 + x / 1 %), with Wald's
  /// interval on the log scale; above 1 where the class rises with fat.
  public let oddsRatio: Figure<Estimate>
  /// Likelihood ratio against no association.
  public let association: Figure<TestResult>
  /// Brant's, on the measured values; a small p speaks against one slope for both cuts.
  public let proportionalOdds: Figure<TestResult>
  /// The sign of the slope, where its interval excludes none.
  public let direction: Figure<Direction>
  /// That the middle class lies above its lower and below its upper neighbour in the slope's
  /// direction: the larger p of two one-sided Welch tests. A small p speaks for it.
  public let middleBetween: Figure<Double>

  /// - Parameters:
  ///   - rows: three classes; with standard uncertainties the fits allow for them.
  ///   - classes: their names.
  public init(_ rows: [LatentRow], classes: [String], level: Double = 0.95) {
    let rows = rows.map(\.possible)
    let t = rows.map { LatentDensity.transform(max($0.value.percent, 0)) }
    if let missing = classes.indices.first(where: { k in !rows.contains { $0.category == k } }) {
      self.init(leftOut: "no participant has tissue \(classes[missing])")
    } else if Sample(t).variance == 0 {
      self.init(leftOut: "all measured values are the same")
    } else {
      self.init(rows, t, level: level)
    }
  }

  private init(_ rows: [LatentRow], _ t: [Double], level: Double) {
    proportionalOdds =
      BrantTest.test(categories: rows.map(\.category), covariates: t.map { [$0] })
      .map { .value($0) }
      ?? .leftOut("a cut separates the classes, so that its slope has no bound")
    guard let full = try? LatentFit<ProportionalOdds>(rows, LatentFitOptions()),
      let none = try? LatentFit<ProportionalOdds>(rows, LatentFitOptions(withoutAssociation: true))
    else {
      let reason = "the values separate the classes, so that the slope has no bound"
      oddsRatio = .leftOut(reason)
      association = .leftOut(reason)
      direction = .leftOut(reason)
      middleBetween = .leftOut(reason)
      return
    }
    let spread = Sample(t).standardDeviation
    let slope = full.response[2] * spread
    let interval = Interval.wald(
      slope, standardError: full.standardError(2) * spread, level: level)
    oddsRatio = .value(
      Estimate(
        value: exp(slope),
        interval: .value(
          Interval(lower: exp(interval.lower), upper: exp(interval.upper), level: level)),
        n: rows.count, method: .oddsRatio))
    association = .value(
      .likelihoodRatio(
        full: full.logLikelihood, restricted: none.logLikelihood, degreesOfFreedom: 1))
    direction =
      interval.contains(0)
      ? .leftOut("the slope's interval holds 0: this cohort does not show a direction")
      : .value(slope > 0 ? .rises : .falls)
    middleBetween = Self.between(rows, t, rises: slope > 0)
  }

  private init(leftOut reason: String) {
    oddsRatio = .leftOut(reason)
    association = .leftOut(reason)
    proportionalOdds = .leftOut(reason)
    direction = .leftOut(reason)
    middleBetween = .leftOut(reason)
  }

  private static func between(_ rows: [LatentRow], _ t: [Double], rises: Bool) -> Figure<Double> {
    let byClass = (0..<3).map { k in zip(rows, t).filter { $0.0.category == k }.map(\.1) }
    let ordered = rises ? byClass : byClass.reversed()
    guard let lower = WelchTest.exceeds(ordered[1], ordered[0]),
      let upper = WelchTest.exceeds(ordered[2], ordered[1])
    else { return .leftOut("a class has fewer than two members, or no spread") }
    return .value(max(lower.p, upper.p))
  }
}

extension LatentRow {
  /// With a value that no true one explains (noise below 0 %, and no uncertainty given) moved to the
  /// nearest possible.
  var possible: LatentRow {
    value.isPossible
      ? self
      : LatentRow(
        value: MeasuredValue(
          percent: min(max(value.percent, 0), 100), standardUncertainty: value.standardUncertainty),
        background: background, category: category)
  }
}

extension Method {
  public static let oddsRatio = Method(
    "Wald, of a proportional-odds fit with errors in variables",
    reference:
      "McCullagh P. J R Stat Soc B 1980;42:109-142; Carroll RJ et al. Measurement Error in "
      + "Nonlinear Models, 2nd ed., chapter 8")
}
