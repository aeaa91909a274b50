import Documents

extension RuleCheck {
  /// Four weeks, after which RECIST 1.1 lets a response be confirmed.
  static let confirmationDays = 28

  mutating func check(_ event: FollowUpEvent) {
    checkNotInFuture(event.date)
    if event.kind != .death { checkAlive(on: event.date) }
    add(
      .alreadyRecorded,
      if: record.followUp.contains {
        $0.kind == event.kind
          && (event.kind.closes || ($0.date, $0.detail) == (event.date, event.detail))
      })
    if event.kind == .death, let last = lastFact, last > event.date {
      add(.afterDeath, "an entry of \(last) is later than \(event.date)")
    }
    if let withdrawal = record.followUp.first(where: { $0.kind == .withdrawal })?.date {
      add(.afterClosing, if: event.kind != .death && event.date > withdrawal)
    }
    switch event.detail {
    case .response(let recist, let mrecist):
      add(.responseEmpty, if: recist == nil && mrecist == nil)
      checkStarted(by: event.date)
      check(recist, by: .recist, on: event.date)
      check(mrecist, by: .mrecist, on: event.date)
    case .progression: checkStarted(by: event.date)
    case .adverseEvent(let found):
      add(
        .gradeOutOfRange,
        if: !(1...5).contains(found.grade) || found.term.allSatisfy(\.isWhitespace))
    case .death, .withdrawal, .conversion: break
    }
  }

  private mutating func checkStarted(by date: CalendarDay) {
    add(.beforeStart, if: start.map { date < $0 } ?? true)
  }

  /// A confirmation follows a response of the same criterion by four weeks or more.
  private mutating func check(
    _ response: Response?, by criterion: ResponseCriterion, on date: CalendarDay
  ) {
    guard let response, response.isConfirmed else { return }
    let earlier = record.followUp.contains { event in
      guard case .response(let recist, let mrecist) = event.detail,
        let before = criterion == .recist ? recist : mrecist
      else { return false }
      return before.category.isObjective
        && event.date.adding(days: Self.confirmationDays) <= date
    }
    add(.confirmsNothing, criterion.rawValue, if: !(response.category.isObjective && earlier))
  }

  /// The last day on which something is recorded that only the living can have; plans aside.
  private var lastFact: CalendarDay? {
    let treatment = record.treatment.filter { $0.kind != .tacePlanned && $0.kind != .taceCancelled }
    return
      (treatment.map(\.date) + record.tissue.map(\.biopsyOn)
      + record.followUp.filter { $0.kind != .death }.map(\.date)).max()
  }
}
