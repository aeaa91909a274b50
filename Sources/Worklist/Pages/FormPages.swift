import Documents
import Hummingbird
import Pages
import Registry

extension Site {
  func addForms(_ inside: RouterGroup<WorklistContext>) {
    inside.get("enrol") { _, context in
      let visit = try arrival(context)
      return Response.page(try enrolPage(FormSheet(), visit))
    }
    inside.post("enrol") { request, context in
      let visit = try arrival(context)
      return try await take(
        enrolForm(visit), request, visit,
        done: { form, entry in "\(participantPath(form["participant"]))?done=\(entry)" },
        again: { try enrolPage($0, visit) })
    }
    addRecordForms(inside)
    addChangeForms(inside)
  }

  /// The forms of one participant: call, tissue, treatment.
  private func addRecordForms(_ inside: RouterGroup<WorklistContext>) {
    for verb in RecordForm.verbsOfParticipant {
      inside.get("participants/:id/\(verb)") { _, context in
        let visit = try arrival(context)
        return Response.page(try recordPage(context.part("id"), verb, FormSheet(), visit))
      }
      inside.post("participants/:id/\(verb)") { request, context in
        let visit = try arrival(context)
        let id = try context.part("id")
        return try await take(
          recordForm(id, verb, visit), request, visit,
          done: { _, entry in "\(participantPath(id))?done=\(entry)" },
          again: { try recordPage(id, verb, $0, visit) })
      }
    }
  }

  /// Amending and voiding an entry of a participant.
  private func addChangeForms(_ inside: RouterGroup<WorklistContext>) {
    for verb in ["amend", "void"] {
      inside.get("participants/:id/entries/:entry/\(verb)") { _, context in
        let visit = try arrival(context)
        let place = try EntryPlace(context)
        let (form, sheet) = try changeForm(place, verb, visit)
        return Response.page(changePage(place, form, sheet, visit))
      }
      inside.post("participants/:id/entries/:entry/\(verb)") { request, context in
        let visit = try arrival(context)
        let place = try EntryPlace(context)
        let (form, _) = try changeForm(place, verb, visit)
        return try await take(
          form, request, visit,
          done: { _, entry in "\(participantPath(place.participant))?done=\(entry)" },
          again: { changePage(place, form, $0, visit) })
      }
    }
  }

  private func enrolForm(_ visit: Visit) throws -> RecordForm {
    .enrol(sites: visit.settings.leadTimeDays.keys.sorted())
  }

  private func enrolPage(_ sheet: FormSheet, _ visit: Visit) throws -> Page {
    try visit.require(.enrol)
    return formPage(
      try enrolForm(visit), sheet, visit, action: "/enrol", back: "/", current: .enrol)
  }

  private func recordForm(_ participant: String, _ verb: String, _ visit: Visit) throws
    -> RecordForm
  {
    let forms = RecordForm.ofParticipant(participant, isSimulated: visit.settings.isSimulated)
    guard let form = forms.first(where: { $0.verb == verb }) else {
      throw HTTPError(.notFound)
    }
    return form
  }

  private func recordPage(
    _ participant: String, _ verb: String, _ sheet: FormSheet, _ visit: Visit
  ) throws -> Page {
    let form = try recordForm(participant, verb, visit)
    let session = visit.session
    try visit.require(form.act)
    let status = try session.status(participant: participant)
    return formPage(
      form, sheet, visit, action: participantPath(participant, "/\(verb)"),
      back: participantPath(participant), current: .worklist
    ) { element("p") { "Participant \(participant), site \(status.site)." } }
  }

  /// The form for an entry of a participant, filled with what the entry says. Throws 404 where there is none
  /// that the visitor may see.
  private func changeForm(_ place: EntryPlace, _ verb: String, _ visit: Visit) throws -> (
    RecordForm, FormSheet
  ) {
    let history = try visit.session.history(participant: place.participant)
    guard let line = history.first(where: { $0.entry == place.entry }) else {
      throw HTTPError(.notFound)
    }
    if verb == "void" { return (.void(entry: place.entry), FormSheet()) }
    let content = line.standingContent(in: history)
    guard let form = RecordForm.amend(entry: place.entry, verb: line.action, content: content)
    else {
      throw HTTPError(.notFound)
    }
    var sheet = FormSheet()
    for field in form.fields { sheet.values.fields[field.name] = content.shown(field.name) }
    return (form, sheet)
  }

  private func changePage(
    _ place: EntryPlace, _ form: RecordForm, _ sheet: FormSheet, _ visit: Visit
  ) -> Page {
    let back = participantPath(place.participant)
    return formPage(
      form, sheet, visit, action: "\(back)/entries/\(place.entry)/\(form.verb)", back: back,
      current: .worklist
    ) { element("p") { "Participant \(place.participant)." } }
  }
}

/// An entry as an address names it.
private struct EntryPlace {
  let participant: String
  let entry: Int

  init(_ context: WorklistContext) throws {
    participant = try context.part("id")
    guard let entry = Int(try context.part("entry")) else { throw HTTPError(.notFound) }
    self.entry = entry
  }
}
