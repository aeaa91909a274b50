import Foundation
import Statistics
import Synchronization

/// How well a way of making models does on participants that it has not seen, and how much the
/// figures on its own participants flatter it (Stone, J R Stat Soc B 1974;36:111; Varma and Simon,
/// BMC Bioinformatics 2006;7:91).
///
/// The cohort is dealt into outer folds. All that is learned is learned anew without each fold: the
/// penalty, by inner folds of what is left, then population and ordinal model. The fold is forecast by
/// that model. The *apparent* figures are those of a model made from all, on all. The penalty alone is
/// chosen with measured values taken as exact: that costs a tenth, and no forecast is made with it.
public struct NestedValidation: Sendable, Equatable {
  /// One figure, twice.
  public struct Performance: Sendable, Equatable {
    /// On the participants of whom the model was made.
    public let apparent: Double
    /// On participants held out. Their forecasts are not quite independent, since training parts
    /// overlap: the interval is approximate.
    public let validated: Estimate
    /// By how much the apparent figure is too good; above 0 where it flatters.
    public let optimism: Double
  }

  /// Outer folds.
  public let folds: Int
  /// How often each penalty, the prior standard deviation of the log odds ratio, was chosen; empty
  /// where the cohort is so large that none matters, and the middle one was taken.
  public let chosen: [Double: Int]
  /// The most probable class is the tissue's.
  public let accuracy: Figure<Performance>
  public let brier: Figure<Performance>
  public let rankedProbability: Figure<Performance>
  /// Of the expected class.
  public let concordance: Figure<Performance>
  public let calibrationSlope: Figure<Performance>
  /// Of each participant when held out, in the order of the rows.
  public let heldOut: Forecasts

  /// Left out where a class has fewer than four members, or a training part can't be fitted.
  ///
  /// - Parameters:
  ///   - rows: three classes; with standard uncertainties the fits allow for them.
  ///   - classes: their names.
  ///   - seed: of the folds.
  public static func figure(
    _ rows: [LatentRow], classes: [String], seed: UInt64 = 1, level: Double = 0.95
  ) -> Figure<NestedValidation> {
    let rows = rows.map(\.possible)
    let counts = classes.indices.map { k in rows.count { $0.category == k } }
    let smallest = counts.min() ?? 0
    guard smallest >= 4 else {
      return .leftOut("a class has fewer than four members, too few for folds within folds")
    }
    let learner = NestedLearner(classes: classes.count, seed: seed)
    guard let whole = learner.learn(rows, start: nil), let apparent = whole.forecasts(rows) else {
      return .leftOut("a model can't be fitted to this cohort")
    }
    let folds = min(NestedLearner.outerFolds(rows.count), smallest)
    guard let held = learner.holdOut(rows, folds: folds, start: whole.parameters) else {
      return .leftOut("a model can't be fitted to a part of this cohort")
    }
    let tissue = rows.map(\.category)
    return .value(
      NestedValidation(
        folds: folds, chosen: held.chosen,
        apparent: Forecasts(classes: classes, probabilities: apparent, tissue: tissue),
        heldOut: Forecasts(classes: classes, probabilities: held.forecasts, tissue: tissue),
        level: level))
  }

  private init(
    folds: Int, chosen: [Double: Int], apparent: Forecasts, heldOut: Forecasts, level: Double
  ) {
    func performance(worseIs sign: Double, _ figure: (Forecasts) -> Figure<Estimate>)
      -> Figure<Performance>
    {
      figure(apparent).flatMap { first in
        figure(heldOut).map { second in
          Performance(
            apparent: first.value, validated: second,
            optimism: sign * (second.value - first.value))
        }
      }
    }
    self.folds = folds
    self.chosen = chosen
    self.heldOut = heldOut
    accuracy = performance(worseIs: -1) { $0.accuracy(level: level) }
    brier = performance(worseIs: 1) { ForecastScores($0, level: level).brier }
    rankedProbability = performance(worseIs: 1) {
      ForecastScores($0, level: level).rankedProbability
    }
    concordance = performance(worseIs: -1) {
      Concordance.figure($0.expected, direction: .rises, level: level)
    }
    calibrationSlope = performance(worseIs: -1) { CalibrationSlope.figure($0, level: level) }
  }
}

extension Forecasts {
  /// The expected class of each, sum of k p_k, beside its tissue.
  var expected: ClassedValues {
    ClassedValues(
      classes: classes,
      values: probabilities.map {
        $0.enumerated().reduce(0) { $0 + Double($1.offset) * $1.element }
      },
      tissue: tissue)
  }

  /// The most probable class is the tissue's; of equal ones the first counts.
  func accuracy(level: Double) -> Figure<Estimate> {
    let right = zip(probabilities, tissue).count { shares, k in
      shares.firstIndex(of: shares.max() ?? 0) == k
    }
    guard let share = Proportion(right, of: count, level: level) else {
      return .leftOut("there are no participants")
    }
    return .value(
      Estimate(
        value: share.value, interval: .value(share.interval), n: count, method: .clopperPearson))
  }
}

