import Pages

/// Attributes of a control by name; one with nil is left out.
typealias ControlOptions = [String: String?]

/// A field that carries something along unseen.
func hidden(_ name: String, _ value: String) -> Markup {
  element("input", ["type": "hidden", "name": name, "value": value])
}

/// A labelled field. Its hint and its problem are read out with it.
func input(
  _ name: String, _ label: String, type: String = "text", value: String = "",
  hint: String? = nil, problem: String? = nil, _ more: ControlOptions = [:]
) -> Markup {
  element("div", ["class": "field"]) {
    element("label", ["for": name]) { label }
    notes(name, hint, problem)
    control("input", name, hint, problem, more.merging(["type": type, "value": value]) { $1 })
  }
}

/// A labelled choice of one of several.
func selection(
  _ name: String, _ label: String, _ options: [(value: String, words: String)], value: String = "",
  hint: String? = nil, problem: String? = nil, _ more: ControlOptions = [:]
) -> Markup {
  element("div", ["class": "field"]) {
    element("label", ["for": name]) { label }
    notes(name, hint, problem)
    control("select", name, hint, problem, more) {
      for option in options {
        element(
          "option",
          ["value": option.value, "selected": option.value == value ? "" : nil]
        ) { option.words }
      }
    }
  }
}

private func notes(_ name: String, _ hint: String?, _ problem: String?) -> Markup {
  Markup([
    hint.map { words in
      element("span", ["class": "hint", "id": "\(name)-hint"]) { words }
    } ?? .nothing,
    problem.map { words in
      element("span", ["class": "problem", "id": "\(name)-problem"]) { words }
    } ?? .nothing,
  ])
}

private func control(
  _ kind: String, _ name: String, _ hint: String?, _ problem: String?, _ more: ControlOptions,
  @MarkupBuilder _ content: () -> Markup = { .nothing }
) -> Markup {
  let described = [hint.map { _ in "\(name)-hint" }, problem.map { _ in "\(name)-problem" }]
    .compactMap(\.self).joined(separator: " ")
  func option(_ key: String) -> String? { more[key] ?? nil }
  return element(
    kind,
    [
      "id": name, "name": name, "type": option("type"), "value": option("value"),
      "required": option("required"), "autocomplete": option("autocomplete"),
      "spellcheck": option("spellcheck"), "maxlength": option("maxlength"), "min": option("min"),
      "max": option("max"), "step": option("step"), "accept": option("accept"),
      "aria-describedby": described.isEmpty ? nil : described,
      "aria-invalid": problem == nil ? nil : "true",
    ], content)
}

/// Which page an address asks for, from 1.
func pageNumber(_ fields: [String: String]) -> Int {
  min(max(fields["page"].flatMap { Int($0) } ?? 1, 1), 1_000_000)
}

/// How many there are in all, and the way to the pages beside this one.
func pageLinks(
  _ words: String, of count: Int, rowsOfPage: Int, page: Int, atEnd: Bool,
  path: (Int) -> String
) -> Markup {
  let pages = max(1, (count + rowsOfPage - 1) / rowsOfPage)
  return element(
    "div",
    ["class": "pages", "role": "navigation", "aria-label": atEnd ? "Pages, again" : "Pages"]
  ) {
    element("span", ["role": atEnd ? nil : "status"]) { "\(words), page \(page) of \(pages)" }
    if page > 1 { element("a", ["href": path(page - 1), "rel": "prev"]) { "Previous page" } }
    if page < pages { element("a", ["href": path(page + 1), "rel": "next"]) { "Next page" } }
  }
}

/// What went wrong, read out at once.
func alert(_ words: String) -> Markup {
  element("div", ["class": "note bad", "role": "alert"]) {
    for line in words.split(separator: "\n") { element("p") { String(line) } }
  }
}
