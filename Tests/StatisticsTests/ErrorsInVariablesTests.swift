import Foundation
import Statistics
import TestSupport
import Testing

/// Errors in variables against SciPy's integration, and what they are for.
@Suite struct ErrorsInVariablesTests {
  private struct Answer: Decodable {
    let posterior: [[Double]]
    let logLikelihood: Double?
    let gradient: [Double]?
    let curvature: [Double]?
  }

  private func scipy(
    _ rows: [LatentRow], _ parameters: [Double], points: [(Double, Double, Double?)]
  ) throws -> Answer {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let asked: [String: Any] = [
      "parameters": parameters,
      "width": rows.first?.background == nil && parameters.count == 5 ? 1 : 2,
      "rows": rows.map { row -> [Any] in
        [
          row.value.percent, row.value.standardUncertainty, row.category,
          row.background ?? NSNull(),
        ]
      },
      "points": points.map { [$0.0, $0.1, $0.2 ?? NSNull()] as [Any] },
    ]
    let file = folder.appendingPathComponent("asked.json")
    try JSONSerialization.data(withJSONObject: asked).write(to: file)
    let text = try Tools.reference("errors_in_variables", [file.path])
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Answer.self, from: Data(text.utf8))
  }

  /// P(k | m, u) for values within, at the edges of and beyond the population: 1e-9.
  @Test(arguments: [1.1, 4.0]) func probabilitiesAreSciPys(slope: Double) throws {
    let model = LatentOrdinalModel(
      thresholds: [1.5 * slope, 2.1 * slope], slope: slope, backgroundSlope: nil,
      density: LatentDensity(mean: 1.8, backgroundSlope: nil, standardDeviation: 0.55))
    var points: [(Double, Double, Double?)] = []
    for m in [-2.0, 0.3, 4, 25, 60] {
      for u in [0.05, 1, 3, 300] where m > -5 * u { points.append((m, u, nil)) }
    }
    let answer = try scipy(
      [], model.thresholds + [slope, 1.8, log(0.55)], points: points)
    for (point, expected) in zip(points, answer.posterior) {
      let own = try #require(
        model.probabilities(MeasuredValue(percent: point.0, standardUncertainty: point.1)))
      for (a, b) in zip(own, expected) {
        #expect(abs(a - b) < 1e-9, "m \(point.0), u \(point.1): \(own), SciPy \(expected)")
      }
    }
  }

  /// At the fit SciPy's likelihood has a flat top (gradient below 1e-4 of a unit that matters, one
  /// standard error), the same curvature (1e-3, second differences) and the same height (1e-7).
  @Test(arguments: [false, true]) func theFitIsTheTopOfSciPysLikelihood(background: Bool) throws {
    var random = SeededRandom(seed: 5)
    let rows = LatentCohort(uncertainty: 1.5).rows(24, seed: 31).map {
      LatentRow(
        value: $0.value, background: background ? 1 + 0.4 * random.normal() : nil,
        category: $0.category)
    }
    let fit = try LatentFit<ProportionalOdds>(rows, LatentFitOptions(usesBackground: background))
    let answer = try scipy(rows, fit.parameters, points: [])
    let likelihood = try #require(answer.logLikelihood)
    #expect(abs(likelihood - fit.logLikelihood) < 1e-7)
    let gradient = try #require(answer.gradient)
    for (index, slope) in gradient.enumerated() where index < fit.responseCount {
      #expect(abs(slope) * fit.standardError(index) < 1e-4, "parameter \(index): \(slope)")
    }
    // The density's parameters have wide priors, whose pull the gradient is.
    for index in fit.responseCount..<gradient.count {
      #expect(abs(gradient[index]) * fit.standardError(index) < 0.1)
    }
    let curvature = try #require(answer.curvature)
    let precision = try #require(fit.covariance.cholesky()?.inverse())
    for index in 0..<fit.responseCount {
      let own = -precision[index, index]
      #expect(abs(own - curvature[index]) < 1e-3 * abs(own), "parameter \(index)")
    }
  }

  /// An error of two points flattens a naive fit; with the errors in the model the mean slope is the
  /// truth's. 20 cohorts of 400 (long: 400).
  @Test func theBiasIsTakenAway() throws {
    let count = Tools.isLong ? 400 : 20
    let truth = LatentCohort(uncertainty: 2)
    var (naive, corrected): ([Double], [Double]) = ([], [])
    for seed in 0..<count {
      let rows = truth.rows(400, seed: UInt64(1000 + seed))
      let blind = rows.map {
        LatentRow(
          value: MeasuredValue(percent: max($0.value.percent, 0), standardUncertainty: 0),
          background: nil, category: $0.category)
      }
      naive.append(try LatentFit<ProportionalOdds>(blind, LatentFitOptions()).response[2])
      corrected.append(try LatentFit<ProportionalOdds>(rows, LatentFitOptions()).response[2])
    }
    let (before, after) = (Sample(naive), Sample(corrected))
    let error = after.standardDeviation / Double(count).squareRoot()
    print(
      "slope \(truth.slope): naive \(before.mean), with errors in variables \(after.mean) +- \(error)"
    )
    #expect(before.mean < 0.8 * truth.slope)
    // A slope of 400 participants is itself high by about a hundredth: maximum likelihood.
    #expect(abs(after.mean - truth.slope) < 3 * error + 0.02 * truth.slope)
  }

  @Test func withoutUncertaintyProbabilitiesAreTheModels() throws {
    let model = LatentOrdinalModel(
      thresholds: [2, 4], slope: 2, backgroundSlope: nil,
      density: LatentDensity(mean: 1.8, backgroundSlope: nil, standardDeviation: 0.5))
    for percent in [0, 0.5, 4, 50, 100] {
      let own = try #require(
        model.probabilities(MeasuredValue(percent: percent, standardUncertainty: 0)))
      let plain = model.probabilities(trueValue: percent)
      let nearly = try #require(
        model.probabilities(MeasuredValue(percent: percent, standardUncertainty: 1e-6)))
      for k in 0..<3 {
        #expect(abs(own[k] - plain[k]) < 1e-15)
        // An error of a millionth moves nothing by more than 1e-5.
        #expect(abs(nearly[k] - plain[k]) < 1e-5)
      }
    }
    #expect(model.probabilities(MeasuredValue(percent: -0.1, standardUncertainty: 0)) == nil)
    #expect(model.probabilities(MeasuredValue(percent: 100.1, standardUncertainty: 0)) == nil)
    #expect(model.probabilities(MeasuredValue(percent: -6, standardUncertainty: 1)) == nil)
    #expect(model.probabilities(MeasuredValue(percent: -4, standardUncertainty: 1)) != nil)
  }

  /// As u grows the probabilities tend to the cohort's shares: within 0.03 at n = 300, since the
  /// population is modelled, not copied.
  @Test func withMuchUncertaintyThePrevalenceIsLeft() throws {
    let rows = LatentCohort(cuts: (-1.5, 0.4)).rows(300, seed: 8)
    let model = LatentOrdinalModel(try LatentFit<ProportionalOdds>(rows, LatentFitOptions()))
    let shares = (0..<3).map { k in Double(rows.count { $0.category == k }) / 300 }
    var last = Double.infinity
    for u in [1.0, 3, 10, 30, 100, 1000] {
      let found = try #require(
        model.probabilities(MeasuredValue(percent: 12, standardUncertainty: u)))
      let distance = zip(found, model.prevalence()).map { abs($0 - $1) }.max() ?? 1
      #expect(distance < last)
      last = distance
    }
    #expect(last < 1e-3)
    for k in 0..<3 { #expect(abs(model.prevalence()[k] - shares[k]) < 0.03) }
  }

  @Test func aPriorDrawsSlopesIn() throws {
    let rows = LatentCohort().rows(40, seed: 3)
    let free = try LatentFit<ProportionalOdds>(rows, LatentFitOptions())
    let drawn = try LatentFit<ProportionalOdds>(rows, LatentFitOptions(priorDeviation: 0.5))
    #expect(abs(drawn.response[2]) < abs(free.response[2]))
    #expect(drawn.logLikelihood < free.logLikelihood)
    let held = try LatentFit<ProportionalOdds>(rows, LatentFitOptions(withoutAssociation: true))
    #expect(held.response[2] == 0 && held.covariance[2, 2] == 0)
    #expect(held.logLikelihood < free.logLikelihood)
  }
}