/// A way of making models: proportional odds with errors in variables, its penalty by inner folds.
struct NestedLearner {
  /// Ten; five where a fifth less to learn from makes no difference.
  static func outerFolds(_ count: Int) -> Int { count > 2000 ? 5 : 10 }
  static let innerFolds = 5
  /// Prior standard deviations of the log odds ratio per standard deviation of t: from much to little.
  static let priors = [0.5, 1.5, 4.5]
  static let middlePrior = 1.5
  /// Beyond it the data outweigh any of the priors: a slope's standard error is then about 0.1, and
  /// the tightest draws it in by (0.1 / 0.5)^2, 4 %.
  static let largestForChoice = 500

  let classes: Int
  let seed: UInt64

  struct Model {
    let ordinal: LatentOrdinalModel
    let parameters: [Double]
    /// nil where nothing was chosen.
    let prior: Double?

    func forecasts(_ rows: [LatentRow]) -> [[Double]]? {
      let found = rows.compactMap { ordinal.probabilities($0.value) }
      return found.count == rows.count ? found : nil
    }
  }

  /// nil where no penalty lets the rows be fitted.
  func learn(_ rows: [LatentRow], start: [Double]?) -> Model? {
    if rows.count > Self.largestForChoice {
      return fit(rows, prior: Self.middlePrior, start: start).map {
        Model(ordinal: $0.ordinal, parameters: $0.parameters, prior: nil)
      }
    }
    let exact = rows.map(\.exact)
    let ranked = Self.priors.compactMap { prior in
      innerScore(exact, prior: prior, start: start).map { (prior: prior, score: $0) }
    }
    guard let best = ranked.min(by: { $0.score < $1.score }) else { return nil }
    return fit(rows, prior: best.prior, start: start)
  }

  private func fit(_ rows: [LatentRow], prior: Double, start: [Double]?) -> Model? {
    let options = LatentFitOptions(classes: classes, priorDeviation: prior)
    guard let fit = try? LatentFit<ProportionalOdds>(rows, options, start: start) else {
      return nil
    }
    return Model(ordinal: LatentOrdinalModel(fit), parameters: fit.parameters, prior: prior)
  }

  /// The ranked probability score on inner folds.
  private func innerScore(_ rows: [LatentRow], prior: Double, start: [Double]?) -> Double? {
    let categories = rows.map(\.category)
    let smallest = (0..<classes).map { k in categories.count { $0 == k } }.min() ?? 0
    let count = min(Self.innerFolds, smallest)
    let fold = StratifiedFolds.assign(categories, count: count, seed: seed &+ 1)
    var sum = 0.0
    for held in 0..<count {
      let training = zip(rows, fold).filter { $0.1 != held }.map(\.0)
      let test = zip(rows, fold).filter { $0.1 == held }.map(\.0)
      guard let forecasts = fit(training, prior: prior, start: start)?.forecasts(test) else {
        return nil
      }
      for (shares, row) in zip(forecasts, test) {
        sum += ForecastScores.rankedProbability(shares, row.category)
      }
    }
    return sum
  }

  /// Forecasts of every row by a model made without its fold, and the penalties chosen.
  func holdOut(_ rows: [LatentRow], folds: Int, start: [Double])
    -> (forecasts: [[Double]], chosen: [Double: Int])?
  {
    let fold = StratifiedFolds.assign(rows.map(\.category), count: folds, seed: seed)
    let results = Mutex<[Int: (shares: [[Double]], prior: Double?)]>([:])
    DispatchQueue.concurrentPerform(iterations: folds) { held in
      let training = zip(rows, fold).filter { $0.1 != held }.map(\.0)
      let test = zip(rows, fold).filter { $0.1 == held }.map(\.0)
      guard let model = learn(training, start: start), let shares = model.forecasts(test) else {
        return
      }
      results.withLock { $0[held] = (shares, model.prior) }
    }
    let found = results.withLock { $0 }
    guard found.count == folds else { return nil }
    var forecasts = [[Double]](repeating: [], count: rows.count)
    var chosen: [Double: Int] = [:]
    for held in 0..<folds {
      guard let result = found[held] else { return nil }
      for (place, shares) in zip(rows.indices.filter { fold[$0] == held }, result.shares) {
        forecasts[place] = shares
      }
      if let prior = result.prior { chosen[prior, default: 0] += 1 }
    }
    return (forecasts, chosen)
  }
}

extension LatentRow {
  /// With the measured value, kept within what can be, taken as the true one.
  fileprivate var exact: LatentRow {
    LatentRow(
      value: MeasuredValue(percent: value.percent, standardUncertainty: 0), background: background,
      category: category
    ).possible
  }
}
