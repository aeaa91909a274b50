import Documents
import Faults
import Hummingbird
import Pages
import Registry
import Trial

/// A form by which one thing is recorded: the same checks and messages as the command of its name.
struct RecordForm: Sendable {
  /// The last part of its address, and the command's verb.
  let verb: String
  let title: String
  let button: String
  let act: Act
  let fields: [Field]
  /// Records it, and gives the entry's number.
  let record: @Sendable (FormReader, Session) throws -> Int

  var hasFile: Bool {
    fields.contains { if case .measurement = $0.kind { true } else { false } }
  }
}

/// A form as it is shown: what was typed, and what is wrong with it.
struct FormSheet {
  var values = Form()
  var problems: [String: String] = [:]
  var refusal: String?
}

extension Site {
  /// A page with a form. Nothing that was typed is lost where it was refused.
  func formPage(
    _ form: RecordForm, _ sheet: FormSheet, _ visit: Visit, action: String, back: String,
    current: Part? = nil, @MarkupBuilder intro: () -> Markup = { .nothing }
  ) -> Page {
    let wrong = !sheet.problems.isEmpty || sheet.refusal != nil
    return frame(
      title: wrong ? "Not recorded – \(form.title)" : form.title, visit: visit,
      current: current
    ) {
      element("h1") { form.title }
      intro()
      if let refusal = sheet.refusal { alert("Not recorded: \(refusal)") }
      if !sheet.problems.isEmpty {
        element("div", ["class": "note bad", "role": "alert"]) {
          element("p") { "Not recorded: the form has to be corrected." }
          element("ul") {
            for field in form.fields where sheet.problems[field.name] != nil {
              element("li") {
                element("a", ["href": "#\(field.name)"]) { field.label }
                ": \(sheet.problems[field.name] ?? "")"
              }
            }
          }
        }
      }
      element(
        "form",
        [
          "method": "post", "action": action, "class": "panel narrow",
          "enctype": form.hasFile ? "multipart/form-data" : nil,
        ]
      ) {
        hidden("token", visit.token)
        controls(form.fields, sheet)
        element("p") {
          element("button", ["type": "submit"]) { form.button }
          " "
          element("a", ["href": back]) { "Cancel" }
        }
      }
    }
  }

  /// The fields; those of one group under its heading.
  private func controls(_ fields: [Field], _ sheet: FormSheet) -> Markup {
    var rest = fields[...]
    var pieces: [Markup] = []
    while let first = rest.first {
      let together = first.group == nil ? rest.prefix(1) : rest.prefix { $0.group == first.group }
      rest = rest.dropFirst(together.count)
      let inside = Markup(
        together.map { $0.markup(sheet.values, sheet.problems[$0.name]) })
      pieces.append(
        first.group.map { title in
          element("fieldset") {
            element("legend") { title }
            inside
          }
        } ?? inside)
    }
    return Markup(pieces)
  }

  /// Takes a form that was sent: records it and leads to `done`, or shows it again.
  func take(
    _ form: RecordForm, _ request: Request, _ visit: Visit, done: (Form, Int) throws -> String,
    again: (FormSheet) throws -> Page
  ) async throws -> Response {
    let values = try await self.form(request, visit)
    var sheet = FormSheet(values: values)
    do {
      let reader = FormReader(values, form.fields)
      try reader.check()
      return Response.seeOther(try done(values, try form.record(reader, visit.session)))
    } catch let problems as FormProblems {
      sheet.problems = problems.ofFields
      return Response.page(try again(sheet), .unprocessableContent)
    } catch let fault as any UserFacingError where fault.exit != .notPermitted {
      sheet.refusal = "\(fault)"
      return Response.page(try again(sheet), Refusal(fault).status)
    }
  }
}
