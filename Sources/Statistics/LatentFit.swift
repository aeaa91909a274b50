import Foundation

/// One member of a cohort: a measured value and the class it turned out to have.
public struct LatentRow: Sendable, Equatable {
  public let value: MeasuredValue
  /// Transform of a background value that is taken as exact; nil where the model has none.
  public let background: Double?
  /// 0..<classes.
  public let category: Int
  public init(value: MeasuredValue, background: Double?, category: Int) {
    self.value = value
    self.background = background
    self.category = category
  }
}

/// What is asked of a fit.
public struct LatentFitOptions: Sendable, Equatable {
  public var classes: Int
  public var usesBackground: Bool
  /// Standard deviation of the normal prior of each log odds ratio per standard deviation of its
  /// covariate; nil for no penalty.
  public var priorDeviation: Double?
  /// Whether the slope of the true value is held at 0: the hypothesis of no association.
  public var withoutAssociation: Bool

  public init(
    classes: Int = 3, usesBackground: Bool = false, priorDeviation: Double? = nil,
    withoutAssociation: Bool = false
  ) {
    self.classes = classes
    self.usesBackground = usesBackground
    self.priorDeviation = priorDeviation
    self.withoutAssociation = withoutAssociation
  }
}

/// A fit of classes on a true value that was measured with error:
///
///     L = prod_i integral over x of P(k_i | x, b_i) N(m_i; x, u_i^2) p(x | b_i) dx
///
/// maximised over the response P and the density p together (Carroll et al., Measurement Error in
/// Nonlinear Models, 2nd ed., chapter 8), less a penalty. Newton's method; the gradient and Hessian
/// of each integral are moments of the complete data's (Louis 1982). Without errors (u = 0) it is
/// the ordinary maximum-likelihood fit on t(m).
///
/// Penalties: half the square of each slope times its covariate's standard deviation over
/// `priorDeviation`; and, so that a density never runs away, half the square of the departure of
/// each of its parameters from the sample's in units that are wide beside their standard errors.
public struct LatentFit<Response: CategoricalResponse>: Sendable {
  /// Parameters of the response, then the density's mean, background slope and log sigma.
  public let parameters: [Double]
  public let responseCount: Int
  public let density: LatentDensity
  /// Of response and density together, without penalties; of N without its 1 / sqrt(2 pi), and at
  /// u = 0 of t rather than x.
  public let logLikelihood: Double
  /// Sum of log P(k_i | m_i, u_i), without penalties.
  public let responseLogLikelihood: Double
  /// Inverse of minus the penalised Hessian, in the order of `parameters`; a parameter that was held
  /// has variance 0.
  public let covariance: SmallMatrix

  public var response: [Double] { Array(parameters[..<responseCount]) }
  public func standardError(_ index: Int) -> Double { covariance[index, index].squareRoot() }
}

/// Why a fit has no answer.
public enum LatentFitFailure: Error, Equatable {
  /// A class without members.
  case emptyClass(Int)
  /// The likelihood grows without end as a slope does: the classes are separated.
  case diverges
}

extension LatentFit {
  /// - Parameters:
  ///   - rows: every value possible (`MeasuredValue.isPossible`; at u = 0 inside the support), every
  ///     class present; with a background in each row where it is used.
  ///   - start: parameters of a similar fit, to save steps.
  public init(
    _ rows: [LatentRow], _ options: LatentFitOptions, start: [Double]? = nil
  ) throws(LatentFitFailure) {
    let problem = try LatentProblem<Response>(rows, options)
    let ascent = NewtonAscent(
      free: problem.free, evaluate: problem.evaluate, allows: problem.allows,
      isLost: problem.isSeparated)
    guard let (point, state) = ascent.maximum(from: start ?? problem.start),
      let covariance = ascent.covariance(state)
    else { throw .diverges }
    parameters = point
    responseCount = problem.responseCount
    density = problem.density(point)
    logLikelihood = state.logLikelihood
    responseLogLikelihood = state.logLikelihood - problem.densityLogLikelihood(point)
    self.covariance = covariance
  }
}
