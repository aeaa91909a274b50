import Foundation

/// A value as measured, in percent, and its standard uncertainty.
public struct MeasuredValue: Sendable, Equatable {
  public let percent: Double
  /// 0 or more; 0 says that the true value is `percent`.
  public let standardUncertainty: Double
  public init(percent: Double, standardUncertainty: Double) {
    self.percent = percent
    self.standardUncertainty = standardUncertainty
  }

  /// Whether some true value in the support explains the measured one: it may lie beyond an end by
  /// at most five standard uncertainties.
  public var isPossible: Bool {
    let reach = 5 * standardUncertainty
    return percent >= LatentDensity.support.lowerBound - reach
      && percent <= LatentDensity.support.upperBound + reach
  }
}

/// Where, and with which weights, a posterior of the true value is summed:
///
///     integral over x of g(x) N(m; x, u^2) p(x) dx = integral over t of g N(m; x(t), u^2) p(t) dt
///
/// by 64 Gauss-Legendre nodes over the part of the support within nine standard deviations of both
/// the measured value and the population. Against SciPy's adaptive rule probabilities agree to 1e-9 at
/// an odds ratio of 9 for a standard deviation, and better below; much steeper curves lose digits.
struct LatentQuadrature {
  private static let rule = GaussLegendre(64)
  private static let reach = 9.0

  /// The range of t that is summed.
  private static func range(_ value: MeasuredValue, centre: Double, deviation: Double)
    -> ClosedRange<Double>
  {
    let support = LatentDensity.support
    let reach = Self.reach * value.standardUncertainty
    let low = min(max(value.percent - reach, support.lowerBound), support.upperBound)
    let high = max(min(value.percent + reach, support.upperBound), low)
    let measured = LatentDensity.transform(low)...LatentDensity.transform(high)
    let below = max(measured.lowerBound, centre - Self.reach * deviation)
    let above = min(measured.upperBound, centre + Self.reach * deviation)
    // A value far from the whole population: only the measurement's own range is left.
    return below < above ? below...above : measured
  }

  /// The t at which the posterior is summed, and their weights in units of the largest.
  struct Nodes {
    let t: UnsafeMutableBufferPointer<Double>
    let weight: UnsafeMutableBufferPointer<Double>
    fileprivate(set) var count = 0
    /// Logarithm of the unit of the weights: N(m; x, u^2) p(t), but for a constant of the data.
    fileprivate(set) var logUnit = 0.0

    /// How many values `memory` holds.
    static let room = 2 * 64

    init(_ memory: UnsafeMutableBufferPointer<Double>) {
      t = UnsafeMutableBufferPointer(rebasing: memory[..<64])
      weight = UnsafeMutableBufferPointer(rebasing: memory[64..<128])
    }
  }

  static func fill(
    _ nodes: inout Nodes, _ value: MeasuredValue, _ density: LatentDensity.LogDensity
  ) {
    guard value.standardUncertainty > 0 else {
      nodes.count = 1
      nodes.t[0] = LatentDensity.transform(value.percent)
      nodes.weight[0] = 1
      nodes.logUnit = density.value(nodes.t[0])
      return
    }
    let range = range(value, centre: density.centre, deviation: density.deviation)
    let half = (range.upperBound - range.lowerBound) / 2
    let centre = (range.upperBound + range.lowerBound) / 2
    nodes.count = 64
    var largest = -Double.infinity
    rule.nodes.withUnsafeBufferPointer { places in
      for index in 0..<64 {
        let t = centre + half * places[index]
        let miss = (value.percent - expm1(t)) / value.standardUncertainty
        let logWeight = density.value(t) - miss * miss / 2
        nodes.t[index] = t
        nodes.weight[index] = logWeight
        largest = max(largest, logWeight)
      }
    }
    rule.weights.withUnsafeBufferPointer { weights in
      for index in 0..<64 {
        nodes.weight[index] = weights[index] * exp(nodes.weight[index] - largest)
      }
    }
    nodes.logUnit = largest + log(half) - log(value.standardUncertainty)
  }
}
