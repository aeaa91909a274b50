import Calibration
import Documents

extension RuleBreach {
  /// Every rule that an event would break, those that make it impossible first. Nothing is changed.
  ///
  /// - Parameters:
  ///   - record: without the entry that the event replaces, if it amends one.
  ///   - today: in the study's time zone; a simulated study's dates may lie after it.
  public static func all(
    of event: RecordedEvent, in record: ParticipantRecord, settings: StudySettings,
    today: CalendarDay
  ) -> [RuleBreach] {
    var check = RuleCheck(record: record, settings: settings, today: today)
    switch event {
    case .call(let call): check.check(call)
    case .tissue(let result): check.check(result)
    case .treatment(let event): check.check(event)
    case .followUp(let event): check.check(event)
    }
    return check.breaches.filter { $0.gravity == .impossible }
      + check.breaches.filter { $0.gravity == .deviation }
  }

  /// The same as an error: `event-impossible`, or `deviation-unexplained` where a reason is missing.
  public static func refuse(_ breaches: [RuleBreach], reason: String?) throws(TrialError) {
    func words(_ gravity: Gravity) -> String {
      breaches.filter { $0.gravity == gravity }.map(\.message).joined(separator: "; ")
    }
    let impossible = words(.impossible)
    if !impossible.isEmpty { throw TrialError(.eventImpossible, impossible) }
    let deviations = words(.deviation)
    if !deviations.isEmpty && (reason ?? "").isEmpty {
      throw TrialError(.deviationUnexplained, deviations)
    }
  }
}

/// Gathers the rules that one event breaks.
struct RuleCheck {
  let record: ParticipantRecord
  let settings: StudySettings
  let today: CalendarDay
  var breaches: [RuleBreach] = []

  mutating func add(_ rule: Rule, _ detail: String = "", if isBroken: Bool = true) {
    if isBroken { breaches.append(RuleBreach(rule, detail)) }
  }

  mutating func checkNotInFuture(_ dates: CalendarDay...) {
    guard !settings.isSimulated, let last = dates.max() else { return }
    add(.dateInFuture, "\(last) is after \(today)", if: last > today)
  }

  mutating func checkAlive(on date: CalendarDay) {
    guard let death = record.death, date > death else { return }
    add(.afterDeath, "\(date) is after \(death)")
  }

  var start: CalendarDay? {
    record.treatment.filter { $0.kind == .systemicStart }.map(\.date).min()
  }

  /// A seal before which nothing may be known that the call could follow.
  mutating func check(_ call: SealedCall) {
    checkNotInFuture(call.scannedOn)
    add(.scanAfterSeal, "\(call.scannedOn)", if: call.scannedOn > call.sealedOn)
    // In a simulated study the order of seals is data: there the dates decide.
    let known = record.tissue.contains {
      $0.finding.subtype != nil && (!settings.isSimulated || $0.reportedOn <= call.sealedOn)
    }
    add(.tissueKnown, if: known)
    if let start {
      add(.scanAfterStart, "\(call.scannedOn) is after \(start)", if: call.scannedOn > start)
    }
    if settings.scanBeforeBiopsy, let biopsy = record.tissue.map(\.biopsyOn).min() {
      add(.scanAfterBiopsy, "\(call.scannedOn) is after \(biopsy)", if: call.scannedOn > biopsy)
    }
    let taces = record.treatment.filter { $0.kind == .tace || $0.kind == .priorTACE }
    if let tace = taces.map(\.date).min() {
      add(.scanAfterTACE, "TACE was on \(tace)", if: call.scannedOn >= tace)
    }
    checkAlive(on: call.scannedOn)
  }

  mutating func check(_ result: TissueResult) {
    checkNotInFuture(result.biopsyOn, result.reportedOn)
    add(
      .reportBeforeBiopsy, "\(result.reportedOn) is before \(result.biopsyOn)",
      if: result.reportedOn < result.biopsyOn)
    let same = record.tissue.filter { $0.lesion == result.lesion }
    add(.secondResult, if: same.contains { $0.finding.subtype != nil })
    add(
      .alreadyRecorded,
      if: same.contains {
        ($0.finding, $0.biopsyOn, $0.reportedOn)
          == (result.finding, result.biopsyOn, result.reportedOn)
      })
    add(
      .otherLesionToo,
      if: record.tissue.contains { $0.lesion != result.lesion && $0.finding.subtype != nil })
    checkAlive(on: result.biopsyOn)
  }
}

extension ParticipantRecord {
  var death: CalendarDay? { followUp.filter { $0.kind == .death }.map(\.date).min() }
}
