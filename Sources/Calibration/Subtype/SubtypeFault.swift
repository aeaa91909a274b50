import Faults

/// An error of the subtype model.
public typealias SubtypeError = Fault<SubtypeFault>

/// Why a subtype model, or the cohort for one, is refused.
public enum SubtypeFault: String, FaultCode {
  case modelMissing = "model-missing"
  case notAModel = "model-not-a-model"
  case modelNewer = "model-newer"
  case modelDamaged = "model-damaged"
  case modelInvalid = "model-invalid"
  case notToFreeze = "model-not-to-freeze"
  case optionInvalid = "subtype-option-invalid"
  case cohortRows = "cohort-rows"
  case cohortFractions = "cohort-fractions"
  case cohortTooSmall = "cohort-too-small"
  case cohortSeparable = "cohort-separable"
  case cohortNoSpread = "cohort-no-spread"
  case cohortNoAssociation = "cohort-no-association"

  public var exit: ExitStatus {
    switch self {
    case .modelMissing: .missingInput
    case .optionInvalid: .usage
    default: .data
    }
  }

  public var summary: String { words.summary }
  public var remedy: String { words.remedy }

  private var words: (summary: String, remedy: String) {
    switch self {
    case .modelMissing: ("the subtype model is missing or cannot be read", "check the path")
    case .notAModel:
      ("the file is not a subtype model", "give a file that pdff subtype fit or freeze wrote")
    case .modelNewer:
      ("the subtype model was written by a newer pdff", "use that version of pdff, or fit again")
    case .modelDamaged:
      (
        "the subtype model was changed after it was written",
        "take the file as pdff subtype fit or freeze wrote it; it must never be edited"
      )
    case .modelInvalid:
      ("the subtype model contradicts itself", "fit it again; it was not written by pdff")
    case .notToFreeze:
      ("the subtype model cannot be frozen", "fit an exploratory model, and freeze that")
    case .optionInvalid: ("an option is out of range", "correct its value")
    case .cohortRows:
      ("rows of the cohort are wrong", "correct every line that is listed; nothing was written")
    case .cohortFractions:
      (
        "the percentages look like fractions: none is above 1",
        "write fat fractions in percent, 5.2 and not 0.052"
      )
    case .cohortTooSmall:
      (
        "a subtype has too few participants",
        "collect more of it, or choose a larger --alpha: ceil(1/alpha) - 1 are needed"
      )
    case .cohortSeparable:
      (
        "fat fraction separates the subtypes without any overlap, and the fit diverges",
        "check that tissue subtypes and fat fractions come from different sources; else add cases"
      )
    case .cohortNoSpread:
      (
        "the fat fractions do not vary enough to learn from",
        "check the column; the standard uncertainties may be larger than the spread"
      )
    case .cohortNoAssociation:
      (
        "fat fraction and tissue subtype are not associated at 5 %",
        "no model can be made from this cohort: wait for tissue, or collect more"
      )
    }
  }
}

/// What this room warns of when a subtype model is made.
public enum SubtypeNotice: String, NoticeCode {
  case oneSite = "cohort-one-site"
  case siteUnknown = "cohort-site-unknown"
  case uncertaintiesMissing = "cohort-uncertainties-missing"
  case calibrationUnstated = "cohort-calibration-unstated"
  case oddsNotProportional = "odds-not-proportional"
  case orderDoubtful = "subtype-order-doubtful"
  case orderContradicted = "subtype-order-contradicted"
  case unorderedBetter = "unordered-model-better"
  case classSmall = "cohort-class-small"

  public var summary: String {
    switch self {
    case .oneSite: "the cohort comes from one site only; nothing is known about others"
    case .siteUnknown: "the cohort does not say its sites; they are taken as one"
    case .uncertaintiesMissing:
      "the cohort has no standard uncertainties: the model contains its scans' errors, and a call "
        + "with an uncertainty counts some of it twice"
    case .calibrationUnstated:
      "neither --calibrated nor --uncalibrated was given; the values are taken as uncalibrated"
    case .oddsNotProportional: "the test of proportional odds fails at 5 %"
    case .orderDoubtful: "it is not shown that F2's fat fraction lies between those of F1 and F3"
    case .orderContradicted: "F2's fat fraction lies beyond that of F1 or F3"
    case .unorderedBetter: "a model without order describes the cohort better"
    case .classSmall: "a subtype hardly suffices for its conformal set, which is then very wide"
    }
  }
}
