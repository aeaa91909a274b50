import Calibration
import Pages
import Regions
import Volumes

/// The number, the call and the quality, before anything has to be scrolled.
struct FirstScreen {
  let report: Report
  private var measurement: Measurement { report.measurement }

  @MarkupBuilder func markup() -> Markup {
    if let region = report.lesion {
      element("div", ["class": "row"]) {
        element("section", ["class": "panel", "aria-label": "Fat fraction"]) { value(region) }
        element("section", ["class": "panel", "aria-label": "Provisional subtype"]) { call }
      }
      element("section", ["class": "panel", "aria-label": "Quality"]) { quality(region) }
    } else {
      note(.caution) {
        "There are several regions, and none is named as the tumour (--lesion-label), so there is no "
        "call. Each region's number stands in the table below."
      }
    }
    if report.lesion == nil || measurement.regions.count > 1 { table }
  }

  @MarkupBuilder private func value(_ region: RegionStatistics) -> Markup {
    let statistic = report.material.model?.statistic ?? .mean
    let corrected = measurement.calibration?.regions[region.label]
    let measured = statistic == .mean ? region.fatFraction?.mean : region.fatFraction?.median
    let shown = corrected.map { statistic == .mean ? $0.mean : $0.median } ?? measured
    let all = corrected?.uncertainty ?? region.uncertainty
    let uncertainty = statistic == .mean ? all.mean : all.median
    element("h2") { "Tumour PDFF" }
    if let shown {
      element("p", ["class": "big"]) {
        percent(shown.percent)
        if let total = uncertainty.total {
          element("span", ["class": "uncertain"]) { " ± \(number(total.percent, 1))" }
        }
      }
      element("p") {
        "\(statistic.rawValue) of \(report.name(region)), "
        corrected == nil ? "as measured, not calibrated" : "calibrated for the scanner"
        if corrected != nil { "; as measured \(percent(measured?.percent))" }
        "."
      }
      element("p", ["class": "soft"]) { words(uncertainty) }
    } else {
      element("p", ["class": "big"]) { "no value" }
      element("p") { "No voxel of the region is usable." }
    }
    if let background = report.background {
      element("p") {
        "Background liver: \(percent(background.fatFraction?.mean.percent)) (mean as measured)."
      }
    }
  }

  private func words(_ parts: StandardUncertainty) -> Markup {
    guard parts.total != nil else {
      return "How uncertain it is is not known: "
        + (report.maps.fatFractionSD == nil
          ? "these images do not tell their noise (state a repeatability by --rc-percent)."
          : "the region can't be redrawn, or its noise is unknown.")
    }
    let named: [(String, FatFraction?)] = [
      ("repeatability", parts.repeatability), ("noise", parts.noise),
      ("re-drawing", parts.redrawing), ("scanner", parts.ledger),
      ("T1", parts.t1),
    ]
    let used = named.compactMap { name, part in part.map { "\(name) \(number($0.percent, 2))" } }
    return
      "± is one standard uncertainty in percentage points, from \(used.joined(separator: ", "))."
  }

  @MarkupBuilder private var call: Markup {
    element("h2") { "Provisional subtype" }
    if let lesionCall = measurement.lesionCall {
      let call = lesionCall.call
      element("p", ["class": "big"]) { headline(call) }
      element("p") {
        if call.subtype == nil {
          badge(.caution, call.isBlocked ? "call blocked" : "indeterminate")
          " "
        }
        armWords(call.arm)
        " "
        if let shares = call.probabilities {
          Subtype.allCases.map { "\($0.rawValue) \(percent(100 * shares[$0.index], 0))" }
            .joined(separator: ", ")
          "."
        }
      }
      if call.model.status == .demonstration {
        note(.bad) {
          element("strong") { "Demonstration model from synthetic data: not for patients." }
        }
      }
      element("ul", ["class": "small"]) {
        for reason in call.reasons where reason.code != .demonstrationModel {
          element("li") { report.redaction(reason.message) }
        }
      }
    } else {
      element("p", ["class": "big"]) { "no call" }
      element("p") { "No subtype model was given (--model), so nothing was called." }
    }
  }

  /// The subtype; where several are left that share an arm, their names; else what to do.
  private func headline(_ call: SubtypeCall) -> String {
    call.arm == .undetermined
      ? "wait for tissue" : call.set.map(\.rawValue).joined(separator: " or ")
  }

  private func armWords(_ arm: Arm) -> Markup {
    switch arm {
    case .systemic: "Arm: systemic therapy."
    case .systemicAndTACE: "Arm: systemic therapy and TACE."
    case .undetermined: "The arm stays undetermined until tissue answers."
    }
  }

  @MarkupBuilder private func quality(_ region: RegionStatistics) -> Markup {
    let light = QualityLight(measurement, region: region, report.material)
    element("h2") { "Quality" }
    element("p", ["class": "light"]) { badge(light.standing, light.words) }
    element("ul", ["class": "checks"]) {
      for check in light.checks {
        element("li") {
          badge(check.standing, check.about)
          " \(check.finding)"
        }
      }
    }
  }

  private var table: Markup {
    var table = Table(
      caption: "Every region",
      [
        .text("Region"), .number("Voxels used"), .number("Volume, ml"), .number("PDFF mean, %"),
        .number("Median, %"), .number("SD, %"), .number("Calibrated mean, %"),
        .number("R2* mean, 1/s"),
      ])
    for region in measurement.regions {
      let pdff = region.fatFraction
      table.add(
        Markup(report.name(region)), "\(region.voxelsUsed) of \(region.voxels)",
        Markup(number(region.volumeMillilitres, 1)), Markup(number(pdff?.mean.percent, 1)),
        Markup(number(pdff?.median.percent, 1)),
        Markup(number(pdff?.standardDeviation?.percent, 1)),
        Markup(number(measurement.calibration?.regions[region.label]?.mean.percent, 1)),
        Markup(number(region.r2star?.mean.value, 0)))
    }
    return table.markup()
  }
}

/// A number with its sign of per cent, on one line.
func percent(_ value: Double?, _ decimals: Int = 1) -> String {
  "\(number(value, decimals))\u{A0}%"
}
