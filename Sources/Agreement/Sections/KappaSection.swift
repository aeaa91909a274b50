import Calibration

extension ReportSection {
  /// 3. Agreement beyond chance.
  static func kappa(_ tables: AgreementTables, _ options: ValidationOptions) -> ReportSection {
    var blocks: [ReportBlock] = [
      .text(
        "Determinate calls. Weights say how much of an agreement a pair of classes is; they are "
          + "printed beneath. The bootstrap draws \(options.resamples) times, seed \(options.seed)."
      )
    ]
    for level in AgreementLevel.allCases {
      let table = level.table(tables)
      let figures = KappaFigures(table, resamples: options.resamples, seed: options.seed)
      blocks.append(
        .figures(
          title: level.title,
          figures.weighted.flatMap { one in
            let words =
              one.weights == .unweighted ? "unweighted" : "\(one.weights.rawValue) weights"
            return [
              ReportFigure(
                "\(level.rawValue)_kappa_\(one.weights.rawValue)", "Cohen's kappa, \(words)",
                one.kappa),
              ReportFigure(
                "\(level.rawValue)_gwet_\(one.weights.rawValue)",
                "Gwet's \(one.weights == .unweighted ? "AC1" : "AC2"), \(words)", one.gwet),
            ]
          }))
      if let remark = figures.remark { blocks.append(.text("\(level.title): \(remark).")) }
      for one in figures.weighted where one.weights != .unweighted {
        blocks.append(
          .table(
            ReportTable(
              "\(level.rawValue)_weights_\(one.weights.rawValue)",
              "\(level.title): \(one.weights.rawValue) weights", ["tissue"] + table.classes,
              rows: zip(table.classes, one.matrix.rows).map { name, row in
                [.text(name)] + row.map { .number($0, .plain) }
              })))
      }
    }
    return ReportSection(.kappa, "Agreement beyond chance", blocks)
  }
}
