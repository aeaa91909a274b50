import Foundation

/// How the probabilities of K classes depend on covariates z, with derivatives for a fit.
public protocol CategoricalResponse: Sendable {
  /// How many parameters there are.
  static func parameterCount(classes: Int, covariates: Int) -> Int

  /// Parameters for which the covariates say nothing and the classes have these shares.
  static func start(shares: [Double], covariates: Int) -> [Double]

  /// The parameters that belong to covariate `index`.
  static func slopes(of index: Int, classes: Int, covariates: Int) -> [Int]

  /// P(class | z), and the gradient and Hessian of its logarithm in the parameters.
  ///
  /// - Parameters:
  ///   - class: 0..<classes.
  ///   - z: as many values as there are covariates.
  ///   - gradient: room for one value a parameter, overwritten.
  ///   - hessian: room for a square of them, row by row; of the upper triangle every element is
  ///     overwritten, the rest may be.
  static func probability(
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

  public static func probability(
    of class: Int, classes: Int, z: UnsafeBufferPointer<Double>,
    parameters: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>,
    hessian: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let thresholds = classes - 1
    let count = thresholds + z.count
    var shift = 0.0
    for index in 0..<z.count { shift += parameters[thresholds + index] * z[index] }
    let a = `class`
    let b = `class` - 1
    let upper = Tail(a < thresholds ? parameters[a] - shift : .infinity)
    let lower = Tail(b >= 0 ? parameters[b] - shift : -.infinity)
    let probability = max(Tail.difference(upper, lower), .leastNormalMagnitude)
    // First and second derivatives of log P in the two ends; the mixed one is - ga gb.
    let ga = upper.density / probability
    let gb = -lower.density / probability
    let haa = upper.densitySlope / probability - ga * ga
    let hbb = -lower.densitySlope / probability - gb * gb
    let hab = -ga * gb
    gradient.update(repeating: 0)
    hessian.update(repeating: 0)
    if b >= 0 {
      gradient[b] = gb
      hessian[b * count + b] = hbb
      if a < thresholds { hessian[b * count + a] = hab }
    }
    if a < thresholds {
      gradient[a] = ga
      hessian[a * count + a] = haa
    }
    for index in 0..<z.count {
      let slope = thresholds + index
      gradient[slope] = -(ga + gb) * z[index]
      if a < thresholds { hessian[a * count + slope] = -(haa + hab) * z[index] }
      if b >= 0 { hessian[b * count + slope] = -(hbb + hab) * z[index] }
      for other in index..<z.count {
        hessian[slope * count + thresholds + other] =
          (haa + 2 * hab + hbb) * z[index] * z[other]
      }
    }
    return probability
  }

  /// F(upper) - F(lower) without cancellation in either tail.
  @inline(__always)
  static func difference(_ upper: Double, _ lower: Double) -> Double {
    Tail.difference(Tail(upper), Tail(lower))
  }

  /// The logistic function at x, from one exponential.
  struct Tail {
    private let isPositive: Bool
    /// F(-|x|).
    private let tail: Double

    @inline(__always)
    init(_ x: Double) {
      let e = exp(-abs(x))
      isPositive = x > 0
      tail = e / (1 + e)
    }

    /// F' = F (1 - F).
    @inline(__always) var density: Double { tail * (1 - tail) }
    /// F'' = F' (1 - 2 F).
    @inline(__always) var densitySlope: Double {
      let slope = density * (1 - 2 * tail)
      return isPositive ? -slope : slope
    }

    @inline(__always)
    static func difference(_ upper: Tail, _ lower: Tail) -> Double {
      if lower.isPositive { return lower.tail - upper.tail }
      return (upper.isPositive ? 1 - upper.tail : upper.tail) - lower.tail
    }
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

  public static func probability(
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
      return max(share[`class`], .leastNormalMagnitude)
    }
  }
}
