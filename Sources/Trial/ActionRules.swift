import Calibration
import Documents

/// What to do next for a participant who has not left.
struct ActionRules {
  let found: Reconciliation
  let consequence: Assessment.Consequence
  let treatment: Treatment
  let clock: TACEClock
  let day: CalendarDay

  var action: NextAction {
    if found.tissueDiffers { return NextAction(.reviewTissue, by: whileWindowLasts(day)) }
    switch found.tissueArm {
    case .systemic: return afterSystemic
    case .systemicAndTACE: return afterTACE
    case .undetermined, nil: return withoutTissue
    }
  }

  /// The last day on which tissue's answer, whatever it is, does no harm.
  var tissueDeadline: CalendarDay? {
    guard found.tissue == nil else { return nil }
    let beforeTACE = [
      clock.divergence(plannedOn: treatment.plannedOn), treatment.firstDivergence,
    ].compactMap { $0 }.min()?.adding(days: -1)
    if found.provisionalArm == .systemicAndTACE { return beforeTACE }
    let isTowardsTACE = !treatment.plans.isEmpty || treatment.firstDivergence != nil
    return [clock.lastDecision, isTowardsTACE ? beforeTACE : nil].compactMap { $0 }.min()
  }

  /// Nothing can be brought back into the window once it is over: then an action has no date.
  private func whileWindowLasts(_ date: CalendarDay?) -> CalendarDay? {
    clock.isOver(day) ? nil : date
  }

  /// Tissue says F1 or F2: no TACE, no pause.
  private var afterSystemic: NextAction {
    if consequence == .confirmPause { return NextAction(.confirmPause, by: day) }
    let isAfterSession = restart != nil
    if treatment.openPause != nil && !isAfterSession {
      return NextAction(.cancelAndRestart, by: day)
    }
    if !treatment.plans.isEmpty {
      let last = clock.divergence(plannedOn: treatment.plannedOn)?.adding(days: -1)
      return NextAction(.cancelTACE, by: last.map { max($0, day) } ?? day)
    }
    if let restart { return restart }
    return treatment.systemicStart == nil
      ? NextAction(.startSystemic) : NextAction(.followUp)
  }

  /// Tissue says F3.
  private var afterTACE: NextAction {
    if let session { return session }
    if treatment.systemicStart == nil { return NextAction(.startSystemic) }
    if let confirmation { return confirmation }
    if let planned = treatment.plannedOn {
      let days = clock.settings.pauseDays
      return NextAction(
        .pauseApatinib, from: planned.adding(days: -days.upperBound),
        by: planned.adding(days: -days.lowerBound))
    }
    if !treatment.taces.isEmpty { return NextAction(.followUp) }
    if let last = clock.lastDecision, day <= last { return NextAction(.planTACE, by: last) }
    return NextAction(.decideLateTACE, by: whileWindowLasts(day))
  }

  private var withoutTissue: NextAction {
    if let session { return session }
    if let confirmation { return confirmation }
    let deadline = tissueDeadline
    if found.state == .tissueFailed {
      return NextAction(.rebiopsy, by: whileWindowLasts(deadline))
    }
    if found.callsDiffer { return NextAction(.reviewCalls, by: whileWindowLasts(deadline)) }
    if found.state == .noCall && treatment.systemicStart == nil { return NextAction(.sealCall) }
    guard let deadline, treatment.taces.isEmpty, !clock.isOver(day) else {
      return NextAction(.awaitTissue)
    }
    return NextAction(day <= deadline ? .awaitTissue : .decideWithoutTissue, by: deadline)
  }

  /// What a pause that lasts asks for: its TACE, or the restart after it.
  private var session: NextAction? {
    guard let pause = treatment.openPause else { return nil }
    if let restart { return restart }
    let days = clock.settings.pauseDays
    let last = pause.adding(days: days.upperBound)
    return NextAction(
      .performTACE, from: pause.adding(days: days.lowerBound),
      by: treatment.plannedOn.map { min($0, last) } ?? last)
  }

  /// A plan whose day has passed: what comes next depends on what became of it.
  private var confirmation: NextAction? {
    treatment.plannedOn.flatMap { $0 < day ? NextAction(.confirmTACE, by: day) : nil }
  }

  /// The restart of apatinib that a TACE within the lasting pause asks for.
  private var restart: NextAction? {
    guard let pause = treatment.openPause, let tace = treatment.taces.last?.date, tace >= pause
    else { return nil }
    let days = clock.settings.pauseDays
    return NextAction(
      .restartApatinib, from: tace.adding(days: days.lowerBound),
      by: tace.adding(days: days.upperBound))
  }
}
