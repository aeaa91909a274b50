/// What a state means, told by a word and a symbol and only then by a colour.
public enum Standing: String, Sendable, CaseIterable {
  case good, caution, bad, neutral

  public var symbol: String {
    switch self {
    case .good: "✓"
    case .caution: "!"
    case .bad: "✕"
    case .neutral: "○"
    }
  }
}

/// A word or two in a pill: `✓ no warning`.
public func badge(_ standing: Standing, _ words: String) -> Markup {
  element("span", ["class": "badge \(standing.rawValue)"]) {
    element("span", ["aria-hidden": "true"]) { "\(standing.symbol) " }
    words
  }
}

/// A sentence or more in a box.
public func note(_ standing: Standing, @MarkupBuilder _ content: () -> Markup) -> Markup {
  element("div", ["class": "note \(standing.rawValue)"]) { content() }
}

/// Terms and what they are, in two columns; an entry with nil is left out.
public func facts(_ entries: KeyValuePairs<String, Markup?>) -> Markup {
  element("dl", ["class": "facts"]) {
    for case (let term, let value?) in entries {
      element("dt") { term }
      element("dd") { value }
    }
  }
}

/// A picture or chart with its words.
public func figure(_ content: Markup, caption: Markup) -> Markup {
  element("figure") {
    content
    element("figcaption") { caption }
  }
}

/// A table with a caption, column heads, and rows that may begin with a head of their own.
public struct Table: Sendable {
  public struct Column: Sendable {
    let title: Markup
    /// The class of its cells.
    let kind: String?

    public static func text(_ title: Markup) -> Column { Column(title: title, kind: nil) }
    /// Aligned to the right.
    public static func number(_ title: Markup) -> Column { Column(title: title, kind: "number") }
    /// On one line.
    public static func date(_ title: Markup) -> Column { Column(title: title, kind: "date") }
  }

  public var caption: Markup?
  public var columns: [Column]
  public var rows: [[Markup]] = []
  /// Whether each row's first cell is its head.
  public var rowsHaveHeads: Bool

  public init(caption: Markup? = nil, _ columns: [Column], rowsHaveHeads: Bool = true) {
    self.caption = caption
    self.columns = columns
    self.rowsHaveHeads = rowsHaveHeads
  }

  public mutating func add(_ cells: Markup...) { rows.append(cells) }

  public func markup() -> Markup {
    // A wide table scrolls on a narrow screen, and by keyboard.
    element("div", ["class": "scroll", "tabindex": "0"]) {
      element("table") {
        if let caption { element("caption") { caption } }
        element("thead") {
          element("tr") {
            for column in columns {
              element("th", ["scope": "col", "class": column.kind]) {
                column.title
              }
            }
          }
        }
        element("tbody") { for row in rows { element("tr") { cells(row) } } }
      }
    }
  }

  @MarkupBuilder private func cells(_ row: [Markup]) -> Markup {
    for (place, cell) in row.enumerated() {
      let kind = columns.indices.contains(place) ? columns[place].kind : nil
      if place == 0, rowsHaveHeads {
        element("th", ["scope": "row", "class": kind]) { cell }
      } else {
        element("td", ["class": kind]) { cell }
      }
    }
  }
}
