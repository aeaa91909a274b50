import Calibration
import Regions
import Separation
import Volumes

/// Uncertainty, calibration and call, for a reader at a terminal.
extension Measurement {
  var uncertaintyTable: [String] {
    var table = TextTable(head: [
      ["region", "total", "noise", "re-drawing", "ledger", "repeatability", "T1"]
    ])
    var isEmpty = true
    for region in regions {
      let parts = (calibration?.regions[region.label]?.uncertainty ?? region.uncertainty).mean
      guard parts != StandardUncertainty() else { continue }
      isEmpty = false
      let all = [
        parts.total, parts.noise, parts.redrawing, parts.ledger, parts.repeatability, parts.t1,
      ]
      table.add(["\(region.label) \(region.name)"] + all.map { fixed($0?.percent, 2) })
    }
    let what = calibration == nil ? "mean" : "calibrated mean"
    return isEmpty
      ? [] : ["", "Standard uncertainty of the \(what), percentage points"] + table.lines
  }

  /// What T1 weighting makes of each mean, if its tissue were a liver's or a tumour's.
  var t1Table: [String] {
    guard let bias = method.t1Bias else { return [] }
    func degrees(_ angle: Radians) -> String { fixed(angle.value * 180 / .pi, 1) }
    var table = TextTable(head: [["region", "as liver", "as tumour", "at most"]])
    for region in regions {
      guard let mean = region.fatFraction?.mean else { continue }
      func shown(_ waterT1: Seconds?) -> String {
        fixed(waterT1.map { bias.bias(ofMeasured: mean, waterT1: $0).percent }, 2)
      }
      table.add([
        "\(region.label) \(region.name)",
        shown(bias.liverT1), shown(bias.tumourT1),
        fixed(bias.largest(ofMeasured: mean).percent, 2),
      ])
    }
    let contrast = bias.contrast == nil ? "" : ", after a contrast agent"
    return [
      "",
      "Expected T1 bias of the mean, percentage points, not taken out (\(degrees(bias.flipAngle)) "
        + "degrees, TR \(fixed(bias.repetitionTime.milliseconds, 1)) ms\(contrast))",
    ] + table.lines
  }

  var calibratedTable: [String] {
    guard let calibration else { return [] }
    let entry = calibration.entry
    var table = TextTable(head: [["region", "PDFF mean", "median"], ["", "%", "%"]])
    for region in regions {
      let value = calibration.regions[region.label]
      table.add([
        "\(region.label) \(region.name)", fixed(value?.mean.percent, 2),
        fixed(value?.median.percent, 2),
      ])
    }
    return [
      "",
      "Calibrated: scanner \(entry.scanner), protocol \(entry.protocol), phantom of "
        + "\(entry.measuredOn), valid to \(entry.validUntil)",
    ] + table.lines
  }

  var subtypeLines: [String] {
    guard let lesionCall else { return [] }
    var lines = ["", "Provisional subtype"]
    if let fed = lesionCall.fed {
      let kind = fed.isCalibrated ? "calibrated" : "as measured"
      lines.append(
        "  from           \(fed.label) \(fed.name): \(fixed(fed.value?.percent, 2)) % (\(kind)), "
          + "standard uncertainty \(fixed(fed.standardUncertainty?.percent, 2)) points")
    }
    return lines + lesionCall.call.text().split(separator: "\n").map { "  \($0)" }
  }
}
