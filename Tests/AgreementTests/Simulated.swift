import Agreement
import Foundation
import Statistics

/// Cohorts whose truth is known.
enum Simulated {
  static let prevalence = [0.4, 0.3, 0.3]

  /// An index with the given shares.
  static func draw(_ shares: [Double], _ random: inout SeededRandom) -> Int {
    var rest = random.uniform()
    for (index, share) in shares.enumerated() {
      if rest < share { return index }
      rest -= share
    }
    return shares.count - 1
  }

  /// Values normal in each class, `step` apart.
  static func values(_ n: Int, step: Double, _ random: inout SeededRandom) -> ClassedValues {
    let tissue = (0..<n).map { _ in draw(prevalence, &random) }
    return ClassedValues(
      classes: subtypes, values: tissue.map { step * Double($0) + random.normal() },
      tissue: tissue)
  }

  /// The figures of endless such values.
  struct Truth {
    let area, equal, sample, concordance, volume: Double

    init(step: Double) {
      let p = Simulated.prevalence
      let normal = Normal()
      let (near, far) = (
        normal.cumulative(step / 2.squareRoot()), normal.cumulative(2 * step / 2.squareRoot())
      )
      area = (p[0] * far + p[1] * near) / (p[0] + p[1])
      equal = 1 - ((1 - near) + (1 - far)) / 3
      let weights = [p[0] * p[1], p[0] * p[2], p[1] * p[2]]
      let sum = weights.reduce(0, +)
      concordance = ((weights[0] + weights[2]) * near + weights[1] * far) / sum
      sample =
        1 - ((weights[0] + weights[2]) * (1 - near) / 2 + weights[1] * (1 - far)) / sum
      volume = GaussLegendre(64).integral(from: -8, to: 8) { y in
        normal.cumulative(y + step) * normal.survival(y - step) * exp(-y * y / 2)
          / (2 * Double.pi).squareRoot()
      }
    }
  }

  /// Values of ln(1 + x / 1 %) that are normal, classes by proportional odds on them.
  struct World {
    let parameters: [Double]
    static let mean = 1.8
    static let deviation = 0.6

    init(slope: Double) {
      parameters = [slope * 1.6, slope * 2.1, slope]
    }

    struct Cohort {
      let z: [Double]
      let forecasts: Forecasts
      var rows: [LatentRow] {
        zip(z, forecasts.tissue).map {
          LatentRow(
            value: MeasuredValue(percent: expm1($0), standardUncertainty: 0), background: nil,
            category: $1)
        }
      }
    }

    func shares(_ z: Double) -> [Double] { ProportionalOdds.probabilities(parameters, z: [z]) }

    func draw(_ n: Int, _ random: inout SeededRandom) -> Cohort {
      let z = (0..<n).map { _ in max(Self.mean + Self.deviation * random.normal(), 0) }
      let tissue = z.map { Simulated.draw(shares($0), &random) }
      return Cohort(
        z: z, forecasts: Forecasts(classes: subtypes, probabilities: z.map(shares), tissue: tissue))
    }

    /// The mean over z; below 0, where one of 740 lies, all is moved to 0.
    private func mean(_ value: (Double) -> Double) -> Double {
      let normal = Normal(mean: Self.mean, standardDeviation: Self.deviation)
      let inside = GaussLegendre(64).integral(from: 0, to: Self.mean + 8 * Self.deviation) { z in
        let r = (z - Self.mean) / Self.deviation
        return value(z) * exp(-r * r / 2) / (Self.deviation * (2 * Double.pi).squareRoot())
      }
      return inside + normal.cumulative(0) * value(0)
    }

    /// E sum (p_k - o_k)^2 = E sum p_k (1 - p_k) where p are the true shares.
    var brier: Double { mean { shares($0).reduce(0) { $0 + $1 * (1 - $1) } } }
    /// Likewise of the cumulated shares, halved.
    var ranked: Double {
      mean { z in
        let p = shares(z)
        return (p[0] * (1 - p[0]) + p[2] * (1 - p[2])) / 2
      }
    }

    /// The mean of max(p - (1 - p) t / (1 - t), 0), split where it starts.
    func netBenefit(_ threshold: Double) -> Double {
      // P(F3 | z) is the threshold where slope z = theta_2 + logit t.
      let start = (parameters[1] + log(threshold / (1 - threshold))) / parameters[2]
      let harm = threshold / (1 - threshold)
      let low = max(start, 0)
      let inside = GaussLegendre(64).integral(
        from: low, to: max(Self.mean + 8 * Self.deviation, low)
      ) { z in
        let r = (z - Self.mean) / Self.deviation
        let p = shares(z)[2]
        return (p - (1 - p) * harm) * exp(-r * r / 2)
          / (Self.deviation * (2 * Double.pi).squareRoot())
      }
      let p = shares(0)[2]
      let below = Normal(mean: Self.mean, standardDeviation: Self.deviation).cumulative(0)
      return inside + (start <= 0 ? below * (p - (1 - p) * harm) : 0)
    }
  }
}
