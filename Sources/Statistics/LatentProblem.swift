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
  let free: [Int]

  private var covariates: Int { options.usesBackground ? 2 : 1 }
  var count: Int { start.count }

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
  func evaluate(_ point: [Double]) -> Likelihood {
    var state = Likelihood(parameters: count)
    let density = density(point)
    point.withUnsafeBufferPointer { point in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: RowMoments.room(count)) {
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

  /// Whether the likelihood exists at a point.
  func allows(_ point: [Double]) -> Bool {
    Response.allows(point, classes: options.classes) && abs(point[count - 1]) < 20
  }

  /// Whether a slope is beyond anything but separated classes: an odds ratio of e^40 for a standard
  /// deviation.
  func isSeparated(_ point: [Double]) -> Bool {
    (0..<covariates).contains { index in
      Response.slopes(of: index, classes: options.classes, covariates: covariates)
        .contains { abs(point[$0]) * spreads[index] > 40 }
    }
  }

  /// Sum of the logarithms of integral N(m; x, u^2) p(x) dx.
  func densityLogLikelihood(_ point: [Double]) -> Double {
    let density = density(point)
    return withUnsafeTemporaryAllocation(
      of: Double.self, capacity: LatentQuadrature.Nodes.room
    ) { memory in
      var nodes = LatentQuadrature.Nodes(memory)
      return rows.reduce(0) { sum, row in
        let shape = LatentDensity.LogDensity(
          centre: density.centre(background: row.background),
          deviation: density.standardDeviation)
        LatentQuadrature.fill(&nodes, row.value, shape)
        return sum + nodes.logUnit + log(nodes.weight[..<nodes.count].reduce(0, +))
      }
    }
  }
}
