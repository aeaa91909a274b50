import Foundation

/// How the probabilities of K classes depend on covariates z, with derivatives for a fit.
public protocol CategoricalResponse: Sendable {
  /// How many parameters there are.
  static func parameterCount(classes: Int, covariates: Int) -> Int

  /// Parameters for which the covariates say nothing and the classes have these shares.
  static func start(shares: [Double], covariates: Int) -> [Double]

  /// The parameters that belong to covariate `index`.
  static func slopes(of index: Int, classes: Int, covariates: Int) -> [Int]

  /// log P(class | z), its gradient and its Hessian in the parameters.
  ///
  /// - Parameters:
  ///   - class: 0..<classes.
  ///   - z: as many values as there are covariates.
  ///   - gradient: room for one value a parameter, overwritten.
  ///   - hessian: room for a square of them, overwritten.
  static func logProbability(
    of class: Int, classes: Int, z: UnsafeBufferPointer<Double>,
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>,
    hessian: UnsafeMutableBufferPointer<Double>
  ) -> Double

  /// Whether the parameters make every probability positive.
  static func allows(_ parameters: [Double], classes: Int) -> Bool
}

/// Proportional odds (McCullagh 1980): with F the logistic function,
///
///     P(Y <= j | z) = F(theta_j - beta . z),  theta_1 < ... < theta_(K-1)
///
/// Parameters: the thresholds theta, then beta. A positive beta: Y rises with z.
public enum ProportionalOdds: CategoricalResponse {
  public static func parameterCount(classes: Int, covariates: Int) -> Int {
    classes - 1 + covariates
  }

  public static func start(shares: [Double], covariates: Int) -> [Double] {
    var below = 0.0
    let thresholds = shares.dropLast().map { share -> Double in
      below += share
      return log(below / (1 - below))
    }
    return thresholds + [Double](repeating: 0, count: covariates)
  }

  public static func slopes(of index: Int, classes: Int, covariates: Int) -> [Int] {
    [classes - 1 + index]
  }

  public static func allows(_ parameters: [Double], classes: Int) -> Bool {
    zip(parameters[..<(classes - 1)], parameters[1..<max(classes - 1, 1)]).allSatisfy { $0 < $1 }
  }

  /// P(class | z) for every class.
  ///
  /// - Parameter parameters: thresholds, then one slope for each of z.
  public static func probabilities(_ parameters: [Double], z: [Double]) -> [Double] {
    let thresholds = parameters.count - z.count
    let shift = zip(parameters[thresholds...], z).reduce(0) { $0 + $1.0 * $1.1 }
    return (0...thresholds).map { j in
      difference(
        j < thresholds ? parameters[j] - shift : .infinity,
        j > 0 ? parameters[j - 1] - shift : -.infinity)
    }
  }

  public static func logProbability(
    of class: Int, classes: Int, z: UnsafeBufferPointer<Double>,
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>,
    hessian: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let thresholds = classes - 1
    let count = thresholds + z.count
    var shift = 0.0
    for index in 0..<z.count { shift += parameters[thresholds + index] * z[index] }
    let upper = `class` < thresholds ? parameters[`class`] - shift : .infinity
    let lower = `class` > 0 ? parameters[`class` - 1] - shift : -.infinity
    let probability = max(difference(upper, lower), .leastNormalMagnitude)
    let (densityAbove, slopeAbove) = logisticDensity(upper)
    let (densityBelow, slopeBelow) = logisticDensity(lower)
    // First and second derivatives of log P in the two ends; the mixed one is - ga gb.
    let ga = densityAbove / probability
    let gb = -densityBelow / probability
    let haa = slopeAbove / probability - ga * ga
    let hbb = -slopeBelow / probability - gb * gb
    let hab = -ga * gb
    gradient.update(repeating: 0)
    hessian.update(repeating: 0)
    func add(_ i: Int, _ j: Int, _ value: Double) { hessian[i * count + j] += value }
    let a = `class`
    let b = `class` - 1
    if a < thresholds {
      gradient[a] = ga
      add(a, a, haa)
    }
    if b >= 0 {
      gradient[b] = gb
      add(b, b, hbb)
      if a < thresholds {
        add(a, b, hab)
        add(b, a, hab)
      }
    }
    for index in 0..<z.count {
      let slope = thresholds + index
      gradient[slope] = -(ga + gb) * z[index]
      if a < thresholds {
        add(a, slope, -(haa + hab) * z[index])
        add(slope, a, -(haa + hab) * z[index])
      }
      if b >= 0 {
        add(b, slope, -(hbb + hab) * z[index])
        add(slope, b, -(hbb + hab) * z[index])
      }
      for other in 0..<z.count {
        add(slope, thresholds + other, (haa + 2 * hab + hbb) * z[index] * z[other])
      }
    }
    return log(probability)
  }

  /// F(upper) - F(lower) without cancellation in the upper tail.
  @inline(__always)
  static func difference(_ upper: Double, _ lower: Double) -> Double {
    lower > 0 ? logistic(-lower) - logistic(-upper) : logistic(upper) - logistic(lower)
  }

  @inline(__always)
  static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// The logistic density and its derivative; both 0 at the infinities.
  @inline(__always)
  private static func logisticDensity(_ x: Double) -> (density: Double, slope: Double) {
    guard x.isFinite else { return (0, 0) }
    let tail = exp(-abs(x))
    let density = tail / ((1 + tail) * (1 + tail))
    let slope = density * (1 - tail) / (1 + tail)
    return (density, x > 0 ? -slope : slope)
  }
}

/// Classes without an order (multinomial logit, the first class the baseline):
///
///     P(Y = k | z) proportional to exp(a_k + b_k . z),  a_1 = 0, b_1 = 0
///
/// Parameters: for each further class a_k, then b_k.
public enum MultinomialLogit: CategoricalResponse {
  public static func parameterCount(classes: Int, covariates: Int) -> Int {
    (classes - 1) * (1 + covariates)
  }

  public static func start(shares: [Double], covariates: Int) -> [Double] {
    shares.dropFirst().flatMap {
      [log($0 / shares[0])] + [Double](repeating: 0, count: covariates)
    }
  }

  public static func slopes(of index: Int, classes: Int, covariates: Int) -> [Int] {
    (0..<classes - 1).map { $0 * (1 + covariates) + 1 + index }
  }

  public static func allows(_ parameters: [Double], classes: Int) -> Bool { true }

  public static func logProbability(
    of class: Int, classes: Int, z: UnsafeBufferPointer<Double>,
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>,
    hessian: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let width = 1 + z.count
    let count = (classes - 1) * width
    func design(_ i: Int) -> Double { i == 0 ? 1 : z[i - 1] }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: classes) { share in
      var largest = 0.0
      share[0] = 0
      for k in 1..<classes {
        share[k] = 0
        for i in 0..<width { share[k] += parameters[(k - 1) * width + i] * design(i) }
        largest = max(largest, share[k])
      }
      let chosen = share[`class`] - largest
      var sum = 0.0
      for k in 0..<classes {
        share[k] = exp(share[k] - largest)
        sum += share[k]
      }
      for k in 0..<classes { share[k] /= sum }
      for k in 1..<classes {
        for i in 0..<width {
          let row = (k - 1) * width + i
          gradient[row] = ((k == `class` ? 1 : 0) - share[k]) * design(i)
          for other in 1..<classes {
            let curvature = share[k] * ((k == other ? 1 : 0) - share[other])
            for j in 0..<width {
              hessian[row * count + (other - 1) * width + j] = -curvature * design(i) * design(j)
            }
          }
        }
      }
      return chosen - log(sum)
    }
  }
}
