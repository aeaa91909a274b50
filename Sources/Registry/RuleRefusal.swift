import Faults
import Trial

/// A refusal by the trial's rules: what the user is told, and the rules, which the log keeps in any case.
struct RuleRefusal: UserFacingError {
  let error: any UserFacingError
  let rules: [Rule]

  var codeName: String { error.codeName }
  var exit: ExitStatus { error.exit }
  var description: String { error.description }
}

extension Workspace {
  /// Checks an event against what is recorded.
  ///
  /// Throws where it can't have been so, and where it lies outside the protocol and no reason is given.
  /// To who must not know of tissue, `call-not-accepted` stands in for a rule that would tell of it.
  ///
  /// - Returns: the rules that it breaks as a deviation; the reason explains them.
  func checked(
    _ event: RecordedEvent, _ record: ParticipantRecord, reason: String?
  ) throws -> [RuleBreach] {
    let breaches = RuleBreach.all(of: event, in: record, settings: settings, today: today)
    let impossible = breaches.filter { $0.gravity == .impossible }
    if !impossible.isEmpty {
      let telling: Set<Rule> = [.tissueKnown, .scanAfterBiopsy]
      let hidden = !sight.contains(.tissue) && impossible.contains { telling.contains($0.rule) }
      throw RuleRefusal(
        error: hidden
          ? RegistryError(.callNotAccepted) : TrialError(.eventImpossible, words(impossible)),
        rules: impossible.map(\.rule))
    }
    if !breaches.isEmpty, reason == nil {
      throw RuleRefusal(
        error: TrialError(
          .deviationUnexplained, words(breaches)),
        rules: breaches.map(\.rule))
    }
    return breaches
  }

  /// Breaches in words; their particulars tell dates of treatment.
  func words(_ breaches: [RuleBreach]) -> String {
    breaches.map { sight.contains(.treatment) ? $0.message : $0.rule.summary }
      .joined(separator: "; ")
  }
}
