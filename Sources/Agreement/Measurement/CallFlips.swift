import Calibration
import Statistics

/// How often measurement noise alone would give another call: the model is asked again with noise added
/// to the measured value, the noise of one standard deviation within a participant.
public struct CallFlips: Sendable, Equatable {
  /// Percentage points.
  public let noise: Double
  /// `repeats` or `standard uncertainties`.
  public let source: String
  /// Mean over participants of the probability that the three-class call, indeterminate included, changes.
  public let subtype: Estimate
  public let arm: Estimate

  /// Values at the middle of equal shares of the noise.
  static let nodes = 21
  /// Of more participants than this, as many spread over the order of their values are asked.
  static let most = 1000
  static let least = 10

  /// - Parameters:
  ///   - repeatability: of this cohort; where it is left out, the median standard uncertainty is taken.
  public static func of(
    _ rows: [MeasurementRow], _ model: SubtypeModel?, repeatability: Figure<WithinSubject>
  ) -> Figure<CallFlips> {
    guard let model else {
      return .leftOut("no --model was given, so that calls can't be asked again with noise added")
    }
    let uncertainties = rows.compactMap(\.standardUncertainty)
    let (noise, source): (Double, String)
    if let repeats = repeatability.value {
      (noise, source) = (repeats.standardDeviation.value, "repeats")
    } else if let median = Sample.median(uncertainties), median > 0 {
      (noise, source) = (median, "standard uncertainties")
    } else {
      return .leftOut("there are neither repeats nor standard uncertainties")
    }
    let called = chosen(rows.filter { $0.percent != nil && $0.standardUncertainty != nil })
    guard called.count >= least else {
      return .leftOut("\(called.count) values have a standard uncertainty; \(least) are needed")
    }
    let steps = (0..<nodes).map {
      noise * Normal().quantile((Double($0) + 0.5) / Double(nodes))
    }
    let shares = called.map { changes($0, model, steps) }
    return .value(
      CallFlips(
        noise: noise, source: source, subtype: mean(shares.map(\.subtype)),
        arm: mean(shares.map(\.arm))))
  }

  private static func chosen(_ rows: [MeasurementRow]) -> [MeasurementRow] {
    guard rows.count > most else { return rows }
    let ordered = rows.sorted { ($0.percent ?? 0) < ($1.percent ?? 0) }
    return (0..<most).map { ordered[(2 * $0 + 1) * ordered.count / (2 * most)] }
  }

  private static func changes(_ row: MeasurementRow, _ model: SubtypeModel, _ steps: [Double]) -> (
    subtype: Double, arm: Double
  ) {
    let call = model.call(row)
    let moved = steps.map { step in
      model.call(
        MeasurementRow(
          percent: row.percent.map { $0 + step }, standardUncertainty: row.standardUncertainty,
          background: row.background))
    }
    let count = Double(steps.count)
    return (
      Double(moved.count { $0.subtype != call.subtype }) / count,
      Double(moved.count { $0.arm != call.arm }) / count
    )
  }

  private static func mean(_ shares: [Double]) -> Estimate {
    let sample = Sample(shares)
    let n = Double(sample.count)
    let reach =
      StudentT(degreesOfFreedom: n - 1).quantile(0.975) * (sample.variance / n).squareRoot()
    return Estimate(
      value: sample.mean,
      interval: .value(
        Interval(lower: sample.mean - reach, upper: sample.mean + reach).clamped(to: 0...1)),
      n: sample.count, method: Method("Student's t of the participants' mean, approximate"))
  }
}
