import Documents
import Pages

/// A field of a form by which something is recorded.
struct Field: Sendable {
  enum Kind: Sendable {
    case text
    case date
    case choice([(value: String, words: String)])
    /// A `measurement.json`.
    case measurement
  }

  let name: String
  let label: String
  let kind: Kind
  let hint: String?
  let isNeeded: Bool
  /// What it stands under together with its neighbours; nil where it stands alone.
  var group: String?

  static func text(_ name: String, _ label: String, hint: String? = nil, needed: Bool = true)
    -> Field
  {
    Field(name: name, label: label, kind: .text, hint: hint, isNeeded: needed)
  }

  static func date(_ name: String, _ label: String, hint: String? = nil, needed: Bool = true)
    -> Field
  {
    Field(name: name, label: label, kind: .date, hint: hint, isNeeded: needed)
  }

  static func choice(
    _ name: String, _ label: String, _ options: [(value: String, words: String)],
    hint: String? = nil, needed: Bool = true
  ) -> Field {
    Field(
      name: name, label: label, kind: .choice([("", "choose")] + options), hint: hint,
      isNeeded: needed)
  }

  static func measurement(_ name: String, _ label: String, hint: String? = nil) -> Field {
    Field(name: name, label: label, kind: .measurement, hint: hint, isNeeded: true)
  }

  /// Why something was done outside the rules, or over again.
  static func reason(_ hint: String, needed: Bool = false) -> Field {
    text("reason", "Reason", hint: hint, needed: needed)
  }

  /// Yes, no, or not said.
  static func answer(_ name: String, _ label: String, hint: String? = nil) -> Field {
    choice(name, label, [("yes", "yes"), ("no", "no")], hint: hint, needed: false)
  }

  /// The fields under one heading.
  static func group(_ title: String, _ fields: [Field]) -> [Field] {
    fields.map { field in
      var field = field
      field.group = title
      return field
    }
  }

  func markup(_ form: Form, _ problem: String?) -> Markup {
    let needed: String? = isNeeded ? "" : nil
    let words = isNeeded || group != nil ? label : "\(label) (may be left empty)"
    switch kind {
    case .text:
      return input(
        name, words, value: form[name], hint: hint, problem: problem,
        ["required": needed, "autocomplete": "off", "spellcheck": "false", "maxlength": "500"])
    case .date:
      return input(
        name, words, type: "date", value: form[name], hint: hint, problem: problem,
        ["required": needed])
    case .choice(let options):
      return selection(
        name, words, options, value: form[name], hint: hint, problem: problem,
        ["required": needed])
    case .measurement:
      let kept = KeptFile(form, name)
      return Markup([
        input(
          name, words, type: "file", hint: hint, problem: problem,
          ["required": kept == nil ? needed : nil, "accept": ".json,application/json"]),
        kept?.markup(name) ?? .nothing,
      ])
    }
  }
}

/// A file that came with a form which was not accepted: the browser would not send it again, so the form
/// carries it on.
struct KeptFile {
  let name: String
  let bytes: [UInt8]

  /// Larger ones have to be chosen again.
  private static let largest = 1 << 20

  init?(_ form: Form, _ field: String) {
    if let file = form.file {
      guard file.bytes.count <= Self.largest else { return nil }
      (name, bytes) = (file.name, file.bytes)
    } else if let text = form.text("\(field)-kept"), let data = bytesFromBase64(text) {
      (name, bytes) = (form["\(field)-name"], data)
    } else {
      return nil
    }
  }

  func markup(_ field: String) -> Markup {
    element("p", ["class": "hint"]) {
      "Kept from before: \(name), \((bytes.count + 1023) / 1024) KiB, SHA-256 "
      element("code") { String(sha256Hex(bytes).prefix(12)) }
      ". Choose a file only to take another."
      hidden("\(field)-kept", base64(bytes))
      hidden("\(field)-name", name)
    }
  }
}
