import Calibration
import Documents

extension RuleCheck {
  mutating func check(_ event: TreatmentEvent) {
    let isPlanning = event.kind == .tacePlanned || event.kind == .taceCancelled
    if !isPlanning { checkNotInFuture(event.date) }
    if event.kind != .taceCancelled { checkAlive(on: event.date) }
    let same = record.treatment.contains {
      ($0.kind, $0.date, $0.lesion) == (event.kind, event.date, event.lesion)
    }
    if event.kind != .taceCancelled && event.kind != .tacePlanned {
      add(.alreadyRecorded, if: same)
    }
    let left = record.followUp.filter { $0.kind == .withdrawal || $0.kind == .conversion }
    if let left = left.map(\.date).min(), event.kind != .taceCancelled, event.kind != .priorTACE {
      add(.afterClosing, "\(event.date) is after \(left)", if: event.date > left)
    }
    switch event.kind {
    case .priorTACE: checkPrior(event)
    case .systemicStart: checkStart(event)
    case .tacePlanned: checkPlan(event)
    case .taceCancelled: checkCancellation(event)
    case .apatinibPause: checkPause(event)
    case .noPause: checkNoPause(event)
    case .tace: checkSession(event)
    case .apatinibRestart: checkRestart(event)
    }
  }

  /// What is known on the event's own day.
  private func treatment(on day: CalendarDay) -> Treatment {
    Treatment(record.treatment, on: day)
  }

  private var clock: TACEClock {
    TACEClock(
      settings: settings, start: start,
      leadTimeDays: settings.leadTimeDays(site: record.participant.site))
  }

  private var sessions: [TreatmentEvent] { record.treatment.filter { $0.kind == .tace } }

  private mutating func checkPrior(_ event: TreatmentEvent) {
    let first = ([start].compactMap { $0 } + sessions.map(\.date)).min()
    if let first {
      add(.priorAfterStart, "\(event.date) is not before \(first)", if: event.date >= first)
    }
  }

  private mutating func checkStart(_ event: TreatmentEvent) {
    if let start { add(.alreadyRecorded, "D0 is \(start)", if: start != event.date) }
    let priors = record.treatment.filter { $0.kind == .priorTACE }
    if let prior = priors.map(\.date).max() {
      add(.priorAfterStart, "a prior TACE was on \(prior)", if: prior >= event.date)
    }
    if let session = sessions.map(\.date).min() {
      add(.beforeStart, "TACE was on \(session)", if: session < event.date)
    }
  }

  /// Whether the day lies in the window, where the window binds this session.
  private mutating func checkWindow(_ date: CalendarDay, isFirst: Bool) {
    guard isFirst || settings.windowBindsEverySession, let window = clock.window else { return }
    add(
      .outsideWindow, "\(date) is not within \(window.lowerBound) to \(window.upperBound)",
      if: !window.contains(date))
  }

  /// TACE is in the arm where tissue says F3, or, while tissue has not answered, the call does.
  private mutating func checkArm(on day: CalendarDay) {
    let found = Reconciliation(record, settings, on: day)
    add(.notInArm, if: (found.tissueArm ?? found.provisionalArm) != .systemicAndTACE)
  }

  private mutating func checkPlan(_ event: TreatmentEvent) {
    let plans = Treatment(record.treatment, on: event.date).plans
    add(
      .alreadyRecorded,
      if: plans.contains { ($0.date, $0.lesion) == (event.date, event.lesion) })
    let days = Set((sessions + plans).map(\.date))
    checkWindow(event.date, isFirst: !days.contains { $0 < event.date })
    if let start { add(.beforeStart, "D0 is \(start)", if: event.date < start) }
    add(
      .tooManySessions, "\(settings.sessionsInAll) are",
      if: days.union([event.date]).count > settings.sessionsInAll)
    if let lesion = event.lesion {
      let planned = (sessions + plans).count { $0.lesion == lesion }
      add(.tooManyInTumour, "\(planned)", if: planned >= settings.sessionsPerTumour)
    }
    checkArm(on: max(event.date, today))
  }

  private mutating func checkCancellation(_ event: TreatmentEvent) {
    let plans = Treatment(record.treatment, on: today).plans
    add(.nothingPlanned, if: Treatment.cancelled(by: event, among: plans).isEmpty)
  }

  /// Pauses and restarts take turns. The last before the event, and the next after it.
  private func turns(around event: TreatmentEvent) -> (
    before: TreatmentEvent?, after: TreatmentEvent?
  ) {
    let turns = record.treatment.enumerated()
      .filter { $0.element.kind == .apatinibPause || $0.element.kind == .apatinibRestart }
      .sorted { ($0.element.date, $0.offset) < ($1.element.date, $1.offset) }.map(\.element)
    return (turns.last { $0.date <= event.date }, turns.first { $0.date > event.date })
  }

  private mutating func checkPause(_ event: TreatmentEvent) {
    add(.notStarted, if: start.map { event.date < $0 } ?? true)
    add(.alreadyPaused, if: turns(around: event).before?.kind == .apatinibPause)
    if let planned = treatment(on: event.date).plannedOn, planned >= event.date {
      let days = planned.number - event.date.number
      add(
        .pauseOutsideDays, "\(days) days before the planned TACE",
        if: !settings.pauseDays.contains(days))
    }
    checkArm(on: event.date)
  }

  private mutating func checkNoPause(_ event: TreatmentEvent) {
    add(.notStarted, if: start.map { event.date < $0 } ?? true)
    let known = treatment(on: event.date)
    add(.alreadyPaused, if: known.openPause != nil)
    if let first = clock.divergence(plannedOn: known.plannedOn) {
      add(.noPauseTooEarly, "it is known from \(first) on", if: event.date < first)
    }
  }

  private mutating func checkSession(_ event: TreatmentEvent) {
    add(.lesionMissing, if: (event.lesion ?? "").isEmpty)
    add(.beforeStart, if: start.map { event.date < $0 } ?? true)
    let priors = record.treatment.filter { $0.kind == .priorTACE }
    if let prior = priors.map(\.date).max() {
      add(.priorAfterStart, "a prior TACE was on \(prior)", if: prior >= event.date)
    }
    let days = Set(sessions.map(\.date))
    checkWindow(event.date, isFirst: !days.contains { $0 < event.date })
    let inTumour = sessions.count { $0.lesion == event.lesion }
    add(.tooManyInTumour, "\(inTumour)", if: inTumour >= settings.sessionsPerTumour)
    let inAll = days.union([event.date]).count
    add(.tooManySessions, "it is number \(inAll)", if: inAll > settings.sessionsInAll)
    if let pause = treatment(on: event.date).openPause {
      let rest = event.date.number - pause.number
      add(.pauseOutsideDays, "it rested \(rest) days", if: !settings.pauseDays.contains(rest))
    } else {
      add(.pauseOutsideDays, "no pause is recorded")
    }
    checkArm(on: event.date)
  }

  private mutating func checkRestart(_ event: TreatmentEvent) {
    let (before, after) = turns(around: event)
    add(
      .notPaused,
      if: before?.kind != .apatinibPause || after?.kind == .apatinibRestart)
    guard let pause = before?.date else { return }
    let done = sessions.map(\.date).filter { (pause...max(pause, event.date)).contains($0) }.max()
    if let done {
      let rest = event.date.number - done.number
      add(.restartOutsideDays, "it rested \(rest) days", if: !settings.pauseDays.contains(rest))
    }
  }
}
