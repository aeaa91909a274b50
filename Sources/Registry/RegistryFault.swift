import Faults

/// A refusal by the registry.
public typealias RegistryError = Fault<RegistryFault>

/// Why the registry refuses. Where a role must not learn the true reason, `callNotAccepted` stands in
/// for it.
public enum RegistryFault: String, FaultCode {
  case settingsMissing = "settings-missing"
  case missing = "registry-missing"
  case exists = "registry-exists"
  case notARegistry = "registry-not-a-registry"
  case newer = "registry-newer"
  case damaged = "registry-damaged"
  case doesNotHold = "registry-does-not-hold"
  case headDiffers = "registry-head-differs"
  case networkShare = "registry-network-share"
  case cannotWrite = "registry-cannot-write"
  case readOnly = "registry-read-only"
  case busy = "registry-busy"
  case clockBehind = "registry-clock-behind"
  case credentialsDamaged = "registry-credentials-damaged"
  case loginRefused = "login-refused"
  case notPermitted = "not-permitted"
  case tokenMissing = "token-missing"
  case nameInvalid = "registry-name-invalid"
  case textInvalid = "registry-text-invalid"
  case userExists = "user-exists"
  case userMissing = "user-missing"
  case lastAdministrator = "last-administrator"
  case reasonMissing = "reason-missing"
  case pseudonymRefused = "pseudonym-refused"
  case participantExists = "participant-exists"
  case participantMissing = "participant-missing"
  case measurementMissing = "measurement-missing"
  case measurementInvalid = "measurement-invalid"
  case measurementChanged = "measurement-changed"
  case measurementWithoutCall = "measurement-without-call"
  case modelNotApproved = "model-not-approved"
  case modelStatus = "model-status-unfit"
  case scanUndated = "scan-undated"
  case scanDateDiffers = "scan-date-differs"
  case sealedOnGiven = "sealed-on-given"
  case callExists = "call-exists"
  case callNotAccepted = "call-not-accepted"
  case entryMissing = "entry-missing"
  case entryFixed = "entry-fixed"
  case entryInUse = "entry-in-use"
  case nothingChanged = "nothing-changed"
  case alreadyUnblinded = "already-unblinded"
  case dateInFuture = "date-in-future"

  public var exit: ExitStatus {
    switch self {
    case .missing, .measurementMissing, .settingsMissing: .missingInput
    case .exists, .networkShare, .cannotWrite, .readOnly: .cannotCreate
    case .busy: .busy
    case .loginRefused, .notPermitted: .notPermitted
    case .tokenMissing, .nameInvalid, .textInvalid: .usage
    default: .data
    }
  }

  public var summary: String { words.summary }
  public var remedy: String { words.remedy }
}
