import Registry
import Trial

extension RecordForm {
  /// The form of an enrolment.
  static func enrol(sites: [String]) -> RecordForm {
    RecordForm(
      verb: "enrol", title: "Enrol a participant", button: "Enrol", act: .enrol,
      fields: [
        .text(
          "participant", "Pseudonym",
          hint: "From the enrolment log. Never a name, a birth date or a hospital's number."),
        .text(
          "site", "Site",
          hint: sites.isEmpty
            ? nil : "Sites with a lead time of their own: " + sites.joined(separator: ", ")),
        .date("enrolled-on", "Enrolled on", hint: "Today, where it is empty.", needed: false),
      ],
      record: { form, session in
        try session.enrol(
          participant: form["participant"], site: form["site"], on: form.day("enrolled-on")
        ).entry
      })
  }

  /// The forms that concern one participant, in the order in which they are offered.
  ///
  /// - Parameter isSimulated: whether the study is; only then a call's seal can have another day than today.
  static func ofParticipant(_ participant: String, isSimulated: Bool) -> [RecordForm] {
    [call(participant, isSimulated), tissue(participant), treat(participant), follow(participant)]
  }

  /// Their verbs: the last parts of their addresses.
  static let verbsOfParticipant = ["call", "tissue", "treat", "follow"]

  private static let lesion = Field.text(
    "lesion", "Lesion",
    hint:
      "The same name for the same tumour in calls, tissue and treatment: only then they compare.")

  static let deviation = Field.reason(
    "Needed where it lies outside the protocol, and where it takes another entry's place.")

  private static func call(_ participant: String, _ isSimulated: Bool) -> RecordForm {
    RecordForm(
      verb: "call", title: "Seal a provisional call", button: "Seal the call", act: .call,
      fields: [
        lesion,
        .measurement(
          "measurement", "measurement.json",
          hint: "As 'pdff measure -o' wrote it. One that was edited is refused."),
        .date(
          "acquired-on", "Day of the scan",
          hint: "Only where the measurement does not know it, or its dates were shifted. Your name "
            + "goes with it.", needed: false),
      ]
        + (isSimulated
          ? [
            .date(
              "sealed-on", "Sealed on",
              hint: "In a simulated study alone. Today, where it is empty.",
              needed: false)
          ] : []) + [deviation],
      record: { form, session in
        try session.call(
          CallRequest(
            participant: participant, lesion: form["lesion"],
            measurement: try form.file("measurement"), acquiredOn: form.day("acquired-on"),
            sealedOn: form.day("sealed-on"),
            reason: form.text("reason"))
        ).entry
      })
  }

  private static func tissue(_ participant: String) -> RecordForm {
    RecordForm(
      verb: "tissue", title: "Record tissue", button: "Record the result", act: .tissue,
      fields: [
        lesion,
        .choice(
          "subtype", "Result",
          TissueResult.Finding.allCases.map {
            ($0.rawValue, $0 == .failed ? "failed: the tissue gave no answer" : $0.rawValue)
          }),
        .date("biopsy-on", "Biopsy on"), .date("reported-on", "Reported on"),
        .text("specimen", "Specimen", hint: "What was taken: core biopsy, resection, ..."),
        .text("method", "Method", hint: "How the subtype was found."),
        .text("reference", "Reference", hint: "The report's number at the laboratory; no name."),
        deviation,
      ],
      record: { form, session in
        guard let finding = TissueResult.Finding(rawValue: form["subtype"]) else {
          throw FormProblems(ofFields: ["subtype": "choose one of the list"])
        }
        return try session.tissue(
          TissueRequest(
            participant: participant, lesion: form["lesion"], finding: finding,
            biopsyOn: form.neededDay("biopsy-on"), reportedOn: form.neededDay("reported-on"),
            specimen: form["specimen"], method: form["method"], reference: form["reference"],
            reason: form.text("reason"))
        ).entry
      })
  }

  private static func treat(_ participant: String) -> RecordForm {
    RecordForm(
      verb: "treat", title: "Record treatment", button: "Record the treatment", act: .treat,
      fields: [
        .choice(
          "event", "What happened", TreatmentEvent.Kind.allCases.map { ($0.rawValue, $0.words) }),
        .date("date", "Date", hint: "Of a plan or its cancellation: the planned day."),
        .text("lesion", "Lesion", hint: "Needed for a TACE.", needed: false), deviation,
      ],
      record: { form, session in
        guard let kind = TreatmentEvent.Kind(rawValue: form["event"]) else {
          throw FormProblems(ofFields: ["event": "choose one of the list"])
        }
        return try session.treat(
          TreatmentRequest(
            participant: participant, kind: kind, date: form.neededDay("date"),
            lesion: form.text("lesion"), reason: form.text("reason"))
        ).entry
      })
  }
}

extension TreatmentEvent.Kind {
  /// The event in words.
  var words: String {
    switch self {
    case .priorTACE: "TACE before the study"
    case .systemicStart: "first systemic dose (D0)"
    case .tacePlanned: "TACE planned for the date"
    case .taceCancelled: "planned TACE cancelled"
    case .apatinibPause: "apatinib paused"
    case .noPause: "apatinib was not paused up to the date"
    case .tace: "TACE done"
    case .apatinibRestart: "apatinib restarted"
    }
  }
}
