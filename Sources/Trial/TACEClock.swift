import Documents

/// The days of the trial's clock for one participant, by the study's settings.
struct TACEClock {
  let settings: StudySettings
  /// D0.
  let start: CalendarDay?
  /// L of the participant's site.
  let leadTimeDays: Int

  /// The first and the last day of the window: D14 and D28.
  var window: ClosedRange<CalendarDay>? {
    start.map {
      $0.adding(
        days: settings.taceWindowDays.lowerBound)...$0
        .adding(days: settings.taceWindowDays.upperBound)
    }
  }

  /// The first day on which the arms' treatments may differ: T-5 where TACE is planned on T, else D9; nil
  /// where no clock runs.
  func divergence(plannedOn: CalendarDay?) -> CalendarDay? {
    (plannedOn ?? window?.lowerBound)?.adding(days: -settings.pauseDays.upperBound)
  }

  /// D23 - L: the last day on which a decision for TACE keeps it in its window with the longest pause.
  var lastDecision: CalendarDay? {
    window?.upperBound.adding(days: -settings.pauseDays.upperBound - leadTimeDays)
  }

  /// Days on which a pause may begin so that its TACE lies in the window: D9 to D25.
  var pauseWindow: ClosedRange<CalendarDay>? {
    window.map {
      $0.lowerBound.adding(
        days: -settings.pauseDays.upperBound)...$0.upperBound
        .adding(days: -settings.pauseDays.lowerBound)
    }
  }

  /// Whether that day lies behind the window.
  func isOver(_ day: CalendarDay) -> Bool { window.map { day > $0.upperBound } ?? false }
}
