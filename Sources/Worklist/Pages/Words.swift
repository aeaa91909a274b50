import Calibration
import Documents
import Pages
import Registry
import Trial

/// The registry's words for people. Every meaning has words of its own; colours only go with them.
enum Words {
  /// States by the trial's rules, and those that one side alone sees.
  static func state(_ state: String) -> (words: String, standing: Standing) {
    switch state {
    case "no-call": ("no call yet", .neutral)
    case "awaiting-tissue": ("awaiting tissue", .neutral)
    case "concordant": ("concordant", .good)
    case "same-arm": ("same arm", .good)
    case "discordant": ("discordant", .bad)
    case "tissue-failed": ("tissue failed", .caution)
    case "not-evidence": ("not evidence", .caution)
    case "closed": ("closed", .neutral)
    case "called": ("call sealed", .good)
    case "no-tissue": ("no tissue yet", .neutral)
    case "tissue-reported": ("tissue reported", .good)
    case "answered": ("tissue reported", .good)
    default: (state, .neutral)
    }
  }

  static func stateBadge(_ name: String) -> Markup {
    let (words, standing) = state(name)
    return badge(standing, words)
  }

  static func consequence(_ consequence: Assessment.Consequence) -> (
    words: String, standing: Standing
  ) {
    switch consequence {
    case .none: ("none", .neutral)
    case .harmless: ("harmless", .good)
    case .confirmPause: ("confirm the pause", .caution)
    case .recoverable: ("recoverable: act now", .bad)
    case .irreversible: ("irreversible", .bad)
    case .lateTACE: ("late TACE", .bad)
    }
  }

  /// What today's state means for treatment, in one sentence.
  static func sentence(_ assessment: Assessment) -> String {
    let arms =
      "the provisional arm is \(assessment.provisionalArm.rawValue), tissue's is "
      + (assessment.tissueArm?.rawValue ?? "not known")
    let meaning =
      switch assessment.consequence {
      case .none: plainState(assessment)
      case .harmless: "No harm is done: \(arms), and treatment has not differed yet"
      case .confirmPause:
        "It is not recorded whether apatinib was paused: \(arms), and TACE's pause may have begun"
      case .recoverable: "Apatinib is paused for a TACE that tissue does not support: \(arms)"
      case .irreversible: "A TACE was done that tissue does not support: \(arms)"
      case .lateTACE: "Tissue calls for TACE, and its window can hardly be met: \(arms)"
      }
    let by = assessment.action.by.map { ", by \($0)" } ?? ""
    let from = assessment.action.from.map { ", from \($0)" } ?? ""
    return assessment.action.kind == .none
      ? "\(meaning)." : "\(meaning). Next: \(assessment.action.kind.words)\(from)\(by)."
  }

  private static func plainState(_ assessment: Assessment) -> String {
    switch assessment.state {
    case .noCall: "There is no call, and nothing hangs on one yet"
    case .awaitingTissue: "The call stands until tissue answers"
    case .concordant: "Call and tissue name the same subtype"
    case .sameArm: "Call and tissue differ in subtype or certainty, not in treatment"
    case .discordant: "Call and tissue differ in arm, and treatment has not begun to differ"
    case .tissueFailed: "Tissue gave no answer"
    case .notEvidence:
      "Call and tissue cannot be compared: "
        + assessment.notEvidence.map(reason).joined(separator: "; ")
    case .closed:
      "The participant left the study's treatment"
        + (assessment.closedOn.map { " on \($0)" } ?? "")
    }
  }

  static func reason(_ reason: Assessment.NotEvidence) -> String {
    switch reason {
    case .sealedTooLate: "the call was not sealed on a day before tissue was reported"
    case .otherLesion: "they name different lesions"
    case .indeterminate: "the call decides neither subtype nor arm"
    case .scanAfterTACE: "the scan is later than a TACE"
    case .scanAfterStart: "the scan is later than the first systemic dose"
    case .scanAfterBiopsy: "the scan is later than the biopsy"
    }
  }

  /// `tace-planned` as people say it.
  static func event(_ name: String) -> String {
    TreatmentEvent.Kind(rawValue: name)?.words ?? FollowUpEvent.Kind(rawValue: name)?.words ?? name
  }
}
