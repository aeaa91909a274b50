import Calibration
import Documents
import Trial

/// What is recorded of a participant; raw values stand in the file.
public enum RecordKind: String, Sendable, CaseIterable {
  case call
  case tissue
  case treatment
  case followUp = "follow-up"
}

extension JSONValue {
  /// A text under a key.
  func text(_ key: String) -> String? {
    if case .string(let text)? = self[key] { return text }
    return nil
  }

  func number(_ key: String) -> Double? {
    if case .number(let number)? = self[key] { return number }
    return nil
  }

  func integer(_ key: String) -> Int? { number(key).flatMap { Int(exactly: $0) } }

  func flag(_ key: String) -> Bool? {
    if case .bool(let flag)? = self[key] { return flag }
    return nil
  }

  func day(_ key: String) -> CalendarDay? { text(key).flatMap { CalendarDay($0) } }

  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
  static func day(_ value: CalendarDay?) -> JSONValue { text(value?.description) }
  static func integer(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
}

extension SealedCall {
  init?(entry: Int, _ content: JSONValue, standing: Standing) {
    guard let lesion = content.text("lesion"), case .array(let names)? = content["set"],
      let scannedOn = content.day("scanned_on"), let sealedOn = content.day("sealed_on")
    else { return nil }
    self.init(
      entry: entry, lesion: lesion,
      set: names.compactMap {
        if case .string(let name) = $0 { Subtype(rawValue: name) } else { nil }
      },
      scannedOn: scannedOn, sealedOn: sealedOn, standing: standing)
  }
}

extension TissueResult {
  init?(entry: Int, _ content: JSONValue) {
    guard let lesion = content.text("lesion"),
      let finding = content.text("subtype").flatMap({ Finding(rawValue: $0) }),
      let biopsyOn = content.day("biopsy_on"), let reportedOn = content.day("reported_on")
    else { return nil }
    self.init(
      entry: entry, lesion: lesion, finding: finding, biopsyOn: biopsyOn, reportedOn: reportedOn)
  }
}

extension TreatmentEvent {
  init?(entry: Int, _ content: JSONValue) {
    guard let kind = content.text("event").flatMap({ Kind(rawValue: $0) }),
      let date = content.day("date")
    else { return nil }
    self.init(entry: entry, kind: kind, date: date, lesion: content.text("lesion"))
  }
}

extension FollowUpEvent {
  init?(entry: Int, _ content: JSONValue) {
    guard let kind = content.text("event").flatMap({ Kind(rawValue: $0) }),
      let date = content.day("date")
    else { return nil }
    func response(_ criterion: String) -> Response? {
      content.text(criterion).flatMap { Response.Category(rawValue: $0) }
        .map { Response($0, isConfirmed: content.flag("\(criterion)_confirmed") ?? false) }
    }
    let detail: Detail
    switch kind {
    case .response: detail = .response(recist: response("recist"), mrecist: response("mrecist"))
    case .progression:
      guard let criterion = content.text("criterion").flatMap({ ResponseCriterion(rawValue: $0) })
      else { return nil }
      detail = .progression(criterion: criterion)
    case .death: detail = .death
    case .withdrawal: detail = .withdrawal
    case .conversion: detail = .conversion
    case .adverseEvent:
      guard let term = content.text("term"), let grade = content.integer("grade") else {
        return nil
      }
      detail = .adverseEvent(AdverseEvent(term: term, grade: grade))
    }
    self.init(entry: entry, date: date, detail: detail)
  }
}
