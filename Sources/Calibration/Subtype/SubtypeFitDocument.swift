import Documents
import Faults
import Foundation
import Statistics

/// All that a fit found, as the document of a model.
struct SubtypeFitParts {
  let cohort: SubtypeCohort
  let options: SubtypeFitOptions
  /// Without penalty, of the whole cohort.
  let full: LatentFit<ProportionalOdds>
  let tests: SubtypeTests
  let sets: SubtypeSets
  let performance: SubtypePerformance?
  let notices: [Notice]

  /// Sealed. Numbers have twelve significant digits: more would differ between mathematical
  /// libraries, and mean nothing.
  var document: JSONValue {
    let content: JSONValue = [
      "schema": .string(SubtypeModel.schema),
      "name": .string(options.name), "version": .string(options.version),
      "status": .string(options.status.rawValue), "software": .string(Software.version),
      "not_for_patients": .bool(options.status == .demonstration),
      "statistic": .string(options.statistic.rawValue),
      "calibrated": .bool(options.isCalibrated ?? false),
      "background": .bool(options.usesBackground),
      "transform": "t = ln(1 + x / 1 %)", "population_support_percent": [0, 100],
      "model": LatentOrdinalModel(sets.model).document,
      "uncertainty_of_model": uncertainty, "direction": direction,
      "penalty": [
        "kind": "normal prior of each log odds ratio per standard deviation of its covariate",
        "sd": .number(SubtypeFitOptions.priorDeviation),
      ],
      "tests": tests.document, "conformal": conformal,
      "performance": performance?.document ?? .null,
      "cohort": cohortDocument, "training_range_percent": range,
      "warnings": .array(
        notices.map { ["code": .string($0.code), "message": .string($0.message)] }),
      "frozen": nil,
    ]
    return content.rounded.sealed()
  }

  /// In the order of the fit's parameters.
  private var uncertainty: JSONValue {
    var names = ["threshold_1", "threshold_2", "slope"]
    if options.usesBackground { names.append("background_slope") }
    names.append("population_mean")
    if options.usesBackground { names.append("population_background_slope") }
    names.append("population_log_sd")
    return [
      "parameters": .array(names.map { .string($0) }),
      "covariance": .array(
        sets.model.covariance.rows.map { .array($0.map { .number($0) }) }),
      "standard_errors": .array(names.indices.map { .number(sets.model.standardError($0)) }),
      "log_likelihood": .number(sets.model.logLikelihood),
    ]
  }

  /// Of the whole cohort without penalty, as the test of association: how subtype and fat go
  /// together.
  private var direction: JSONValue {
    let ordinal = LatentOrdinalModel(full)
    let spread = ordinal.density.standardDeviation
    let (slope, error) = (ordinal.slope * spread, full.standardError(2) * spread)
    let reach = Normal().quantile(0.975) * error
    return [
      "fat_from_f1_to_f3": .string(slope > 0 ? "rises" : "falls"),
      "odds_ratio_per_sd": .number(exp(slope)),
      "interval_95": [.number(exp(slope - reach)), .number(exp(slope + reach))],
      "sd_of_t": .number(spread),
    ]
  }

  private var conformal: JSONValue {
    let sets = sets.conformal
    return [
      "kind": .string(self.sets.guarantee.rawValue), "alpha": .number(sets.alpha),
      "score": "1 - P(subtype | measured value, its standard uncertainty)",
      "guarantee": .string(guaranteeInWords),
      "n": bySubtype { Double(sets.counts[$0.index]) },
      "quantiles": bySubtype { sets.quantiles[$0.index] },
      "groups": .array(
        zip(self.sets.groups, sets.scores).map { model, scores in
          var kept: [String: JSONValue] = [:]
          for subtype in Subtype.allCases {
            kept[subtype.rawValue] = .array(scores[subtype.index].map { .number($0) })
          }
          return ["model": model.document, "scores": .object(kept)]
        }),
    ]
  }

  private var guaranteeInWords: String {
    let alpha = options.alpha
    switch sets.guarantee {
    case .split:
      return "each subtype's set holds it in at least \(decimals(1 - alpha)) of new participants "
        + "like these, on average over calibration samples"
    case .cross:
      return "each subtype's set holds it in about \(decimals(1 - 2 * alpha)) of new participants "
        + "like these or more, usually near \(decimals(1 - alpha))"
    }
  }

  private var cohortDocument: JSONValue {
    let key = sha256Hex("pdff.subtype-model participants \(cohort.sha256)".utf8)
    let hashes = cohort.members.map { keyedSHA256Hex($0.participant, key: key) }.sorted()
    let uncertainties = cohort.members.map(\.value.standardUncertainty)
    let total = Double(cohort.members.count)
    return [
      "sha256": .string(cohort.sha256), "n": bySubtype { Double(cohort.count($0)) },
      "prevalence": bySubtype { Double(cohort.count($0)) / total },
      "median_standard_uncertainty_percent": .finite(
        cohort.hasUncertainties ? Sample.median(uncertainties) : nil),
      "sites": .finite(cohort.sites.map { Double($0.count) }),
      "scanners": .finite(cohort.scanners.map { Double($0.count) }),
      "participants": [
        "hash": "HMAC-SHA256", "key": .string(key), "hashes": .array(hashes.map { .string($0) }),
      ],
      "median_percent": bySubtype { subtype in
        Sample.median(
          cohort.members.filter { $0.subtype == subtype }.map(\.value.percent)) ?? .nan
      },
      "background_range_percent": backgroundRange,
    ]
  }

  private var backgroundRange: JSONValue {
    let values = options.usesBackground ? cohort.members.compactMap(\.background) : []
    guard let low = values.min(), let high = values.max() else { return nil }
    return [.number(low), .number(high)]
  }

  private var range: JSONValue {
    let values = cohort.members.map(\.value.percent)
    return [.finite(values.min()), .finite(values.max())]
  }

  private func bySubtype(_ value: (Subtype) -> Double) -> JSONValue {
    var members: [String: JSONValue] = [:]
    for subtype in Subtype.allCases { members[subtype.rawValue] = .finite(value(subtype)) }
    return .object(members)
  }
}

extension JSONValue {
  /// Every number to twelve significant digits.
  var rounded: JSONValue {
    switch self {
    case .number(let number): .number(Double(String(format: "%.12g", number)) ?? number)
    case .array(let elements): .array(elements.map(\.rounded))
    case .object(let members): .object(members.mapValues(\.rounded))
    default: self
    }
  }
}
