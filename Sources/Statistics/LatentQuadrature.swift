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
/// the measured value and the population. Two Gaussians and logistic curves over at most eighteen
/// standard deviations leave an error below 1e-10 (measured against SciPy's adaptive rule).
struct LatentQuadrature {
  static let rule = GaussLegendre(64)
  static let reach = 9.0

  /// The range of t that is summed.
  static func range(_ value: MeasuredValue, centre: Double, deviation: Double)
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

  /// Calls `body` with each t and the logarithm of its weight, N(m; x, u^2) p(t) but for a constant
  /// that is the same for every model.
  @inline(__always)
  static func forEach(
    _ value: MeasuredValue, _ density: LatentDensity.LogDensity,
    _ body: (_ t: Double, _ logWeight: Double) -> Void
  ) {
    guard value.standardUncertainty > 0 else {
      let t = LatentDensity.transform(value.percent)
      return body(t, density.value(t))
    }
    let range = range(value, centre: density.centre, deviation: density.deviation)
    let half = (range.upperBound - range.lowerBound) / 2
    let centre = (range.upperBound + range.lowerBound) / 2
    let logScale = log(half) - log(value.standardUncertainty)
    rule.nodes.withUnsafeBufferPointer { nodes in
      logWeights.withUnsafeBufferPointer { weights in
        for index in 0..<nodes.count {
          let t = centre + half * nodes[index]
          let miss = (value.percent - expm1(t)) / value.standardUncertainty
          body(t, logScale + weights[index] - miss * miss / 2 + density.value(t))
        }
      }
    }
  }

  private static let logWeights = rule.weights.map { log($0) }
}
