import Documents
import Hummingbird
import Pages

/// The parts of the worklist that the navigation leads to.
enum Part: String {
  case worklist = "/"
  case enrol = "/enrol"
  case study = "/study"

  var words: String {
    switch self {
    case .worklist: "Worklist"
    case .enrol: "Enrol"
    case .study: "Study"
    }
  }
}

extension Site {
  /// A page of the worklist: who is signed in, where one can go, and what everybody must know.
  func frame(
    title: String, visit: Visit?, current: Part? = nil, script: String? = nil,
    @MarkupBuilder _ content: () -> Markup
  ) -> Page {
    let isSimulated = visit?.settings.isSimulated ?? (try? registry.isSimulated()) ?? false
    // The study's name is for those who are signed in.
    let study = visit?.settings.study
    let head = script.map { element("script", ["src": $0, "defer": ""]) }
    let body = content()
    return Page(
      title: "\(isSimulated ? "SIMULATED STUDY – " : "")\(title) – \(study ?? Software.name)",
      styles: .linked(Asset.style.path), head: head ?? .nothing, kind: "worklist"
    ) {
      element("a", ["class": "skip", "href": "#main"]) { "Skip to the content" }
      if isSimulated { watermark }
      if let on, visit != nil {
        element("p", ["class": "small", "role": "note"]) {
          "Read as of \(on), not today. What is recorded now is recorded today."
        }
      }
      element("header") {
        element("p", ["class": "study"]) { study ?? "pdff worklist" }
        if let visit { navigation(visit, current) }
      }
      element("main", ["id": "main", "tabindex": "-1"]) { body }
      element("footer", ["class": "small soft"]) {
        element("p") {
          "\(Software.name) \(Software.version). Research use only: not a diagnostic device."
        }
      }
    }
  }

  private var watermark: Markup {
    element("p", ["class": "watermark", "role": "note"]) {
      "SIMULATED STUDY: no participant here exists."
    }
  }

  private func navigation(_ visit: Visit, _ current: Part?) -> Markup {
    element("nav", ["aria-label": "Parts of the worklist"]) {
      element("ul") {
        for part in [Part.worklist, .enrol, .study] where part != .enrol || visit.may(.enrol) {
          element("li") {
            element("a", ["href": part.rawValue, "aria-current": part == current ? "page" : nil]) {
              part.words
            }
          }
        }
        element("li", ["class": "user"]) {
          element("form", ["method": "post", "action": "/logout"]) {
            hidden("token", visit.token)
            "\(visit.session.user), \(visit.session.role.rawValue) "
            element("button", ["type": "submit", "class": "plain"]) { "Sign out" }
          }
        }
      }
    }
  }
}
