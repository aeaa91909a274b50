import CMath

/// A distribution of one continuous variable. Outside its domain every function is NaN.
public protocol ContinuousDistribution: Sendable {
  /// P(X <= x).
  func cumulative(_ x: Double) -> Double
  /// P(X > x), exact where it is tiny, as `1 - cumulative(x)` is not.
  func survival(_ x: Double) -> Double
  /// The x with P(X <= x) = p, p in 0...1.
  func quantile(_ p: Double) -> Double
}

/// The normal distribution.
public struct Normal: ContinuousDistribution {
  public let mean: Double
  public let standardDeviation: Double

  /// - Parameter standardDeviation: above 0.
  public init(mean: Double = 0, standardDeviation: Double = 1) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  public func cumulative(_ x: Double) -> Double { pdff_normal_cdf(standardised(x)) }
  public func survival(_ x: Double) -> Double { pdff_normal_sf(standardised(x)) }
  public func quantile(_ p: Double) -> Double {
    mean + standardDeviation * pdff_normal_quantile(p)
  }
  private func standardised(_ x: Double) -> Double { (x - mean) / standardDeviation }
}

/// Student's t distribution.
public struct StudentT: ContinuousDistribution {
  /// Above 0, not necessarily whole.
  public let degreesOfFreedom: Double
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  public func cumulative(_ x: Double) -> Double { pdff_student_t_cdf(x, degreesOfFreedom) }
  public func survival(_ x: Double) -> Double { pdff_student_t_sf(x, degreesOfFreedom) }
  public func quantile(_ p: Double) -> Double { pdff_student_t_quantile(p, degreesOfFreedom) }
}

/// The noncentral t distribution: of (Z + noncentrality) / sqrt(chi-squared / degrees).
public struct NoncentralT: Sendable {
  /// Above 0.
  public let degreesOfFreedom: Double
  public let noncentrality: Double
  public init(degreesOfFreedom: Double, noncentrality: Double) {
    self.degreesOfFreedom = degreesOfFreedom
    self.noncentrality = noncentrality
  }

  public func cumulative(_ x: Double) -> Double {
    pdff_noncentral_t_cdf(x, degreesOfFreedom, noncentrality)
  }
  public func quantile(_ p: Double) -> Double {
    pdff_noncentral_t_quantile(p, degreesOfFreedom, noncentrality)
  }
}

/// The chi-squared distribution.
public struct ChiSquared: ContinuousDistribution {
  /// Above 0.
  public let degreesOfFreedom: Double
  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  public func cumulative(_ x: Double) -> Double {
    x <= 0 ? 0 : pdff_chi_squared_cdf(x, degreesOfFreedom)
  }
  public func survival(_ x: Double) -> Double {
    x <= 0 ? 1 : pdff_chi_squared_sf(x, degreesOfFreedom)
  }
  public func quantile(_ p: Double) -> Double { pdff_chi_squared_quantile(p, degreesOfFreedom) }
}

/// Fisher's F distribution, of the ratio of two mean squares.
public struct FisherF: ContinuousDistribution {
  /// Above 0.
  public let numeratorDegrees: Double
  /// Above 0.
  public let denominatorDegrees: Double
  public init(numeratorDegrees: Double, denominatorDegrees: Double) {
    self.numeratorDegrees = numeratorDegrees
    self.denominatorDegrees = denominatorDegrees
  }

  public func cumulative(_ x: Double) -> Double {
    x <= 0 ? 0 : pdff_f_cdf(x, numeratorDegrees, denominatorDegrees)
  }
  public func survival(_ x: Double) -> Double {
    x <= 0 ? 1 : pdff_f_sf(x, numeratorDegrees, denominatorDegrees)
  }
  public func quantile(_ p: Double) -> Double {
    pdff_f_quantile(p, numeratorDegrees, denominatorDegrees)
  }
}

/// The beta distribution on 0...1.
public struct Beta: ContinuousDistribution {
  /// Both above 0.
  public let a: Double
  public let b: Double
  public init(_ a: Double, _ b: Double) {
    self.a = a
    self.b = b
  }

  public var mean: Double { a / (a + b) }
  public var variance: Double { a * b / ((a + b) * (a + b) * (a + b + 1)) }
  public func cumulative(_ x: Double) -> Double { x <= 0 ? 0 : x >= 1 ? 1 : pdff_beta_cdf(x, a, b) }
  public func survival(_ x: Double) -> Double { x <= 0 ? 1 : x >= 1 ? 0 : pdff_beta_sf(x, a, b) }
  public func quantile(_ p: Double) -> Double { pdff_beta_quantile(p, a, b) }
}

/// The binomial distribution: how many of `trials` succeed.
public struct Binomial: Sendable {
  /// 0 or more.
  public let trials: Int
  /// 0...1.
  public let probability: Double
  public init(trials: Int, probability: Double) {
    self.trials = trials
    self.probability = probability
  }

  /// P(X = successes), 0 beyond 0...trials.
  public func mass(_ successes: Int) -> Double {
    (0...trials).contains(successes)
      ? pdff_binomial_mass(Double(successes), Double(trials), probability) : 0
  }
  /// P(X <= successes).
  public func cumulative(_ successes: Int) -> Double {
    if successes < 0 { return 0 }
    return successes >= trials
      ? 1 : pdff_binomial_cdf(Double(successes), Double(trials), probability)
  }
  /// P(X > successes).
  public func survival(_ successes: Int) -> Double {
    if successes < 0 { return 1 }
    return successes >= trials
      ? 0 : pdff_binomial_sf(Double(successes), Double(trials), probability)
  }
}
