import Registry
import Trial

extension RecordForm {
  /// The form of what became of a participant: which part belongs to which event is checked as the
  /// command checks it.
  static func follow(_ participant: String) -> RecordForm {
    RecordForm(
      verb: "follow", title: "Record follow-up", button: "Record the follow-up", act: .follow,
      fields: [
        .choice(
          "event", "What happened", FollowUpEvent.Kind.allCases.map { ($0.rawValue, $0.words) }),
        .date("date", "Date", hint: "Of the imaging, the event, or the day on which it was known."),
      ] + FollowUpEvent.Kind.allCases.flatMap { Field.group($0.heading, Field.parts($0)) }
        + [deviation],
      record: { form, session in
        guard let kind = FollowUpEvent.Kind(rawValue: form["event"]) else {
          throw FormProblems(ofFields: ["event": "choose one of the list"])
        }
        let parts = try FollowUpParts(kind, form)
        return try session.follow(
          FollowUpRequest(
            participant: participant, date: form.neededDay("date"), detail: parts.detail(),
            relatedToTACE: parts.relatedToTACE, reason: form.text("reason"))
        ).entry
      })
  }
}

extension Field {
  /// The parts of one kind of event.
  ///
  /// - Parameter separator: between the words of a name.
  static func parts(_ kind: FollowUpEvent.Kind, separator: String = "-") -> [Field] {
    FollowUpParts.Name.allCases.filter { $0.kind == kind }
      .map { part($0, $0.rawValue.replacing("-", with: separator)) }
  }

  private static func part(_ part: FollowUpParts.Name, _ name: String) -> Field {
    let categories = Response.Category.allCases.map { ($0.rawValue, $0.words) }
    let confirmation = "A response by the same criterion was seen at least four weeks before."
    return switch part {
    case .recist: choice(name, "Response by RECIST 1.1", categories, needed: false)
    case .recistConfirmed: answer(name, "Confirms the response by RECIST 1.1", hint: confirmation)
    case .mrecist: choice(name, "Response by mRECIST", categories, needed: false)
    case .mrecistConfirmed: answer(name, "Confirms the response by mRECIST", hint: confirmation)
    case .criterion:
      choice(
        name, "Progression by", [("recist", "RECIST 1.1"), ("mrecist", "mRECIST")], needed: false)
    case .term: text(name, "CTCAE term", needed: false)
    case .grade:
      choice(name, "CTCAE grade", (1...5).map { ("\($0)", "\($0)") }, needed: false)
    case .relatedToTACE: answer(name, "Related to TACE")
    }
  }
}

extension FollowUpParts {
  /// Throws `FormProblems`, with a word at each field.
  fileprivate init(_ kind: FollowUpEvent.Kind, _ form: FormReader) throws {
    self.init(kind)
    func text(_ name: Name) -> String? { form.text(name.rawValue) }
    recist = text(.recist).flatMap { Response.Category(rawValue: $0) }
    recistConfirmed = text(.recistConfirmed) == "yes"
    mrecist = text(.mrecist).flatMap { Response.Category(rawValue: $0) }
    mrecistConfirmed = text(.mrecistConfirmed) == "yes"
    criterion = text(.criterion).flatMap { ResponseCriterion(rawValue: $0) }
    term = text(.term)
    grade = text(.grade).flatMap { Int($0) }
    relatedToTACE = text(.relatedToTACE).map { $0 == "yes" }
    var found: [String: String] = [:]
    for problem in problems {
      switch problem {
      case .foreign(let name): found[name.rawValue] = "this belongs to: \(name.kind.words)"
      case .confirmsNothing(let name): found[name.rawValue] = "a confirmation needs its category"
      case .missing(let names):
        for name in names {
          found[name.rawValue] =
            "this is needed" + (names.count > 1 ? ", or its neighbour, or both" : "")
        }
      }
    }
    guard found.isEmpty else { throw FormProblems(ofFields: found) }
  }
}

extension FollowUpEvent.Kind {
  /// The event in words.
  var words: String {
    switch self {
    case .response: "response at an imaging"
    case .progression: "progression"
    case .death: "death"
    case .withdrawal: "withdrawal from the study"
    case .conversion: "conversion to resection or transplantation"
    case .adverseEvent: "adverse event"
    }
  }

  /// What its parts stand under.
  fileprivate var heading: String { "Only for: \(words)" }
}

extension Response.Category {
  var words: String {
    switch self {
    case .complete: "CR: complete response"
    case .partial: "PR: partial response"
    case .stable: "SD: stable disease"
    case .progressive: "PD: progressive disease"
    case .notEvaluable: "NE: not evaluable"
    }
  }
}
