import Calibration
import Regions
import Volumes

/// Uncertainty, calibration and call, for a reader at a terminal.
extension Measurement {
  var uncertaintyTable: [String] {
    var table = TextTable(head: [
      ["region", "total", "noise", "re-drawing", "ledger", "repeatability"]
    ])
    var isEmpty = true
    for region in regions {
      let parts = (calibration?.regions[region.label]?.uncertainty ?? region.uncertainty).mean
      guard parts != StandardUncertainty() else { continue }
      isEmpty = false
      let all = [parts.total, parts.noise, parts.redrawing, parts.ledger, parts.repeatability]
      table.add(["\(region.label) \(region.name)"] + all.map { fixed($0?.percent, 2) })
    }
    let what = calibration == nil ? "mean" : "calibrated mean"
    return isEmpty
      ? [] : ["", "Standard uncertainty of the \(what), percentage points"] + table.lines
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
