import Foundation
import Statistics
import TestSupport
import Testing

/// Fits without errors and penalty against statsmodels (Tests/reference/ordinal.py).
@Suite struct OrdinalFitTests {
  struct Golden: Decodable {
    struct Fit: Decodable {
      let parameters: [Double]
      let standardErrors: [Double]?
      let logLikelihood: Double
    }
    struct Case: Decodable {
      let percent: [Double]
      let background: [Double]?
      let category: [Int]
      let ordered: Fit
      let unordered: Fit
      let brant: [Double]
      let welch: [Double]

      var covariates: [[Double]] {
        percent.indices.map { index in
          [LatentDensity.transform(percent[index])]
            + (background.map { [LatentDensity.transform($0[index])] } ?? [])
        }
      }
      var rows: [LatentRow] {
        percent.indices.map { index in
          LatentRow(
            value: MeasuredValue(percent: percent[index], standardUncertainty: 0),
            background: background.map { LatentDensity.transform($0[index]) },
            category: category[index])
        }
      }
    }
    let cases: [Case]
  }

  static let cases: [Golden.Case] = {
    let file = Tools.root.appendingPathComponent("Tests/reference/ordinal.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return (try? decoder.decode(Golden.self, from: Data(contentsOf: file)).cases) ?? []
  }()

  /// 1e-5, relative where a value is above 1.
  private func agree(_ own: [Double], _ golden: [Double], _ what: String) {
    #expect(own.count == golden.count)
    for (a, b) in zip(own, golden) {
      #expect(abs(a - b) <= 1e-5 * max(1, abs(b)), "\(what): \(a), statsmodels \(b)")
    }
  }

  @Test func thereAreCases() { #expect(Self.cases.count == 4) }

  @Test(arguments: 0..<4) func proportionalOddsIsOrderedModel(number: Int) throws {
    let golden = Self.cases[number]
    let plain = try CategoricalFit<ProportionalOdds>(
      categories: golden.category, covariates: golden.covariates, classes: 3)
    agree(plain.parameters, golden.ordered.parameters, "parameters")
    agree([plain.logLikelihood], [golden.ordered.logLikelihood], "log-likelihood")
    agree(
      plain.parameters.indices.map { plain.standardError($0) },
      golden.ordered.standardErrors ?? [], "standard errors")
    // The fit with errors in variables is the same fit where there are none.
    let latent = try LatentFit<ProportionalOdds>(
      golden.rows, LatentFitOptions(usesBackground: golden.background != nil))
    agree(latent.response, golden.ordered.parameters, "parameters")
    agree([latent.responseLogLikelihood], [golden.ordered.logLikelihood], "log-likelihood")
    agree(
      latent.response.indices.map { latent.standardError($0) },
      golden.ordered.standardErrors ?? [], "standard errors")
  }

  @Test(arguments: 0..<4) func multinomialIsMNLogit(number: Int) throws {
    let golden = Self.cases[number]
    let plain = try CategoricalFit<MultinomialLogit>(
      categories: golden.category, covariates: golden.covariates, classes: 3)
    agree(plain.parameters, golden.unordered.parameters, "parameters")
    agree([plain.logLikelihood], [golden.unordered.logLikelihood], "log-likelihood")
    let latent = try LatentFit<MultinomialLogit>(
      golden.rows, LatentFitOptions(usesBackground: golden.background != nil))
    agree(latent.response, golden.unordered.parameters, "parameters")
  }

  @Test(arguments: 0..<4) func theOrderTestsAreThoseOfTheReference(number: Int) throws {
    let golden = Self.cases[number]
    let brant = try #require(
      BrantTest.test(categories: golden.category, covariates: golden.covariates))
    agree([brant.statistic, brant.p], golden.brant, "Brant")
    let classes = (0..<3).map { k in
      zip(golden.covariates, golden.category).filter { $0.1 == k }.map { $0.0[0] }
    }
    let welch = try #require(WelchTest.exceeds(classes[2], classes[1]))
    agree([welch.statistic, welch.p], golden.welch, "Welch")
  }

  @Test func separatedClassesDiverge() throws {
    let values = (1...30).map { Double($0) }
    let categories = (0..<30).map { $0 / 10 }
    #expect(throws: LatentFitFailure.diverges) {
      try CategoricalFit<ProportionalOdds>(
        categories: categories, covariates: values.map { [$0] }, classes: 3)
    }
    #expect(throws: LatentFitFailure.emptyClass(2)) {
      try CategoricalFit<ProportionalOdds>(
        categories: categories.map { min($0, 1) }, covariates: values.map { [$0] }, classes: 3)
    }
    let rows = zip(values, categories).map {
      LatentRow(
        value: MeasuredValue(percent: $0, standardUncertainty: 0), background: nil, category: $1)
    }
    #expect(throws: LatentFitFailure.diverges) {
      try LatentFit<ProportionalOdds>(rows, LatentFitOptions())
    }
    // With the prior there is an answer.
    let fit = try LatentFit<ProportionalOdds>(rows, LatentFitOptions(priorDeviation: 1.5))
    #expect(LatentOrdinalModel(fit).slope > 0)
  }
}
