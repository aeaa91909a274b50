import Foundation
import Statistics

/// Cohorts whose truth is known: ln(1 + x) normal and cut off at 0, proportional odds in it, values
/// measured with a normal error.
public struct LatentCohort: Sendable {
  public var mean = 1.8
  public var deviation = 0.55
  /// Odds ratio for one standard deviation of ln(1 + x).
  public var oddsRatio = 3.0
  /// Odds of the linear predictor at which classes change, around the mean.
  public var cuts = (-0.7, 0.7)
  public var uncertainty = 1.0

  public init(
    mean: Double = 1.8, deviation: Double = 0.55, oddsRatio: Double = 3,
    cuts: (Double, Double) = (-0.7, 0.7), uncertainty: Double = 1
  ) {
    self.mean = mean
    self.deviation = deviation
    self.oddsRatio = oddsRatio
    self.cuts = cuts
    self.uncertainty = uncertainty
  }

  public var slope: Double { log(oddsRatio) / deviation }

  public func row(_ random: inout SeededRandom) -> LatentRow {
    let t = max(mean + deviation * random.normal(), 0)
    let chance = random.uniform()
    let predictor = slope * (t - mean) + log(chance / (1 - chance))
    let category = predictor < cuts.0 ? 0 : predictor < cuts.1 ? 1 : 2
    return LatentRow(
      value: MeasuredValue(
        percent: LatentDensity.percent(t) + uncertainty * random.normal(),
        standardUncertainty: uncertainty),
      background: nil, category: category)
  }

  /// As many of each class as asked for, each as `row` makes it: values as they are within a class.
  public func rows(ofEachClass counts: [Int], seed: UInt64) -> [LatentRow] {
    var random = SeededRandom(seed: seed)
    var left = counts
    var rows: [LatentRow] = []
    while left.contains(where: { $0 > 0 }) {
      let row = row(&random)
      guard left[row.category] > 0 else { continue }
      left[row.category] -= 1
      rows.append(row)
    }
    return rows
  }

  public func rows(_ count: Int, seed: UInt64) -> [LatentRow] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in row(&random) }
  }
}
