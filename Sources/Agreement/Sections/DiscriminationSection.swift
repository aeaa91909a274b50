import Calibration
import Pages
import Statistics

/// Which way fat goes along F1, F2, F3, and who says so.
struct StatedDirection {
  let direction: Direction
  /// Whether it was read off the same participants, which flatters.
  let isFromCohort: Bool

  /// The model's, else the cohort's own; nil where neither has one.
  init?(_ model: SubtypeModel?, _ sample: ClassedValues) {
    if let model {
      direction = model.ordinal.slope > 0 ? .rises : .falls
      isFromCohort = false
    } else if let own = Concordance.direction(sample) {
      direction = own
      isFromCohort = true
    } else {
      return nil
    }
  }
}

extension ReportSection {
  private static let title = "Discrimination of the continuous fat fraction"

  /// 4. How well the fat fraction itself orders the classes.
  static func discrimination(_ analysed: [AnalysedParticipant], model: SubtypeModel?)
    -> ReportSection
  {
    let sample = ClassedValues(
      classes: Subtype.allCases.map(\.rawValue), values: analysed.map(\.percent),
      tissue: analysed.map(\.tissue.index))
    guard let stated = StatedDirection(model, sample) else {
      return ReportSection(
        .discrimination, title,
        [
          .leftOut(
            key: "roc", title: "All figures",
            reason: "tissue lies in one class, so that there is nothing to tell apart")
        ])
    }
    let direction = stated.direction
    let words = direction == .rises ? "rises" : "falls"
    var blocks: [ReportBlock] = [
      stated.isFromCohort
        ? .warning(
          "No model says which way fat goes. It \(words) from F1 to F3 in these participants, and "
            + "figures made with a direction that was read off the same data are flattered.")
        : .text("The model says that fat \(words) from F1 to F3.")
    ]
    let curves = [(1, "f1"), (2, "f3")].map { cut, key in
      (key, ROCCurve.figure(sample, cut: cut, direction: direction))
    }
    blocks.append(
      .figures(
        title: "Fat fraction against tissue",
        [
          ReportFigure(
            "auc_f1_against_f2_f3", "AUC, F1 against F2 and F3", curves[0].1.map(\.area)),
          ReportFigure(
            "auc_f1_f2_against_f3", "AUC, F1 and F2 against F3 (the arm)", curves[1].1.map(\.area)),
          ReportFigure(
            "obuchowski_sample_prevalence", "Obuchowski's ordinal accuracy, sample prevalence",
            OrdinalAccuracy.figure(sample, direction: direction, pairWeights: .sample).map(
              \.accuracy)
          ),
          ReportFigure(
            "obuchowski_equal_weights", "Obuchowski's ordinal accuracy, equal weights",
            OrdinalAccuracy.figure(sample, direction: direction, pairWeights: .equal).map(
              \.accuracy)),
          ReportFigure(
            "volume_under_surface", "Volume under the surface (chance: 1/6)",
            VolumeUnderSurface.figure(sample, direction: direction)),
          ReportFigure(
            "concordance", "Concordance", Concordance.figure(sample, direction: direction)),
        ]))
    let areas = curves.compactMap { $0.1.value?.area }
    if areas.contains(where: { $0.value > nearlySeparated && $0.interval.value != nil }) {
      blocks.append(
        .warning(
          "An AUC above \(nearlySeparated) has an approximate interval: so few values overlap that the "
            + "interval is too short. In a simulation of 86 participants at an AUC of 0.993 intervals "
            + "of 95 % held the truth in 88 % of the samples."))
    }
    blocks.append(contentsOf: roc(curves.map(\.1)))
    return ReportSection(.discrimination, title, blocks)
  }

  /// Above it the logit interval of an area no longer holds its level; see `docs/validation-statistics.md`.
  private static let nearlySeparated = 0.98

  private static func roc(_ curves: [Figure<ROCCurve>]) -> [ReportBlock] {
    let found = curves.compactMap(\.value)
    guard !found.isEmpty else {
      return curves.prefix(1).compactMap(\.reason).map {
        .leftOut(key: "roc", title: "ROC curves", reason: $0)
      }
    }
    let marks =
      [Mark(.line([SIMD2(0, 0), SIMD2(1, 1)]), colour: .muted, isDashed: true)]
      + found.enumerated().map { place, curve in
        Mark(
          .line(thinned(curve.points).map { SIMD2($0.falsePositiveRate, $0.truePositiveRate) }),
          label: curve.name, colour: .series(place + 1))
      }
    let chart = Chart(
      title: "ROC curves of the fat fraction", width: 420, height: 420,
      x: Axis("1 − specificity", range: 0...1), y: Axis("sensitivity", range: 0...1), marks: marks)
    let tables = found.map { curve in
      ReportTable(
        "roc_\(curve.name.hasPrefix("F1 |") ? "f1" : "f3")", "ROC curve \(curve.name)",
        ["threshold percent", "1 - specificity", "sensitivity"],
        rows: thinned(curve.points).map { point in
          [
            .number(
              point.threshold.isFinite ? point.threshold : nil, .percent, orElse: "nobody positive"),
            .number(point.falsePositiveRate, .plain), .number(point.truePositiveRate, .plain),
          ]
        })
    }
    return [
      .chart(
        ReportChart(
          "roc",
          "ROC curves of the fat fraction; the dashed line is chance. The numbers are in "
            + tables.map { "tables/discrimination-\($0.key).csv" }.joined(separator: " and ")
            + ".",
          chart))
    ] + tables.map { .table($0) }
  }

  /// Long curves at some hundred points: more are not to be seen.
  private static func thinned(_ points: [ROCCurve.Point]) -> [ROCCurve.Point] {
    let most = 400
    guard points.count > most else { return points }
    return (0..<most).map { points[$0 * (points.count - 1) / (most - 1)] }
  }
}
