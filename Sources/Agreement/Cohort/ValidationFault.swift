import Faults

/// An error of the validation pack.
public typealias CohortError = Fault<ValidationFault>

/// Why a cohort is not validated.
public enum ValidationFault: String, FaultCode {
  case rows = "validation-rows"
  case modelNeeded = "validation-model-needed"
  case planInvalid = "validation-plan-invalid"

  public var summary: String {
    switch self {
    case .rows: "rows of the cohort are wrong"
    case .modelNeeded: "the cohort has no provisional_subtype, so there are no calls to validate"
    case .planInvalid: "the plan cannot be made"
    }
  }

  public var remedy: String {
    switch self {
    case .rows: "correct every line that is listed; nothing was written"
    case .modelNeeded: "add the column, or give --model to make the calls after the fact"
    case .planInvalid: "correct the value; --prevalence adds up to 1"
    }
  }

  public var exit: ExitStatus { self == .rows ? .data : .usage }
}

/// What the validation pack warns of.
public enum ValidationNotice: String, NoticeCode {
  case columnsUnknown = "validation-columns-unknown"
  case callsAfterTheFact = "validation-calls-after-the-fact"
  case sealsUnknown = "validation-seals-unknown"
  case trainingUnknown = "validation-training-unknown"
  case modelDemonstration = "validation-model-demonstration"
  case uncertaintyMissing = "validation-uncertainty-missing"
  case setApart = "validation-set-apart"

  public var summary: String {
    switch self {
    case .columnsUnknown: "columns that are not known were not read"
    case .callsAfterTheFact:
      "the calls were made by --model after the fact, not sealed before tissue was known"
    case .sealsUnknown:
      "the table does not show that calls were sealed before tissue was reported; it is assumed"
    case .trainingUnknown:
      "no model was given, so nobody can be recognised on whom it was trained"
    case .modelDemonstration: "the model was made from synthetic data: NOT FOR PATIENTS"
    case .uncertaintyMissing:
      "values without a standard uncertainty are indeterminate: the model needs one"
    case .setApart: "participants are set apart and count in no figure but the flow"
    }
  }
}
