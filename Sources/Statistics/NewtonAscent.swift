/// A log-likelihood at a point, with its derivatives.
struct Likelihood {
  /// Without penalties.
  var logLikelihood = 0.0
  /// With penalties, as are gradient and Hessian.
  var objective = 0.0
  var gradient: [Double]
  var hessian: SmallMatrix

  init(parameters: Int) {
    gradient = [Double](repeating: 0, count: parameters)
    hessian = SmallMatrix(size: parameters)
  }
}

/// Newton's method uphill, with steps that are shortened until the objective grows.
struct NewtonAscent {
  /// The parameters that move; the others stay as they are.
  let free: [Int]
  let evaluate: ([Double]) -> Likelihood
  /// Whether the objective exists at a point.
  let allows: ([Double]) -> Bool
  /// Whether a point is one that only a likelihood without a maximum leads to.
  let isLost: ([Double]) -> Bool

  /// The maximum and the likelihood there; nil where none was found.
  func maximum(from start: [Double]) -> ([Double], Likelihood)? {
    var point = start
    var state = evaluate(point)
    for _ in 0..<200 {
      guard let step = step(state) else { return nil }
      // So close, one whole step squares the distance; a gain that small is lost in rounding.
      if zip(step, state.gradient).reduce(0, { $0 + $1.0 * $1.1 }) < 1e-10 {
        point = zip(point, step).map { $0 + $1 }
        return (point, evaluate(point))
      }
      guard let better = advance(from: point, state, by: step) else { break }
      (point, state) = better
      if isLost(point) { return nil }
    }
    return (point, state)
  }

  /// Inverse of minus the Hessian; a parameter that was held has variance 0. nil where the Hessian
  /// is not negative definite.
  func covariance(_ state: Likelihood) -> SmallMatrix? {
    guard let inverse = curvature(state).cholesky()?.inverse() else { return nil }
    var whole = SmallMatrix(size: state.gradient.count)
    for (i, row) in free.enumerated() {
      for (j, column) in free.enumerated() { whole[row, column] = inverse[i, j] }
    }
    return whole
  }

  private func curvature(_ state: Likelihood) -> SmallMatrix {
    var curvature = state.hessian.submatrix(free)
    for index in curvature.elements.indices { curvature.elements[index].negate() }
    return curvature
  }

  /// Newton's step; where the Hessian is not negative definite, the diagonal is raised until it is.
  private func step(_ state: Likelihood) -> [Double]? {
    let curvature = curvature(state)
    let largest = free.indices.map { abs(curvature[$0, $0]) }.max() ?? 0
    guard largest.isFinite else { return nil }
    var raise = 0.0
    for _ in 0..<40 {
      var raised = curvature
      for index in free.indices { raised[index, index] += raise }
      if let factor = raised.cholesky() {
        let step = factor.solve(free.map { state.gradient[$0] })
        var whole = [Double](repeating: 0, count: state.gradient.count)
        for (index, value) in zip(free, step) { whole[index] = value }
        return whole
      }
      raise = max(raise * 4, largest * 1e-6)
    }
    return nil
  }

  /// The step, halved until the objective grows; nil where it does not.
  private func advance(from point: [Double], _ state: Likelihood, by step: [Double])
    -> ([Double], Likelihood)?
  {
    var scale = 1.0
    for _ in 0..<40 {
      let next = zip(point, step).map { $0 + scale * $1 }
      if allows(next) {
        let reached = evaluate(next)
        if reached.objective > state.objective { return (next, reached) }
      }
      scale /= 2
    }
    return nil
  }
}
