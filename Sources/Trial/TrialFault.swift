import Faults

/// A refusal by the trial's rules.
public typealias TrialError = Fault<TrialFault>

/// Why the trial's rules refuse.
public enum TrialFault: String, FaultCode {
  case settingsInvalid = "study-settings-invalid"
  case eventImpossible = "event-impossible"
  case deviationUnexplained = "deviation-unexplained"

  public var summary: String {
    switch self {
    case .settingsInvalid: "the study's settings are wrong"
    case .eventImpossible: "the event contradicts what is recorded"
    case .deviationUnexplained: "the event lies outside the protocol"
    }
  }

  public var remedy: String {
    switch self {
    case .settingsInvalid: "correct every setting that is listed; nothing was written"
    case .eventImpossible: "check date and lesion, or amend the entry that is wrong"
    case .deviationUnexplained: "check it; if it happened so, record it with --reason"
    }
  }

  public var exit: ExitStatus { .data }
}
