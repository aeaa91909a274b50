import Documents
import Foundation
import Statistics

/// How a way of making models does on participants that it has not seen: ten folds, and within each
/// training part everything is done anew (population, penalty, fit, conformal folds).
package struct SubtypePerformance: Sendable {
  private var truths: [Int] = []
  private var sets: [[Int]] = []
  private var probabilities: [[Double]] = []
  private var prevalences: [[Double]] = []
  let folds: Int
  let guarantee: SubtypeModel.Guarantee

  /// nil where a fold can't be fitted: the cohort is too small to say.
  init?(
    _ rows: [LatentRow], _ options: SubtypeFitOptions, _ guarantee: SubtypeModel.Guarantee,
    start: [Double]
  ) {
    let categories = rows.map(\.category)
    let smallest = Subtype.allCases.map { k in categories.count { $0 == k.index } }.min() ?? 0
    folds = min(SubtypeFitOptions.folds, smallest)
    self.guarantee = guarantee
    let fold = StratifiedFolds.assign(
      categories, count: folds, seed: SubtypeFitOptions.seed &+ 1)
    for held in 0..<folds {
      let training = zip(rows, fold).filter { $0.1 != held }.map(\.0)
      guard let sets = try? SubtypeSets(training, options, guarantee, start: start) else {
        return nil
      }
      let shares = Subtype.allCases.map { k in
        Double(training.count { $0.category == k.index }) / Double(training.count)
      }
      let model = LatentOrdinalModel(sets.model)
      for (row, place) in zip(rows, fold) where place == held {
        guard let found = model.probabilities(row.value, background: row.background) else {
          return nil
        }
        truths.append(row.category)
        self.sets.append(sets.set(row))
        probabilities.append(found)
        prevalences.append(shares)
      }
    }
  }

  private var count: Double { Double(truths.count) }
  private func share(_ holds: (Int) -> Bool) -> Double {
    Double(truths.indices.count(where: holds)) / count
  }

  /// Share of each class whose set holds it.
  var coverage: [Double] {
    Subtype.allCases.map { k in
      let members = truths.indices.filter { truths[$0] == k.index }
      return Double(members.count { sets[$0].contains(k.index) }) / Double(members.count)
    }
  }

  /// Share of calls that are determinate, and share of those that are right; nil where none is.
  var calls: (yield: Double, accuracy: Double?) {
    let determinate = truths.indices.filter { sets[$0].count == 1 }
    let right = determinate.count { sets[$0] == [truths[$0]] }
    return (
      Double(determinate.count) / count,
      determinate.isEmpty ? nil : Double(right) / Double(determinate.count)
    )
  }

  var arms: (yield: Double, accuracy: Double?) {
    func arm(_ set: [Int]) -> Arm { Arm(set.map { Subtype.allCases[$0] }) }
    let determinate = truths.indices.filter { arm(sets[$0]) != .undetermined }
    let right = determinate.count { arm(sets[$0]) == arm([truths[$0]]) }
    return (
      Double(determinate.count) / count,
      determinate.isEmpty ? nil : Double(right) / Double(determinate.count)
    )
  }

  /// Mean of - ln P(true class), of the model and of the training prevalence.
  var logLoss: (model: Double, prevalence: Double) {
    func loss(_ shares: [[Double]]) -> Double {
      zip(shares, truths).reduce(0) { $0 - log(max($1.0[$1.1], 1e-300)) } / count
    }
    return (loss(probabilities), loss(prevalences))
  }

  /// The slope of a proportional-odds fit on the predicted linear predictor, the mean of
  /// - logit P(Y <= j): 1 where predictions are neither too bold nor too timid.
  var calibrationSlope: Double? {
    Self.calibrationSlope(truths: truths, probabilities: probabilities)
  }

  package static func calibrationSlope(truths: [Int], probabilities: [[Double]]) -> Double? {
    let predictors = probabilities.map { shares -> [Double] in
      let below = min(max(shares[0], 1e-12), 1 - 1e-12)
      let above = min(max(shares[2], 1e-12), 1 - 1e-12)
      return [-(log(below / (1 - below)) + log((1 - above) / above)) / 2]
    }
    let fit = try? CategoricalFit<ProportionalOdds>(
      categories: truths, covariates: predictors, classes: 3)
    return fit?.parameters[2]
  }

  var document: JSONValue {
    let (calls, arms, loss) = (calls, arms, logLoss)
    var covered: [String: JSONValue] = [:]
    for subtype in Subtype.allCases {
      covered[subtype.rawValue] = .number(coverage[subtype.index])
    }
    return [
      "folds": .number(Double(folds)), "conformal": .string(guarantee.rawValue),
      "coverage": .object(covered),
      "call": ["yield": .number(calls.yield), "accuracy": .finite(calls.accuracy)],
      "arm": ["yield": .number(arms.yield), "accuracy": .finite(arms.accuracy)],
      "log_loss": ["model": .number(loss.model), "prevalence": .number(loss.prevalence)],
      "calibration_slope": .finite(calibrationSlope),
    ]
  }
}
