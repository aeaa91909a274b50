import Calibration

/// The two levels on which calls are judged: F1 against F2 never changes treatment.
enum AgreementLevel: String, CaseIterable {
  case subtype
  case arm

  var title: String { self == .subtype ? "Three classes" : "Arm" }

  func table(_ tables: AgreementTables) -> ConfusionTable {
    self == .subtype ? tables.subtypes : tables.arms
  }

  /// The class a key names: `f1`, `systemic_tace`.
  static func keyed(_ name: String) -> String { name.lowercased().replacing("+", with: "_") }
}

extension ReportSection {
  /// 2. Calls beside tissue.
  static func confusion(_ tables: AgreementTables) -> ReportSection {
    var blocks: [ReportBlock] = [
      .text(
        "Three-class and arm level stand apart, since F1 against F2 never changes treatment. "
          + "\"Of all\" counts an indeterminate call as a wrong one; the yield is the share of "
          + "determinate calls.")
    ]
    for level in AgreementLevel.allCases {
      let table = level.table(tables)
      guard table.total > 0 else {
        blocks.append(
          .leftOut(
            key: "\(level.rawValue)_counts", title: level.title,
            reason: "no participant has both a call and tissue"))
        continue
      }
      blocks.append(.table(counts(table, level)))
      blocks.append(.figures(title: level.title, figures(ConfusionFigures(table), level)))
    }
    return ReportSection(.confusion, "Calls beside tissue", blocks)
  }

  private static func counts(_ table: ConfusionTable, _ level: AgreementLevel) -> ReportTable {
    ReportTable(
      "\(level.rawValue)_counts", "\(level.title): participants by tissue and call",
      ["tissue"] + table.classes.map { "called \($0)" } + [
        level == .subtype ? "indeterminate" : "undetermined", "all",
      ],
      rows: table.classes.indices.map { k in
        let row = table.counts[k]
        return [.text(table.classes[k])] + row.map { .count($0) } + [
          .count(table.indeterminate[k]), .count(row.reduce(0, +) + table.indeterminate[k]),
        ]
      })
  }

  private static func figures(_ figures: ConfusionFigures, _ level: AgreementLevel)
    -> [ReportFigure]
  {
    let name = level.rawValue
    let whole = [
      ReportFigure("\(name)_accuracy", "accuracy, determinate calls", share: figures.accuracy),
      ReportFigure("\(name)_accuracy_of_all", "accuracy, of all", share: figures.accuracyOfAll),
      ReportFigure("\(name)_yield", "yield", share: figures.yield),
    ]
    return whole
      + figures.classes.flatMap { one in
        let key = "\(name)_\(AgreementLevel.keyed(one.name))"
        return [
          ReportFigure("\(key)_sensitivity", "\(one.name): sensitivity", share: one.sensitivity),
          ReportFigure("\(key)_specificity", "\(one.name): specificity", share: one.specificity),
          ReportFigure(
            "\(key)_positive_predictive_value", "\(one.name): positive predictive value",
            share: one.positivePredictiveValue),
          ReportFigure(
            "\(key)_negative_predictive_value", "\(one.name): negative predictive value",
            share: one.negativePredictiveValue),
          ReportFigure(
            "\(key)_sensitivity_of_all", "\(one.name): sensitivity, of all",
            share: one.sensitivityOfAll),
          ReportFigure(
            "\(key)_specificity_of_all", "\(one.name): specificity, of all",
            share: one.specificityOfAll),
        ]
      }
  }
}
