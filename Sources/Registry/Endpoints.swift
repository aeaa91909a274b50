import Documents
import Trial

/// What became of one participant, in days from D0 (the first systemic dose); empty without D0.
///
/// - Best response: the best of CR, PR, SD, PD, NE before the first progression by the same criterion.
/// - Progression by RECIST 1.1: a recorded progression, or a response assessment PD. Without one, death is the
///   event; without either, the last tumour assessment by RECIST censors.
/// - Survival: to death, or censored at the last day on which anything is recorded.
package struct Endpoints {
  package var systemicStart: CalendarDay?
  package var bestRECIST: Response.Category?
  package var bestMRECIST: Response.Category?
  package var responseConfirmed: Bool?
  package var responseDays: Int?
  package var progressionDays: Int?
  package var progressed: Bool?
  package var survivalDays: Int?
  package var died: Bool?
  package var converted = false
  package var asTreated: String?
  package var firstTACEDays: Int?

  package init(_ record: ParticipantRecord) {
    converted = record.followUp.contains { $0.kind == .conversion }
    let start = record.treatment.filter { $0.kind == .systemicStart }.map(\.date).min()
    guard let start else { return }
    systemicStart = start
    func days(_ day: CalendarDay) -> Int { day.number - start.number }
    let events = record.followUp.filter { $0.date >= start }
      .sorted { ($0.date, $0.entry) < ($1.date, $1.entry) }
    let sessions = record.treatment.filter { $0.kind == .tace }.map(\.date)
    asTreated = sessions.isEmpty ? "systemic" : "systemic+TACE"
    firstTACEDays = sessions.min().map(days)

    let recist = Course(events, .recist)
    let mrecist = Course(events, .mrecist)
    bestRECIST = recist.best
    bestMRECIST = mrecist.best
    let told = recist.firstObjective != nil ? recist : mrecist
    responseDays = told.firstObjective.map(days)
    if recist.best != nil || mrecist.best != nil { responseConfirmed = told.isConfirmed }

    let death = events.first { $0.kind == .death }?.date
    let end = [recist.progression, death].compactMap { $0 }.min()
    progressed = end != nil
    progressionDays = days(end ?? recist.lastAssessment ?? start)
    died = death != nil
    let known =
      events.map(\.date)
      + record.treatment.filter { $0.kind != .tacePlanned && $0.kind != .taceCancelled }.map(\.date)
    survivalDays = days(death ?? known.max() ?? start)
  }
}

/// Assessments by one criterion, up to the first progression.
private struct Course {
  var best: Response.Category?
  var firstObjective: CalendarDay?
  var isConfirmed = false
  var progression: CalendarDay?
  var lastAssessment: CalendarDay?

  init(_ events: [FollowUpEvent], _ criterion: ResponseCriterion) {
    let order = Response.Category.allCases
    for event in events {
      switch event.detail {
      case .progression(criterion): progression = event.date
      case .response(let recist, let mrecist):
        guard let response = criterion == .recist ? recist : mrecist else { continue }
        let category = response.category
        if category != .notEvaluable { lastAssessment = event.date }
        let place = order.firstIndex(of: category) ?? order.count
        if best.flatMap({ order.firstIndex(of: $0) }).map({ place < $0 }) ?? true {
          best = category
        }
        if category.isObjective {
          firstObjective = firstObjective ?? event.date
          isConfirmed = isConfirmed || response.isConfirmed
        }
        if category == .progressive { progression = event.date }
      default: continue
      }
      if progression != nil {
        if best == nil { best = .progressive }
        return
      }
    }
  }
}
