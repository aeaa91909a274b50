import Calibration
import Pages
import Statistics

extension ReportSection {
  /// 6. How well fat itself is measured.
  static func measurement(
    _ participants: [CohortParticipant], analysed: [AnalysedParticipant], model: SubtypeModel?
  ) -> ReportSection {
    let study = MeasurementStudy(participants)
    var blocks: [ReportBlock] = [
      .text(
        "All rows of the lesions that count, in percentage points of fat. Readers and repeats are "
          + "compared on each participant's first scanner.")
    ]
    for pairing in study.readers {
      blocks += limits(
        pairing.limits, key: "readers_\(slug(pairing.first))_\(slug(pairing.second))",
        title: "Readers \(pairing.second) − \(pairing.first)")
    }
    if study.readers.isEmpty {
      blocks.append(
        .leftOut(
          key: "readers", title: "Limits of agreement of readers",
          reason: "no participant was measured by two readers"))
    }
    blocks += limits(study.repeats, key: "repeats", title: "Second − first repeat")
    blocks.append(.figures(title: "Reliability", reliability(study)))
    blocks.append(.table(conditions(study)))
    blocks += lines(study)
    blocks.append(.figures(title: "What noise alone would change", flips(analysed, model, study)))
    return ReportSection(.measurement, "Measurement", blocks)
  }

  private static func reliability(_ study: MeasurementStudy) -> [ReportFigure] {
    [
      ReportFigure("icc_readers", "Intraclass correlation of readers", study.readerCorrelation),
      ReportFigure("icc_repeats", "Intraclass correlation of repeats", study.repeatCorrelation),
      ReportFigure(
        "within_subject_sd", "Within-subject SD of repeats", .percentagePoints,
        study.repeatability.map(\.standardDeviation)),
      ReportFigure(
        "repeatability_coefficient", "Repeatability coefficient", .percentagePoints,
        study.repeatability.map(\.coefficient)),
      ReportFigure(
        "reader_reproducibility_coefficient", "Reproducibility coefficient between readers",
        .percentagePoints, study.betweenReaders.map(\.coefficient)),
      ReportFigure(
        "reproducibility_coefficient", "Reproducibility coefficient across scanners",
        .percentagePoints, study.reproducibility.map(\.coefficient)),
    ]
  }

  private static func limits(_ figure: Figure<BlandAltman>, key: String, title: String)
    -> [ReportBlock]
  {
    switch figure {
    case .leftOut(let reason):
      return [
        .leftOut(key: "bland_altman_\(key)", title: "\(title): limits of agreement", reason: reason)
      ]
    case .value(let found):
      let figures = [
        ReportFigure("\(key)_bias", "Mean difference", .percentagePoints, .value(found.bias)),
        ReportFigure(
          "\(key)_lower_limit", "Lower limit of agreement", .percentagePoints,
          .value(found.lowerLimit)),
        ReportFigure(
          "\(key)_upper_limit", "Upper limit of agreement", .percentagePoints,
          .value(found.upperLimit)),
      ]
      let rules: [Mark] = [
        Mark(.horizontalRule(found.bias.value), label: "mean"),
        Mark(.horizontalRule(found.upperLimit.value), label: "upper limit", isDashed: true),
        Mark(.horizontalRule(found.lowerLimit.value), label: "lower limit", isDashed: true),
      ]
      let chart = Chart(
        title: title, x: Axis("mean of both (%)"), y: Axis("difference (points)"),
        marks: rules + [Mark(.points(thinned(found.pairs).map { SIMD2($0.mean, $0.difference) }))])
      return [
        .chart(
          ReportChart(
            "bland_altman_\(key)",
            "\(title): differences against means, with the limits of "
              + "agreement. n = \(found.pairs.count).", chart)), .figures(title: title, figures),
      ]
    }
  }

  private static func conditions(_ study: MeasurementStudy) -> ReportTable {
    ReportTable(
      "by_scanner", "By scanner and field strength; differences and slopes against the first",
      [
        "scanner", "participants", "mean percent", "wSD", "repeatability", "mean difference",
        "lower limit", "upper limit", "slope",
      ],
      rows: study.conditions.map { one in
        let limits = one.difference.value
        return [
          .text(one.condition.name), .count(one.participants), .number(one.mean, .percent),
          cell(one.repeatability.map(\.standardDeviation), .percentagePoints),
          cell(one.repeatability.map(\.coefficient), .percentagePoints),
          cell(one.difference.map(\.bias), .percentagePoints),
          .number(
            limits?.lowerLimit.value, .percentagePoints, orElse: one.difference.reason ?? ""),
          .number(
            limits?.upperLimit.value, .percentagePoints, orElse: one.difference.reason ?? ""),
          cell(one.line.map(\.slope), .plain),
        ]
      })
  }

  private static func cell(_ figure: Figure<Estimate>, _ unit: ReportUnit) -> ReportCell {
    .number(figure.value?.value, unit, orElse: figure.reason ?? "")
  }

  private static func lines(_ study: MeasurementStudy) -> [ReportBlock] {
    guard study.conditions.count > 1 else {
      return [
        .leftOut(
          key: "linearity", title: "Linearity between scanners",
          reason: "there is one scanner and field strength only, or none is named")
      ]
    }
    let first = study.conditions[0].condition.name
    let figures = study.conditions.dropFirst().flatMap { one in
      let key = slug(one.condition.name)
      return [
        ReportFigure(
          "slope_\(key)", "Linearity slope of \(one.condition.name) on \(first) (Deming)",
          one.line.map(\.slope)),
        ReportFigure(
          "intercept_\(key)", "Intercept of \(one.condition.name) on \(first)", .percentagePoints,
          one.line.map(\.intercept)),
        ReportFigure(
          "difference_\(key)", "Mean difference of \(one.condition.name) from \(first)",
          .percentagePoints, one.difference.map(\.bias)),
      ]
    }
    return [.figures(title: "Linearity between scanners", figures)]
  }

  private static func flips(
    _ analysed: [AnalysedParticipant], _ model: SubtypeModel?, _ study: MeasurementStudy
  ) -> [ReportFigure] {
    let flips = CallFlips.of(analysed.map(\.row), model, repeatability: study.repeatability)
    let words =
      flips.value.map {
        ", noise of \(number($0.noise, 2)) points from \($0.source)"
      } ?? ""
    return [
      ReportFigure(
        "flipped_subtype", "Three-class calls that would change\(words)", .share,
        flips.map(\.subtype)),
      ReportFigure(
        "flipped_arm", "Arm calls that would change\(words)", .share, flips.map(\.arm)),
    ]
  }

  private static func thinned(_ pairs: [BlandAltman.Pair]) -> [BlandAltman.Pair] {
    let most = 1000
    guard pairs.count > most else { return pairs }
    return (0..<most).map { pairs[$0 * pairs.count / most] }
  }

  /// A name as part of a key: lower-case letters, digits, and underscores between them.
  static func slug(_ name: String) -> String {
    name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      .joined(separator: "_")
  }
}
