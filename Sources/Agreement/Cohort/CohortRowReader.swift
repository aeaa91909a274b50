import Calibration
import Documents
import Statistics

/// What one line says of its participant, as opposed to its measurement.
struct ParticipantPart: Sendable, Equatable {
  var site: String?
  var tissue: TissueOutcome?
  /// Whether the field held anything, right or wrong.
  var saysTissue = false
  var tissueReportedOn: CalendarDay?
  var tissueLesion: String?
  var endpoints = Endpoints()
}

/// Reads one line of a cohort; what is wrong is noted in `fields`.
struct CohortRowReader {
  var fields: FieldReader

  enum TissueWord: String, CaseIterable {
    case f1 = "F1"
    case f2 = "F2"
    case f3 = "F3"
    case failed
  }

  enum CallWord: String, CaseIterable {
    case f1 = "F1"
    case f2 = "F2"
    case f3 = "F3"
    case indeterminate
  }

  enum ArmWord: String, CaseIterable {
    case systemic
    case both = "systemic+TACE"
    case undetermined
  }

  enum TreatedWord: String, CaseIterable {
    case systemic
    case both = "systemic+TACE"
  }

  mutating func measurement(_ record: CSVTable.Record) -> MeasurementRow {
    let acquisition = Acquisition(
      lesion: text(.lesion, record), scanner: text(.scanner, record),
      fieldStrength: number(.fieldStrength, record, 0.01...20), reader: text(.reader, record),
      repetition: fields.whole(CohortColumn.repetition.rawValue, record, 1...1000) ?? 1)
    return MeasurementRow(
      acquisition: acquisition, percent: number(.tumour, record, -10...110),
      standardUncertainty: number(.standardUncertainty, record, 0...100),
      background: number(.background, record, -10...110),
      r2star: number(.r2star, record, -1000...10_000), call: call(record),
      sealedOn: day(.sealedOn, record))
  }

  mutating func participant(_ record: CSVTable.Record) -> ParticipantPart {
    var part = ParticipantPart()
    part.site = text(.site, record)
    part.tissueLesion = text(.tissueLesion, record)
    part.tissueReportedOn = day(.tissueReportedOn, record)
    switch fields.word(CohortColumn.tissue.rawValue, record, as: TissueWord.self) {
    case .failed: part.tissue = .failed
    case let word?: part.tissue = Subtype(rawValue: word.rawValue).map { .subtype($0) }
    case nil: break
    }
    part.saysTissue = text(.tissue, record) != nil
    part.endpoints = endpoints(record)
    return part
  }

  private mutating func call(_ record: CSVTable.Record) -> ProvisionalCall? {
    let word = fields.word(CohortColumn.provisionalSubtype.rawValue, record, as: CallWord.self)
    let set = set(record)
    let arm = fields.word(CohortColumn.provisionalArm.rawValue, record, as: ArmWord.self)
      .flatMap { Arm(rawValue: $0.rawValue) }
    guard let word else {
      if set != nil || arm != nil, text(.provisionalSubtype, record) == nil {
        fields.note(record.line, "a provisional set or arm is given, provisional_subtype is empty")
      }
      return nil
    }
    let subtype = Subtype(rawValue: word.rawValue)
    if let set, set.count == 1 ? subtype != set[0] : subtype != nil {
      fields.note(record.line, "provisional_set and provisional_subtype contradict each other")
    }
    if let arm, let known = set ?? subtype.map({ [$0] }), Arm(known) != arm {
      fields.note(
        record.line, "provisional_arm contradicts the call, which says \(Arm(known).rawValue)")
    }
    return ProvisionalCall(subtype: subtype, set: set, arm: arm)
  }

  /// Subtypes apart by spaces, bars, semicolons, commas or plus signs; `none` is the empty set.
  private mutating func set(_ record: CSVTable.Record) -> [Subtype]? {
    guard let text = text(.provisionalSet, record) else { return nil }
    if text == "none" { return [] }
    let words = text.split { " |;,+{}[]".contains($0) }
    let subtypes = words.compactMap { Subtype(rawValue: String($0)) }
    guard subtypes.count == words.count, Set(subtypes).count == words.count, !words.isEmpty else {
      fields.note(record.line, "provisional_set is no set of F1, F2, F3")
      return nil
    }
    return subtypes.sorted()
  }

  private mutating func endpoints(_ record: CSVTable.Record) -> Endpoints {
    var known = Endpoints()
    known.systemicStart = day(.systemicStart, record)
    known.recist = fields.word(CohortColumn.recist.rawValue, record, as: Response.self)
    known.mrecist = fields.word(CohortColumn.mrecist.rawValue, record, as: Response.self)
    known.responseConfirmed = fields.flag(CohortColumn.responseConfirmed.rawValue, record)
    known.responseDays = days(.responseDays, record)
    known.progressionFree = followUp(.pfsDays, .pfsEvent, record)
    known.overall = followUp(.osDays, .osEvent, record)
    known.converted = fields.flag(CohortColumn.converted.rawValue, record)
    known.asTreatedArm = fields.word(
      CohortColumn.asTreatedArm.rawValue, record, as: TreatedWord.self
    ).flatMap { Arm(rawValue: $0.rawValue) }
    known.firstTACEDays = days(.firstTACEDays, record)
    return known
  }

  private mutating func followUp(
    _ days: CohortColumn, _ event: CohortColumn, _ record: CSVTable.Record
  ) -> FollowUp? {
    let time = self.days(days, record)
    let happened = fields.flag(event.rawValue, record)
    switch (time, happened) {
    case (let time?, let happened?): return FollowUp(time: time, isEvent: happened)
    case (nil, nil): return nil
    default:
      // A field that could not be read has been noted already.
      if text(days, record) == nil || text(event, record) == nil {
        fields.note(record.line, "\(days.rawValue) and \(event.rawValue) go together; one is empty")
      }
      return nil
    }
  }

  private func text(_ column: CohortColumn, _ record: CSVTable.Record) -> String? {
    fields.text(column.rawValue, record)
  }

  private mutating func number(
    _ column: CohortColumn, _ record: CSVTable.Record, _ range: ClosedRange<Double>
  ) -> Double? {
    fields.number(column.rawValue, record, range)
  }

  /// A hundred years at most.
  private mutating func days(_ column: CohortColumn, _ record: CSVTable.Record) -> Double? {
    number(column, record, 0...36_525)
  }

  private mutating func day(_ column: CohortColumn, _ record: CSVTable.Record) -> CalendarDay? {
    fields.day(column.rawValue, record)
  }
}
