import Calibration
import Pages
import Statistics

extension ReportSection {
  /// 5. What the cohort says about a model of it.
  ///
  /// - Parameter nested: of the same participants.
  static func modelChecks(
    _ analysed: [AnalysedParticipant], nested: Figure<NestedValidation>, hasModel: Bool
  ) -> ReportSection {
    let names = Subtype.allCases.map(\.rawValue)
    let checks = OrderChecks(analysed.map(\.latentRow), classes: names)
    var blocks: [ReportBlock] = [.figures(title: "Assumptions of an ordinal model", order(checks))]
    blocks += forecasts(analysed, hasModel: hasModel, classes: names)
    blocks += shown(nested)
    return ReportSection(.modelChecks, "Model checks", blocks)
  }

  private static func order(_ checks: OrderChecks) -> [ReportFigure] {
    [
      ReportFigure(
        "odds_ratio", "Odds ratio of a later class for one SD of ln(1 + fat)", checks.oddsRatio),
      ReportFigure(
        "association", "Association of fat and tissue", test: checks.association,
        Method("likelihood ratio, errors in variables")),
      ReportFigure(
        "direction", "Direction from F1 to F3", .plain,
        checks.direction.content { .word("fat \($0 == .rises ? "rises" : "falls")") }),
      ReportFigure(
        "proportional_odds", "Proportional odds", test: checks.proportionalOdds,
        Method("Brant's test", reference: "Brant R. Biometrics 1990;46:1171-1178")),
      ReportFigure(
        "middle_between", "F2 lies between F1 and F3 (a small p speaks for it)", .plain,
        checks.middleBetween.content {
          .probability(
            $0, n: checks.oddsRatio.value?.n ?? 0,
            method: Method("larger p of two one-sided Welch tests"))
        }),
    ]
  }

  private static func shown(_ nested: Figure<NestedValidation>) -> [ReportBlock] {
    let title = "Nested cross-validation of a model made from this cohort"
    switch nested {
    case .leftOut(let reason):
      return [.leftOut(key: "nested_validation", title: title, reason: reason)]
    case .value(let found):
      let entries: [(String, String, ReportUnit, Figure<NestedValidation.Performance>)] = [
        ("nested_accuracy", "most probable subtype is right", .share, found.accuracy),
        ("nested_brier", "Brier score", .plain, found.brier),
        (
          "nested_ranked_probability", "ranked probability score", .plain,
          found.rankedProbability
        ),
        ("nested_concordance", "concordance of the expected class", .plain, found.concordance),
        ("nested_calibration_slope", "calibration slope", .plain, found.calibrationSlope),
      ]
      return [
        .text(
          "A model is made from this cohort without each of \(found.folds) parts, its penalty chosen "
            + "within what is left, and forecasts the part. \"Apparent\" are the figures of a model "
            + "made from all, on all; the optimism is by how much they flatter."),
        .figures(
          title: "\(title): on participants held out",
          entries.map { ReportFigure($0.0, $0.1, $0.2, $0.3.map(\.validated)) }),
        .table(
          ReportTable(
            "nested_validation", "Apparent, held out, and the optimism",
            ["figure", "apparent", "held out", "optimism"],
            rows: entries.map { entry in
              let reason = entry.3.reason ?? ""
              return [
                .text(entry.1), .number(entry.3.value?.apparent, entry.2, orElse: reason),
                .number(entry.3.value?.validated.value, entry.2, orElse: reason),
                .number(entry.3.value?.optimism, entry.2, orElse: reason),
              ]
            })),
      ]
    }
  }

  /// Checks that need probabilities said beforehand.
  private static func forecasts(
    _ analysed: [AnalysedParticipant], hasModel: Bool, classes: [String]
  ) -> [ReportBlock] {
    let asked = analysed.filter { $0.probabilities != nil }
    guard !asked.isEmpty else {
      return [
        .leftOut(
          key: "calibration", title: "Calibration, Brier and ranked probability score",
          reason: hasModel
            ? "the model says no probabilities of any analysed participant"
            : "no --model was given, so that there are no probabilities to check")
      ]
    }
    let forecasts = Forecasts(
      classes: classes, probabilities: asked.compactMap(\.probabilities),
      tissue: asked.map(\.tissue.index))
    let scores = ForecastScores(forecasts)
    var figures = [
      ReportFigure(
        "calibration_slope", "Calibration slope (1 is right)",
        CalibrationSlope.figure(forecasts)),
      ReportFigure("brier", "Brier score (0 is perfect, 2 the worst)", scores.brier),
      ReportFigure(
        "ranked_probability", "Ranked probability score (0 is perfect, 1 the worst)",
        scores.rankedProbability),
    ]
    for (key, title, value) in [
      (
        "brier_of_prevalence", "Brier score of saying the sample's shares", scores.brierOfPrevalence
      ),
      (
        "ranked_probability_of_prevalence",
        "Ranked probability score of saying the sample's shares",
        scores.rankedProbabilityOfPrevalence
      ),
    ] {
      guard let value else { continue }
      figures.append(
        ReportFigure(
          key, title, .plain,
          .estimate(
            Estimate(
              value: value, interval: .leftOut("it is what the sample itself gives"),
              n: asked.count, method: Method("none")), successes: nil)))
    }
    var blocks: [ReportBlock] = [
      .figures(title: "What the model said, on \(asked.count) participants", figures)
    ]
    for (first, key) in [(1, "f2_or_f3"), (2, "f3")] {
      switch CalibrationCurve.figure(forecasts, from: first) {
      case .value(let curve): blocks += calibration(curve, key)
      case .leftOut(let reason):
        blocks.append(
          .leftOut(key: "calibration_\(key)", title: "Calibration plot", reason: reason))
      }
    }
    return blocks
  }

  private static func calibration(_ curve: CalibrationCurve, _ key: String) -> [ReportBlock] {
    let chart = Chart(
      title: "Calibration of P(\(curve.event))", width: 420, height: 380,
      x: Axis("probability said", range: 0...1), y: Axis("share that came", range: 0...1),
      marks: [
        Mark(.line([SIMD2(0, 0), SIMD2(1, 1)]), colour: .muted, isDashed: true),
        Mark(
          .verticalErrors(
            curve.groups.map {
              (
                x: $0.meanForecast, y: $0.observed.value, low: $0.observed.interval.lower,
                high: $0.observed.interval.upper
              )
            })),
      ])
    let table = ReportTable(
      "calibration_\(key)", "Calibration of P(\(curve.event)), by groups of forecasts",
      ["mean probability", "participants", "came", "share", "lower", "upper"],
      rows: curve.groups.map {
        [
          .number($0.meanForecast, .plain), .count($0.observed.trials),
          .count($0.observed.successes), .number($0.observed.value, .plain),
          .number($0.observed.interval.lower, .plain), .number($0.observed.interval.upper, .plain),
        ]
      })
    return [
      .chart(
        ReportChart(
          "calibration_\(key)",
          "How often \(curve.event) came where the model said so, in groups, with Clopper-Pearson "
            + "intervals; the dashed line is right.", chart)), .table(table),
    ]
  }
}

extension AnalysedParticipant {
  /// For fits: the tumour alone, with what is known of its uncertainty.
  var latentRow: LatentRow {
    LatentRow(
      value: MeasuredValue(percent: percent, standardUncertainty: row.standardUncertainty ?? 0),
      background: nil, category: tissue.index)
  }
}
