import Pages
import Statistics

extension ReportSection {
  /// 8. Whether it holds in every part of the cohort.
  static func subgroups(_ analysed: [AnalysedParticipant], _ options: ValidationOptions)
    -> ReportSection
  {
    var blocks: [ReportBlock] = [
      .text(
        "A heterogeneity test that finds nothing in few participants shows little: look at the "
          + "intervals. No correction for several tests is made.")
    ]
    for factor in Subgroups.all(analysed, options) {
      guard !factor.groups.isEmpty else {
        blocks.append(
          .leftOut(
            key: "by_\(factor.key)", title: factor.title,
            reason: "the table does not say it of any analysed participant"))
        continue
      }
      blocks.append(.table(table(factor)))
      blocks.append(.figures(title: "\(factor.title): does it differ?", tests(factor)))
      if factor.groups.count > 1 { blocks.append(.chart(forest(factor))) }
    }
    blocks += sites(LeaveOneSiteOut.of(analysed, options))
    return ReportSection(.subgroups, "Subgroups", blocks)
  }

  private static func table(_ factor: Subgroups) -> ReportTable {
    let more =
      factor.notRecorded > 0 ? "; of \(factor.notRecorded) participants it is not recorded" : ""
    var columns = ["group", "participants"]
    for name in ["accuracy", "arm accuracy", "yield", "quadratic kappa"] {
      columns += [name, "\(name), lower", "\(name), upper"]
    }
    return ReportTable(
      "by_\(factor.key)", "\(factor.title)\(more)", columns,
      rows: factor.groups.map { group in
        [.text(group.name), .count(group.n)] + cells(group.accuracy) + cells(group.armAccuracy)
          + cells(group.yield) + estimateCells(group.kappa)
      })
  }

  private static func cells(_ figure: Figure<Proportion>) -> [ReportCell] {
    let reason = figure.reason ?? ""
    return [
      .number(figure.value?.value, .share, orElse: reason),
      .number(figure.value?.interval.lower, .share, orElse: reason),
      .number(figure.value?.interval.upper, .share, orElse: reason),
    ]
  }

  private static func estimateCells(_ figure: Figure<Estimate>) -> [ReportCell] {
    let interval = figure.value?.interval
    let reason = figure.reason ?? interval?.reason ?? ""
    return [
      .number(figure.value?.value, .plain, orElse: reason),
      .number(interval?.value?.lower, .plain, orElse: reason),
      .number(interval?.value?.upper, .plain, orElse: reason),
    ]
  }

  private static func tests(_ factor: Subgroups) -> [ReportFigure] {
    [
      ("accuracy", "accuracy", factor.accuracyDiffers),
      ("arm_accuracy", "arm accuracy", factor.armAccuracyDiffers),
      ("yield", "yield", factor.yieldDiffers),
    ].map { key, title, figure in
      ReportFigure(
        "\(factor.key)_heterogeneity_\(key)", "Heterogeneity of the \(title)", .plain,
        figure.content { .test($0.test, method: $0.method) })
    }
  }

  private static func forest(_ factor: Subgroups) -> ReportChart {
    func marks(_ figure: (Subgroups.Group) -> Figure<Proportion>, _ shift: Double)
      -> [(x: Double, y: Double, low: Double, high: Double)]
    {
      factor.groups.enumerated().compactMap { place, group in
        figure(group).value.map {
          (
            x: $0.value, y: Double(place) + shift, low: $0.interval.lower, high: $0.interval.upper
          )
        }
      }
    }
    let chart = Chart(
      title: "Accuracy by \(factor.title.lowercased())", width: 560,
      height: 110 + 40 * Double(factor.groups.count), x: Axis("accuracy", range: 0...1),
      y: Axis(
        "", range: -0.5...(Double(factor.groups.count) - 0.5),
        ticks: .at(factor.groups.enumerated().map { (Double($0), $1.name) }), isReversed: true,
        hasGrid: false),
      marks: [
        Mark(.horizontalErrors(marks(\.accuracy, -0.12)), label: "three classes"),
        Mark(
          .horizontalErrors(marks(\.armAccuracy, 0.12)), label: "arm", colour: .series(2)),
      ])
    return ReportChart(
      "by_\(factor.key)",
      "Accuracy of determinate calls by \(factor.title.lowercased()), with "
        + "Clopper-Pearson intervals.", chart)
  }

  private static func sites(_ figure: Figure<LeaveOneSiteOut>) -> [ReportBlock] {
    switch figure {
    case .leftOut(let reason):
      return [.leftOut(key: "leave_one_site_out", title: "Leave one site out", reason: reason)]
    case .value(let found):
      let table = ReportTable(
        "leave_one_site_out", "Leave one site out",
        [
          "site left out", "participants", "accuracy of the others", "arm accuracy of the others",
          "quadratic kappa of the others", "predicted at the site", "arm predicted at the site",
        ],
        rows: found.sites.map { site in
          [
            .text(site.name), .count(site.n),
            .number(
              site.accuracyWithout.value?.value, .share, orElse: site.accuracyWithout.reason ?? ""),
            .number(
              site.armAccuracyWithout.value?.value, .share,
              orElse: site.armAccuracyWithout.reason ?? ""),
            .number(
              site.kappaWithout.value?.value, .plain, orElse: site.kappaWithout.reason ?? ""),
            .number(site.predicted.value?.value, .share, orElse: site.predicted.reason ?? ""),
            .number(site.predictedArm.value?.value, .share, orElse: site.predictedArm.reason ?? ""),
          ]
        })
      return [
        .text(
          "Leave one site out: calls of all other sites, and the most probable subtype of a "
            + "proportional-odds model of ln(1 + fat) that was fitted at the other sites and asked "
            + "about this one."), .table(table),
        .figures(
          title: "Sites predicted by a model of the others",
          [
            ReportFigure(
              "leave_one_site_out_accuracy", "Most probable subtype is right",
              share: found.predicted),
            ReportFigure(
              "leave_one_site_out_arm_accuracy", "Its arm is right", share: found.predictedArm),
          ]),
      ]
    }
  }
}
