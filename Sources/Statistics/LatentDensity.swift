import Foundation

/// The population density of a true value x in 0...100 percent, through its transform
///
///     t(x) = ln(1 + x),  t ~ Normal(mu, sigma^2), cut off at t(0) and t(100)
///
/// so that x is positive, skewed to the right as fat fractions are, and may be 0. `mu` may depend
/// linearly on a background's transform.
public struct LatentDensity: Sendable, Equatable {
  /// The x beyond which the density is 0, percent.
  public static let support = 0.0...100.0
  /// t of the upper end; t of the lower end is 0.
  static let top = transform(support.upperBound)

  /// mu without a background, or its intercept.
  public var mean: Double
  /// Change of mu for a unit of the background's transform; nil without a background.
  public var backgroundSlope: Double?
  /// sigma, above 0.
  public var standardDeviation: Double

  public init(mean: Double, backgroundSlope: Double?, standardDeviation: Double) {
    self.mean = mean
    self.backgroundSlope = backgroundSlope
    self.standardDeviation = standardDeviation
  }

  /// t(x), x in percent and above -1.
  public static func transform(_ percent: Double) -> Double { log1p(percent) }
  /// The x with t(x) = t, percent.
  public static func percent(_ transformed: Double) -> Double { expm1(transformed) }

  /// mu for a background, given by its transform.
  public func centre(background: Double?) -> Double {
    guard let backgroundSlope, let background else { return mean }
    return mean + backgroundSlope * background
  }

  /// log p(t), and what a fit needs of it.
  struct LogDensity {
    let centre: Double
    let deviation: Double
    let logNorm: Double
    /// Derivatives of log Z, Z the share inside the support, in mu and s = log sigma.
    let zMean, zScale, zMeanMean, zMeanScale, zScaleScale: Double

    init(centre mu: Double, deviation sigma: Double) {
      centre = mu
      deviation = sigma
      let a = (LatentDensity.top - mu) / sigma
      let b = -mu / sigma
      let normal = Normal()
      let z = max(
        b > 0
          ? normal.survival(b) - normal.survival(a) : normal.cumulative(a) - normal.cumulative(b),
        .leastNormalMagnitude)
      func height(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
      let ha = height(a)
      let hb = height(b)
      let first = (hb - ha) / sigma / z
      let second = (b * hb - a * ha) / z
      zMean = first
      zScale = second
      zMeanMean = second / (sigma * sigma) - first * first
      zMeanScale = (b * b * hb - a * a * ha) / sigma / z - first - first * second
      zScaleScale = (a * ha * (1 - a * a) - b * hb * (1 - b * b)) / z - second * second
      logNorm = -log(sigma) - log(z) - log(2 * Double.pi) / 2
    }

    @inline(__always)
    func value(_ t: Double) -> Double {
      let r = (t - centre) / deviation
      return logNorm - r * r / 2
    }
  }
}
