import Statistics

/// A section's texts and tables for a terminal.
struct SectionText {
  let section: ReportSection
  init(_ section: ReportSection) { self.section = section }

  var text: String {
    section.blocks.map { block in
      switch block {
      case .text(let text), .warning(let text): text + "\n"
      case .table(let table): self.text(table)
      case .leftOut(_, let title, let reason): "\(title): left out, \(reason)\n"
      case .figures, .chart: ""
      }
    }.joined(separator: "\n")
  }

  private func text(_ table: ReportTable) -> String {
    let rows = [table.columns] + table.rows.map { $0.map(words) }
    let widths = table.columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }.joined(separator: "  ").trimmingSuffix { $0 == " " }
    }
    return "\(table.title)\n" + lines.map { "  \($0)\n" }.joined()
  }

  private func words(_ cell: ReportCell) -> String {
    switch cell {
    case .text(let text): text
    case .count(let count): "\(count)"
    case .number(let value, let unit): Shown.value(value, unit)
    case .missing: "-"
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ drops: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, drops(last) { text.removeLast() }
    return text
  }
}

extension Validation {
  /// The figures that answer first, in this order.
  var headline: [ReportFigure] {
    let all = sections.flatMap(\.figures)
    return [
      "subtype_accuracy", "subtype_yield", "subtype_kappa_quadratic", "arm_accuracy", "arm_yield",
      "arm_kappa_unweighted", "auc_f1_f2_against_f3",
    ].compactMap { key in all.first { $0.key == key } }
  }

  /// The same for a terminal.
  public var summary: String {
    let figures = headline.map(\.named)
    let width = figures.map(\.title.count).max() ?? 0
    let lines = figures.map { figure -> String in
      let title = figure.title + String(repeating: " ", count: width - figure.title.count)
      switch figure.content {
      case .estimate(let estimate, _):
        return "  \(title)  \(Shown.estimate(.value(estimate), figure.unit)), n = \(estimate.n)"
      case .leftOut(let reason): return "  \(title)  left out: \(reason)"
      default: return ""
      }
    }
    return "\(analysed) participants analysed, 95 % intervals\n" + lines.map { $0 + "\n" }.joined()
  }
}

extension ReportFigure {
  /// With its level in front.
  var named: ReportFigure {
    let level =
      key.hasPrefix("subtype_") ? "Three classes: " : key.hasPrefix("arm_") ? "Arm: " : ""
    return ReportFigure(key, level + title, unit, content)
  }
}
