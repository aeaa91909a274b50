import Foundation

/// The penalised likelihood of `LatentFit` at a point, and steps uphill.
struct LatentProblem<Response: CategoricalResponse> {
  let rows: [LatentRow]
  let options: LatentFitOptions
  let responseCount: Int
  let start: [Double]
  /// Standard deviation of each covariate, t(m) first.
  private let spreads: [Double]
  /// Prior mean and standard deviation of each parameter; nil where it has none.
  private let priors: [(mean: Double, deviation: Double)?]
  /// Indices of the parameters that are fitted.
  private let free: [Int]

  private var covariates: Int { options.usesBackground ? 2 : 1 }
  var count: Int { start.count }

  struct State {
    /// Without penalties.
    var logLikelihood = 0.0
    /// With penalties, as are gradient and Hessian.
    var objective = 0.0
    var gradient: [Double]
    var hessian: SymmetricMatrix
  }

  init(_ rows: [LatentRow], _ options: LatentFitOptions) throws(LatentFitFailure) {
    let shares = (0..<options.classes).map { k in
      Double(rows.count { $0.category == k }) / Double(rows.count)
    }
    if let empty = shares.firstIndex(of: 0) { throw .emptyClass(empty) }
    self.rows = rows
    self.options = options
    let covariates = options.usesBackground ? 2 : 1
    responseCount = Response.parameterCount(classes: options.classes, covariates: covariates)
    let support = LatentDensity.support
    let values = rows.map {
      LatentDensity.transform(min(max($0.value.percent, support.lowerBound), support.upperBound))
    }
    let backgrounds = rows.compactMap(\.background)
    let sample = Sample(values)
    let line = options.usesBackground ? StraightLine(x: backgrounds, y: values) : nil
    let residual = max(line?.residualDeviation ?? sample.standardDeviation, 1e-3)
    spreads = [sample, Sample(backgrounds)].prefix(covariates).map {
      max($0.standardDeviation, 1e-3)
    }
    let mean = line?.intercept ?? sample.mean
    let response = Response.start(shares: shares, covariates: covariates)
    start = response + [mean] + (line.map { [$0.slope] } ?? []) + [log(residual)]
    var priors = [(mean: Double, deviation: Double)?](repeating: nil, count: responseCount)
    if let width = options.priorDeviation {
      for index in 0..<covariates {
        for slope in Response.slopes(
          of: index, classes: options.classes, covariates: covariates)
        {
          priors[slope] = (0, width / spreads[index])
        }
      }
    }
    // Beside n rows these weigh as a ninth of one row, and half of one.
    priors.append((mean, 3 * residual))
    if let line { priors.append((line.slope, 3 * residual / spreads[1])) }
    priors.append((log(residual), 1))
    self.priors = priors
    let held =
      options.withoutAssociation
      ? Response.slopes(of: 0, classes: options.classes, covariates: covariates) : []
    free = start.indices.filter { !held.contains($0) }
  }

  func density(_ point: [Double]) -> LatentDensity {
    LatentDensity(
      mean: point[responseCount],
      backgroundSlope: options.usesBackground ? point[responseCount + 1] : nil,
      standardDeviation: exp(point[count - 1]))
  }

  /// log-likelihood, gradient and Hessian: of each row's integral they are moments over t with
  /// weights w(t) proportional to P(k|t) N(m; x(t), u^2) p(t), where g and h belong to log P(k|t)
  /// and log p(t): E[g], and E[h + g g^T] - E[g] E[g]^T.
  func evaluate(_ point: [Double]) -> State {
    var state = State(
      gradient: [Double](repeating: 0, count: count), hessian: SymmetricMatrix(size: count))
    let density = density(point)
    point.withUnsafeBufferPointer { point in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count * count + 3 * count + 2) {
        memory in
        var moments = RowMoments(memory, count: count, response: responseCount)
        for row in rows {
          let shape = LatentDensity.LogDensity(
            centre: density.centre(background: row.background),
            deviation: density.standardDeviation)
          moments.sum(Response.self, row, shape, parameters: point, classes: options.classes)
          state.logLikelihood += moments.logIntegral
          moments.add(to: &state.gradient, &state.hessian)
        }
      }
    }
    state.objective = state.logLikelihood
    for (index, prior) in priors.enumerated() {
      guard let prior else { continue }
      let off = (point[index] - prior.mean) / prior.deviation
      state.objective -= off * off / 2
      state.gradient[index] -= off / prior.deviation
      state.hessian[index, index] -= 1 / (prior.deviation * prior.deviation)
    }
    return state
  }

  /// Newton's step; where the Hessian is not negative definite, the diagonal is raised until it is.
  func step(_ state: State) -> [Double]? {
    var curvature = state.hessian.submatrix(free)
    for index in curvature.elements.indices { curvature.elements[index].negate() }
    let largest = (0..<free.count).map { abs(curvature[$0, $0]) }.max() ?? 0
    guard largest.isFinite else { return nil }
    var raise = 0.0
    for _ in 0..<40 {
      var raised = curvature
      for index in 0..<free.count { raised[index, index] += raise }
      if let factor = raised.cholesky() {
        let step = factor.solve(free.map { state.gradient[$0] })
        var whole = [Double](repeating: 0, count: count)
        for (index, value) in zip(free, step) { whole[index] = value }
        return whole
      }
      raise = max(raise * 4, largest * 1e-6)
    }
    return nil
  }

  /// The step, halved until the objective grows; nil where it does not.
  func advance(from point: [Double], _ state: State, by step: [Double]) -> ([Double], State)? {
    var scale = 1.0
    for _ in 0..<40 {
      let next = zip(point, step).map { $0 + scale * $1 }
      if Response.allows(next, classes: options.classes), abs(next[count - 1]) < 20 {
        let reached = evaluate(next)
        if reached.objective > state.objective { return (next, reached) }
      }
      scale /= 2
    }
    return nil
  }

  /// Whether a slope is beyond anything but separated classes: an odds ratio of e^40 for a standard
  /// deviation.
  func isSeparated(_ point: [Double]) -> Bool {
    (0..<covariates).contains { index in
      Response.slopes(of: index, classes: options.classes, covariates: covariates)
        .contains { abs(point[$0]) * spreads[index] > 40 }
    }
  }

  func covariance(_ state: State) -> SymmetricMatrix? {
    var curvature = state.hessian.submatrix(free)
    for index in curvature.elements.indices { curvature.elements[index].negate() }
    guard let inverse = curvature.cholesky()?.inverse() else { return nil }
    var whole = SymmetricMatrix(size: count)
    for (i, row) in free.enumerated() {
      for (j, column) in free.enumerated() { whole[row, column] = inverse[i, j] }
    }
    return whole
  }

  /// Sum of the logarithms of integral N(m; x, u^2) p(x) dx.
  func densityLogLikelihood(_ point: [Double]) -> Double {
    let density = density(point)
    return rows.reduce(0) { sum, row in
      let shape = LatentDensity.LogDensity(
        centre: density.centre(background: row.background), deviation: density.standardDeviation)
      var total = LogSum()
      LatentQuadrature.forEach(row.value, shape) { _, logWeight in total.add(logWeight) }
      return sum + total.value
    }
  }
}
