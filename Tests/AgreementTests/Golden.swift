import Agreement
import Foundation
import Statistics
import TestSupport
import Testing

/// Values of SciPy, scikit-learn, statsmodels, irrCAC, dcurves, and R's pROC and survival
/// (Tests/reference/agreement.py).
struct Golden: Decodable {
  struct Kappa: Decodable {
    let kappa: Double?
    let unitVariance: Double?
    let bca: [Double]?
    /// Value, standard error, limits.
    let gwet: [Double]?
  }
  struct ForClass: Decodable {
    let sensitivity, specificity, positive, negative: [Double]?
    let sensitivityOfAll, specificityOfAll: [Double]?
  }
  struct Confusion: Decodable {
    let counts: [[Int]]
    let indeterminate: [Int]
    let classes: [ForClass]
    let accuracy, accuracyOfAll, yield: [Double]?
  }
  struct Area: Decodable {
    let area: Double
    let standardError: Double?
    let points: [[Double]]
    let thresholds: [Double]
  }
  struct Scores: Decodable { let brier, ranked: [Double?] }
  struct Decision: Decodable {
    let thresholds, model, call, all: [Double]
    let modelInterval: [[Double?]]
  }
  struct Cohort: Decodable {
    let name: String
    let values: [Double]
    let tissue: [Int]
    let calls: [Int?]
    let forecasts: [[Double]]
    let confusion: Confusion
    let kappa: [String: Kappa]
    let areas: [Area?]
    let obuchowski: [[Double?]?]
    let volume: [Double?]?
    let concordance: [Double]?
    let scores: Scores
    /// Slope, standard error, likelihood ratio.
    let slope: [Double]?
    let order: [Double]?
    let calibration: [[[Double]]]
    let decision: Decision?

    var table: ConfusionTable {
      ConfusionTable(classes: subtypes, tissue: tissue, calls: calls)
    }
    var sample: ClassedValues {
      ClassedValues(classes: subtypes, values: values, tissue: tissue)
    }
    var modelled: Forecasts {
      Forecasts(classes: subtypes, probabilities: forecasts, tissue: tissue)
    }
  }
  struct Plan: Decodable {
    let kappa: Double
    let prevalence: [Double]
    let n: Int
    let halfWidth: Double
    let error: [String: Double]
    let needed: [String: Int]
    let sensitivity: [Double]
    let sensitivityNeeded: Int
  }
  let cohorts: [Cohort]
  let plans: [Plan]

  static let all: Golden? = {
    let file = Tools.root.appendingPathComponent("Tests/reference/agreement.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(Golden.self, from: Data(contentsOf: file))
  }()
  static var cohorts: [Cohort] { all?.cohorts ?? [] }
}

let subtypes = ["F1", "F2", "F3"]

extension Golden.Cohort: CustomTestStringConvertible {
  var testDescription: String { name }
}

/// Closed forms: 1e-6, as asked; found are 1e-9 and better.
func agree(_ own: Double?, _ golden: Double?, _ what: String) {
  guard let own, let golden else {
    #expect(own == nil && golden == nil, "\(what): \(String(describing: own)), \(golden ?? .nan)")
    return
  }
  #expect(abs(own - golden) <= 1e-9 * max(1, abs(golden)), "\(what): \(own), reference \(golden)")
}
