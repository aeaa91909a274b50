import Documents
import Pages
import Registry

extension HistoryLine {
  /// What the entry says now: as the last amendment that the visitor may see left it.
  func standingContent(in history: [HistoryLine]) -> JSONValue {
    let amended = history.last {
      $0.action == "amend" && $0.after?["entry"] == .number(Double(entry))
    }
    return amended?.after?["content"] ?? after ?? .null
  }
}

extension Site {
  /// The log's entries of one participant, the last first.
  func historyTable(_ history: [HistoryLine]) -> Markup {
    var table = Table([
      .number("Entry"), .text("When (UTC)"), .text("Who"), .text("What"), .text("Content"),
      .text("Reason"),
    ])
    for line in history.reversed() {
      table.add(
        element("span", ["id": "entry-\(line.entry)"]) { "\(line.entry)" },
        Markup(line.at.replacing("T", with: " ").prefix(19).description),
        "\(line.user) (\(line.role))", Markup(line.action), content(line),
        Markup(line.reason ?? "–"))
    }
    return element("div", ["class": "history"]) { table.markup() }
  }

  private func content(_ line: HistoryLine) -> Markup {
    if line.isWithheld {
      return element("span", ["class": "soft"]) { "not shown to your role" }
    }
    let now = line.after?["content"] ?? line.after ?? .null
    let earlier = line.action == "amend" ? line.before : nil
    var pieces: [Markup] = []
    if line.after?["content"] != nil || line.action == "void" {
      pieces.append("of entry \(line.after?.shown("entry") ?? "")")
    }
    for (key, value) in now.plainMembers {
      let name = key.replacing("_", with: " ")
      if let earlier {
        guard earlier[key] != now[key] else { continue }
        let before = earlier.shown(key)
        pieces.append("\(name): \(before.isEmpty ? "nothing" : before) → \(value)")
      } else if key != "entry" {
        pieces.append("\(name): \(value)")
      }
    }
    return pieces.isEmpty ? "–" : Markup(pieces, separator: "; ")
  }
}

extension JSONValue {
  /// An object's members that are a text, a number, a flag or a list of such, by name; hashes are left to
  /// programs.
  fileprivate var plainMembers: [(key: String, value: String)] {
    guard case .object(let members) = self else { return [] }
    return members.keys.sorted().compactMap { key in
      let text = shown(key)
      let isHash = text.count == 64 && text.allSatisfy(\.isHexDigit)
      return text.isEmpty || isHash ? nil : (key, text)
    }
  }
}
