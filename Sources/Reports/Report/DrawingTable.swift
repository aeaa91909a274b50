import Calibration
import Pages

/// How much the answer depends on the drawing.
struct DrawingTable {
  let report: Report

  @MarkupBuilder func markup() -> Markup {
    let drawings = report.material.drawings
    if drawings.isEmpty {
      note(.neutral) { "No region is named as the tumour, so it was not drawn otherwise." }
    } else {
      let sensitivity = DrawingSensitivity(drawings)
      if sensitivity.hasArms {
        note(sensitivity.standing) {
          sensitivity.changesArm
            ? "The arm changes with the drawing."
            : sensitivity.decidesArm
              ? "The arm does not change with the drawing."
              : "However it is drawn, the arm stays undetermined."
        }
      } else if report.measurement.lesionCall == nil {
        element("p") { "No model was given, so there is no arm that could change." }
      }
      table(drawings)
      element("p", ["class": "soft small"]) {
        "Smaller and larger by one voxel along the axes on which the standard uncertainty moves the "
        "contour too. The fattest slice is the one of highest mean among those with at least a "
        "quarter as many voxels as the fullest. Exclusions, calibration and model are the same."
      }
    }
  }

  private func table(_ drawings: [DrawingResult]) -> Markup {
    var table = Table([
      .text("Drawn"), .number("Voxels used"), .number("PDFF mean, %"), .number("Median, %"),
      .number("Change, points"), .text("Set"), .text("Arm"),
    ])
    let first = drawings.first?.statistics?.fatFraction?.mean.percent
    for result in drawings {
      guard let pdff = result.statistics?.fatFraction else {
        table.add(Markup(result.drawing.words), "0", "–", "–", "–", "–", "nothing is left of it")
        continue
      }
      let call = result.call?.call
      let change = first.map { pdff.mean.percent - $0 }
      table.add(
        Markup(result.drawing.words), "\(result.statistics?.voxelsUsed ?? 0)",
        Markup(number(pdff.mean.percent, 1)), Markup(number(pdff.median.percent, 1)),
        Markup(result.drawing == .asDrawn ? "–" : signed(change)),
        Markup(call.map { $0.set.isEmpty ? "none" : names($0.set) } ?? "–"),
        arm(call, of: drawings.first))
    }
    return table.markup()
  }

  private func signed(_ value: Double?) -> String {
    let text = number(value, 1)
    return (value ?? 0) > 0 && text != "0.0" ? "+\(text)" : text
  }

  private func names(_ set: [Subtype]) -> String { set.map(\.rawValue).joined(separator: ", ") }

  private func arm(_ call: SubtypeCall?, of drawn: DrawingResult?) -> Markup {
    guard let call else { return "–" }
    let differs = drawn?.call.map { $0.call.arm != call.arm } ?? false
    return differs
      ? Markup(call.arm.rawValue) + " " + badge(.caution, "changes") : Markup(call.arm.rawValue)
  }
}
