import Foundation
import Statistics
import TestSupport
import Testing

/// Distributions against SciPy.
@Suite struct DistributionTests {
  /// Relative 1e-12, absolute 1e-300: both libraries promise about 1e-14 relative.
  private func agree(_ own: Double, _ reference: Double, _ what: String) {
    let near =
      own == reference || (own.isNaN && reference.isNaN)
      || abs(own - reference) <= 1e-12 * abs(reference) + 1e-300
    #expect(near, "\(what): \(own), SciPy \(reference)")
  }

  @Test func cumulativesAndQuantilesAreSciPys() throws {
    let lines = try Tools.reference("distributions").split(separator: "\n")
    #expect(lines.count > 300)
    for line in lines {
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst(2).compactMap { Double($0) }
      let distribution = try #require(family(String(fields[0]), numbers.dropLast(2)))
      let (x, expected) = (numbers[numbers.count - 2], numbers[numbers.count - 1])
      let own =
        switch fields[1] {
        case "cdf": distribution.cumulative(x)
        case "sf": distribution.survival(x)
        default: distribution.quantile(x)
        }
      agree(own, expected, String(line))
    }
  }

  private func family(_ name: String, _ parameters: ArraySlice<Double>)
    -> (any ContinuousDistribution)?
  {
    let p = Array(parameters)
    switch name {
    case "normal": return Normal(mean: p[0], standardDeviation: p[1])
    case "t": return StudentT(degreesOfFreedom: p[0])
    case "chi2": return ChiSquared(degreesOfFreedom: p[0])
    case "f": return FisherF(numeratorDegrees: p[0], denominatorDegrees: p[1])
    case "beta": return Beta(p[0], p[1])
    default: return nil
    }
  }

  @Test func theBinomialSumsUp() throws {
    let lines = try Tools.reference("distributions", ["binomial"]).split(separator: "\n")
    #expect(lines.count > 50)
    for line in lines {
      let n = line.split(separator: " ").compactMap { Double($0) }
      let binomial = Binomial(trials: Int(n[0]), probability: n[1])
      agree(binomial.mass(Int(n[2])), n[3], "mass \(line)")
      agree(binomial.cumulative(Int(n[2])), n[4], "cdf \(line)")
      agree(binomial.survival(Int(n[2])), n[5], "sf \(line)")
    }
  }

  @Test func outsideTheDomainIsNaN() {
    #expect(StudentT(degreesOfFreedom: -1).cumulative(0).isNaN)
    #expect(Normal().quantile(1.5).isNaN)
    #expect(Beta(0, 1).cumulative(0.5).isNaN)
    #expect(Normal().quantile(1) == .infinity)
  }

  /// 2 n - 1 is the highest degree that n nodes integrate exactly; 1e-13 allows for rounding.
  @Test(arguments: [1, 2, 5, 16, 63, 64]) func gaussLegendreIsExact(count: Int) {
    let rule = GaussLegendre(count)
    #expect(rule.nodes == rule.nodes.sorted())
    for degree in [0, 1, 2 * count - 2, 2 * count - 1] where degree >= 0 {
      let sum = rule.integral(from: 0, to: 1) { pow($0, Double(degree)) }
      #expect(abs(sum - 1 / Double(degree + 1)) < 1e-13)
    }
  }
}
