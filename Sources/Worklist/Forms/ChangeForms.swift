import Documents
import Registry
import Trial

extension RecordForm {
  /// The form that corrects an entry. Its fields are named as the history names them; those that are left
  /// as they are stay.
  ///
  /// Nil where such an entry is not amended: calls are sealed.
  static func amend(entry: Int, verb: String, content: JSONValue) -> RecordForm? {
    guard let fields = amendable(verb, content) else { return nil }
    return RecordForm(
      verb: "amend", title: "Amend entry \(entry)", button: "Amend", act: .status,
      fields: fields + [
        .reason("What was wrong. The entry as it was stays in the log.", needed: true)
      ],
      record: { form, session in
        var changes: [String: String?] = [:]
        for field in fields where form[field.name] != content.shown(field.name) {
          // Left empty takes a value away; the alternative would be never to be rid of one.
          changes.updateValue(form.text(field.name), forKey: field.name)
        }
        return try session.amend(entry: entry, changes, reason: form.text("reason")).entry
      })
  }

  /// The form that declares an entry void.
  static func void(entry: Int) -> RecordForm {
    RecordForm(
      verb: "void", title: "Void entry \(entry)", button: "Void the entry", act: .status,
      fields: [
        .reason("Why it shall not count any more. It stays in the log.", needed: true)
      ],
      record: { form, session in try session.void(entry: entry, reason: form.text("reason")).entry }
    )
  }

  private static func amendable(_ verb: String, _ content: JSONValue) -> [Field]? {
    switch verb {
    case "enrol": [.text("site", "Site"), .date("enrolled_on", "Enrolled on")]
    case "tissue":
      [
        .text("lesion", "Lesion"),
        .choice(
          "subtype", "Result", TissueResult.Finding.allCases.map { ($0.rawValue, $0.rawValue) }),
        .date("biopsy_on", "Biopsy on"), .date("reported_on", "Reported on"),
        .text("specimen", "Specimen"), .text("method", "Method"), .text("reference", "Reference"),
      ]
    case "treat": [.date("date", "Date"), .text("lesion", "Lesion", needed: false)]
    case "follow":
      [.date("date", "Date")]
        + (FollowUpEvent.Kind(rawValue: content.shown("event")).map {
          Field.parts($0, separator: "_")
        } ?? [])
    default: nil
    }
  }
}

extension JSONValue {
  /// A member as a form shows it: text as it is, numbers and the rest in short; empty where there is none.
  func shown(_ key: String) -> String {
    switch self[key] {
    case .string(let text)?: text
    case .number(let number)?:
      Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .bool(let flag)?: flag ? "yes" : "no"
    case .array(let items)?:
      items.map { JSONValue.object(["": $0]).shown("") }.joined(separator: ", ")
    default: ""
    }
  }
}
