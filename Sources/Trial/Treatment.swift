import Documents

/// What is known of a participant's treatment on one day: facts dated up to that day, and plans.
struct Treatment {
  /// D0.
  let systemicStart: CalendarDay?
  /// Study sessions by date; two tumours treated on one day are two entries.
  let taces: [TreatmentEvent]
  /// Prior ones and those of the study.
  let firstTACEOfAll: CalendarDay?
  /// Plans that are neither cancelled nor done, by date.
  let plans: [TreatmentEvent]
  /// Pauses by date, and when each ended.
  let pauses: [(from: CalendarDay, to: CalendarDay?)]
  /// Days on which somebody found that apatinib was not paused.
  let noPauses: [CalendarDay]

  init(_ events: [TreatmentEvent], on day: CalendarDay) {
    let facts = events.filter { $0.date <= day }
    func days(_ kind: TreatmentEvent.Kind) -> [CalendarDay] {
      facts.filter { $0.kind == kind }.map(\.date).sorted()
    }
    systemicStart = days(.systemicStart).first
    let taces = Self.byDate(facts.filter { $0.kind == .tace })
    self.taces = taces
    firstTACEOfAll = (days(.priorTACE) + taces.map(\.date)).min()
    noPauses = days(.noPause)
    pauses = Self.pauses(facts)
    plans = Self.plans(events).filter { plan in
      !taces.contains { plan.date <= $0.date && Self.sameTumour(plan, $0) }
    }
  }

  var plannedOn: CalendarDay? { plans.first?.date }

  /// When the pause began that has not ended.
  var openPause: CalendarDay? { pauses.last.flatMap { $0.to == nil ? $0.from : nil } }

  /// The first day on which treatment was no longer that of F1 and F2.
  var firstDivergence: CalendarDay? {
    [pauses.first?.from, taces.first?.date].compactMap { $0 }.min()
  }

  private static func byDate(_ events: [TreatmentEvent]) -> [TreatmentEvent] {
    events.enumerated().sorted { ($0.element.date, $0.offset) < ($1.element.date, $1.offset) }
      .map(\.element)
  }

  private static func sameTumour(_ plan: TreatmentEvent, _ other: TreatmentEvent) -> Bool {
    plan.lesion == nil || other.lesion == nil || plan.lesion == other.lesion
  }

  private static func pauses(_ facts: [TreatmentEvent]) -> [(from: CalendarDay, to: CalendarDay?)] {
    var pauses: [(from: CalendarDay, to: CalendarDay?)] = []
    for event in byDate(facts) {
      if event.kind == .apatinibPause {
        pauses.append((event.date, nil))
      } else if event.kind == .apatinibRestart, pauses.last?.to == nil, !pauses.isEmpty {
        pauses[pauses.count - 1].to = event.date
      }
    }
    return pauses
  }

  /// Plans that stand after cancellations, in the order of recording.
  private static func plans(_ events: [TreatmentEvent]) -> [TreatmentEvent] {
    var plans: [TreatmentEvent] = []
    for event in events {
      if event.kind == .tacePlanned {
        plans.append(event)
      } else if event.kind == .taceCancelled {
        let cancelled = cancelled(by: event, among: plans)
        plans.removeAll { cancelled.contains($0) }
      }
    }
    return byDate(plans)
  }

  /// The plan of that very day, else every plan from that day on.
  static func cancelled(
    by event: TreatmentEvent, among plans: [TreatmentEvent]
  ) -> [TreatmentEvent] {
    let same = plans.filter { sameTumour($0, event) }
    let exact = same.filter { $0.date == event.date }
    return exact.isEmpty ? same.filter { $0.date >= event.date } : exact
  }
}
