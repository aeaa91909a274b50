import Foundation

/// A proportional-odds model of a true value, and the population from which the value comes: enough
/// to say how probable each class is for a value measured with error.
public struct LatentOrdinalModel: Sendable, Equatable {
  /// Increasing; in the units of t = ln(1 + x / 1 %).
  public let thresholds: [Double]
  /// Positive where the class rises with the value.
  public let slope: Double
  /// For the background's transform; nil where the model has no background.
  public let backgroundSlope: Double?
  public let density: LatentDensity

  public init(
    thresholds: [Double], slope: Double, backgroundSlope: Double?, density: LatentDensity
  ) {
    self.thresholds = thresholds
    self.slope = slope
    self.backgroundSlope = backgroundSlope
    self.density = density
  }

  public init(_ fit: LatentFit<ProportionalOdds>) {
    let slopes = fit.density.backgroundSlope == nil ? 1 : 2
    let thresholds = fit.responseCount - slopes
    self.init(
      thresholds: Array(fit.response[..<thresholds]), slope: fit.response[thresholds],
      backgroundSlope: slopes == 2 ? fit.response[thresholds + 1] : nil, density: fit.density)
  }

  /// P(k | x) of every class at a true value in percent.
  ///
  /// - Parameter background: its transform; needed where the model has one.
  public func probabilities(trueValue percent: Double, background: Double? = nil) -> [Double] {
    probabilities(transformed: LatentDensity.transform(percent), background: background)
  }

  /// P(k | m, u) = integral P(k|x) N(m; x, u^2) p(x) dx / integral N(m; x, u^2) p(x) dx.
  ///
  /// As u grows it tends to the integral of P(k|x) p(x), the prevalence; at u = 0 it is P(k|m).
  /// nil where no true value explains the measured one: at u = 0 outside 0...100 %, otherwise more
  /// than five standard uncertainties outside.
  public func probabilities(_ value: MeasuredValue, background: Double? = nil) -> [Double]? {
    guard value.isPossible else { return nil }
    let shape = LatentDensity.LogDensity(
      centre: density.centre(background: background), deviation: density.standardDeviation)
    var sums = [Double](repeating: 0, count: thresholds.count + 1)
    let shift = (backgroundSlope ?? 0) * (background ?? 0)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: LatentQuadrature.Nodes.room) {
      var nodes = LatentQuadrature.Nodes($0)
      LatentQuadrature.fill(&nodes, value, shape)
      for index in 0..<nodes.count {
        var below = ProportionalOdds.Tail(-.infinity)
        for k in sums.indices {
          let above = ProportionalOdds.Tail(
            k < thresholds.count ? thresholds[k] - slope * nodes.t[index] - shift : .infinity)
          sums[k] += nodes.weight[index] * ProportionalOdds.Tail.difference(above, below)
          below = above
        }
      }
    }
    let all = sums.reduce(0, +)
    return sums.map { $0 / all }
  }

  /// The limit of `probabilities` as u grows: integral of P(k|x) p(x) over the support.
  public func prevalence(background: Double? = nil) -> [Double] {
    probabilities(MeasuredValue(percent: 0, standardUncertainty: 1e9), background: background)
      ?? []
  }

  private func probabilities(transformed t: Double, background: Double?) -> [Double] {
    let z = backgroundSlope == nil ? [t] : [t, background ?? 0]
    return ProportionalOdds.probabilities(
      thresholds + [slope] + (backgroundSlope.map { [$0] } ?? []), z: z)
  }
}
