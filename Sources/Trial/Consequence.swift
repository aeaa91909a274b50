import Calibration
import Documents

extension Assessment.Consequence {
  /// What the difference between the provisional arm and tissue's has done, recorded facts before dates.
  ///
  /// - Parameters:
  ///   - provisional: the arm of the calls that stand; `undetermined` without one.
  ///   - tissue: `systemic` or `systemicAndTACE`.
  ///   - treatment: as it is known on `day`.
  init(
    provisional: Arm, tissue: Arm, treatment: Treatment, clock: TACEClock, on day: CalendarDay
  ) {
    if provisional == tissue {
      self = .none
    } else if tissue == .systemic {
      self = Self.againstTACE(provisional, treatment, clock, day)
    } else {
      self = Self.forTACE(treatment, clock, day)
    }
  }

  /// Tissue is F1 or F2, and the call, if there was one, had not said so.
  private static func againstTACE(
    _ provisional: Arm, _ treatment: Treatment, _ clock: TACEClock, _ day: CalendarDay
  ) -> Self {
    if !treatment.taces.isEmpty { return .irreversible }
    if treatment.openPause != nil { return .recoverable }
    // Without a call for TACE nobody pauses apatinib unless a TACE is planned.
    if provisional != .systemicAndTACE && treatment.plans.isEmpty { return .none }
    guard let divergence = clock.divergence(plannedOn: treatment.plannedOn), day >= divergence
    else { return .harmless }
    let answers = treatment.pauses.map(\.from) + treatment.noPauses
    return answers.contains { $0 >= divergence } ? .harmless : .confirmPause
  }

  /// Tissue is F3, and the call, if there was one, had not said so.
  private static func forTACE(
    _ treatment: Treatment, _ clock: TACEClock, _ day: CalendarDay
  ) -> Self {
    guard let last = clock.lastDecision, let window = clock.window, day > last else {
      return .harmless
    }
    if treatment.taces.contains(where: { window.contains($0.date) }) { return .harmless }
    // A pause keeps TACE in its window as long as it lasts, and the window too.
    if let pause = treatment.openPause, clock.pauseWindow?.contains(pause) == true,
      day <= window.upperBound
    {
      return .harmless
    }
    return .lateTACE
  }
}
