import Foundation

/// Classes on covariates that are known exactly: an ordinary maximum-likelihood fit.
public struct CategoricalFit<Response: CategoricalResponse>: Sendable {
  public let parameters: [Double]
  /// Inverse of minus the Hessian.
  public let covariance: SmallMatrix
  public let logLikelihood: Double

  public func standardError(_ index: Int) -> Double { covariance[index, index].squareRoot() }

  /// - Parameters:
  ///   - categories: 0..<classes, every one of them present.
  ///   - covariates: one list a member, all of one length.
  ///   - classes: 2 or more; with two, both responses are the logistic regression.
  public init(categories: [Int], covariates: [[Double]], classes: Int) throws(LatentFitFailure) {
    let shares = (0..<classes).map { k in
      Double(categories.count { $0 == k }) / Double(categories.count)
    }
    if let empty = shares.firstIndex(of: 0) { throw .emptyClass(empty) }
    let width = covariates.first?.count ?? 0
    let start = Response.start(shares: shares, covariates: width)
    let spreads = (0..<width).map { column in
      max(Sample(covariates.map { $0[column] }).standardDeviation, 1e-12)
    }
    let ascent = NewtonAscent(
      free: Array(start.indices),
      evaluate: { Self.evaluate($0, categories, covariates, classes) },
      allows: { Response.allows($0, classes: classes) },
      isLost: { point in
        (0..<width).contains { index in
          Response.slopes(of: index, classes: classes, covariates: width)
            .contains { abs(point[$0]) * spreads[index] > 40 }
        }
      })
    guard let (point, state) = ascent.maximum(from: start),
      let covariance = ascent.covariance(state)
    else { throw .diverges }
    parameters = point
    self.covariance = covariance
    logLikelihood = state.logLikelihood
  }

  private static func evaluate(
    _ point: [Double], _ categories: [Int], _ covariates: [[Double]], _ classes: Int
  ) -> Likelihood {
    let count = point.count
    var state = Likelihood(parameters: count)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count + count * count) { memory in
      let gradient = UnsafeMutableBufferPointer(rebasing: memory[..<count])
      let hessian = UnsafeMutableBufferPointer(rebasing: memory[count...])
      for (category, z) in zip(categories, covariates) {
        let probability = z.withUnsafeBufferPointer { z in
          point.withUnsafeBufferPointer { point in
            Response.probability(
              of: category, classes: classes, z: z, parameters: point, gradient: gradient,
              hessian: hessian)
          }
        }
        state.logLikelihood += log(probability)
        for i in 0..<count {
          state.gradient[i] += gradient[i]
          for j in i..<count {
            state.hessian[i, j] += hessian[i * count + j]
            if i != j { state.hessian[j, i] += hessian[i * count + j] }
          }
        }
      }
    }
    state.objective = state.logLikelihood
    return state
  }
}
