import Calibration
import Faults
import Regions
import Scans
import Volumes

extension Measurement {
  /// The sentence that stands under every result.
  public static let researchUse = "Research use only: not a diagnostic device."

  /// The measurement for a reader at a terminal, in lines that end with a line feed.
  public func table() -> String {
    var lines = ["Proton-density fat fraction (PDFF)", "  input:  \(inputInWords)"]
    lines.append("  method: \(methodInWords)")
    lines += [""] + regionTable
    if regions.contains(where: { !$0.slices.isEmpty }) { lines += [""] + sliceTable }
    lines += uncertaintyTable + t1Table + calibratedTable + subtypeLines
    lines += exclusions
    lines += warnings
    lines += ["", Measurement.researchUse]
    return lines.map { $0 + "\n" }.joined()
  }

  private var inputInWords: String {
    var words: [String]
    switch scan.kind {
    case .complex: words = ["complex, \(scan.echoTimes.count) echoes"]
    case .magnitude: words = ["magnitude, \(scan.echoTimes.count) echoes"]
    case .waterFat: words = ["water and fat images"]
    case .twoPoint: words = ["in-phase and opposed-phase images"]
    case .pdff: words = ["a vendor's PDFF map"]
    }
    if let first = scan.echoTimes.first, let last = scan.echoTimes.last {
      words.append("TE \(fixed(first.milliseconds, 2))–\(fixed(last.milliseconds, 2)) ms")
    }
    if let field = scan.fieldStrength { words.append("\(fixed(field.value, 2)) T") }
    if let date = scan.acquiredOn {
      words.append("acquired \(date)" + (scan.datesShifted ? " (dates shifted)" : ""))
    }
    return words.joined(separator: ", ")
  }

  private var methodInWords: String {
    var words = [method.name]
    if let spectrum = method.fatSpectrum { words.append("fat spectrum \(spectrum)") }
    if let sign = method.precession { words.append("precession \(sign)") }
    return words.joined(separator: ", ")
  }

  private var regionTable: [String] {
    var table = TextTable(head: [
      ["region", "voxels", "volume", "PDFF mean", "median", "SD", "p05", "p95", "R2* mean"],
      ["", "used", "ml", "%", "%", "%", "%", "%", "1/s"],
    ])
    for region in regions {
      let pdff = region.fatFraction
      table.add([
        "\(region.label) \(region.name)", "\(region.voxelsUsed) of \(region.voxels)",
        fixed(region.volumeMillilitres, 2), fixed(pdff?.mean.percent, 2),
        fixed(pdff?.median.percent, 2), fixed(pdff?.standardDeviation?.percent, 2),
        fixed(pdff?.p05.percent, 2), fixed(pdff?.p95.percent, 2),
        fixed(region.r2star?.mean.value, 1),
      ])
    }
    return table.lines
  }

  private var sliceTable: [String] {
    var table = TextTable(head: [
      ["region", "slice", "voxels", "volume", "PDFF mean", "median", "SD"],
      ["", "(from 0)", "used", "ml", "%", "%", "%"],
    ])
    for region in regions {
      for slice in region.slices {
        table.add([
          "\(region.label) \(region.name)", "\(slice.slice)",
          "\(slice.voxelsUsed) of \(slice.voxels)", fixed(slice.volumeMillilitres, 2),
          fixed(slice.mean?.percent, 2), fixed(slice.median?.percent, 2),
          fixed(slice.standardDeviation?.percent, 2),
        ])
      }
    }
    return table.lines
  }

  private var exclusions: [String] {
    let lines = regions.compactMap { region -> String? in
      guard !region.excluded.isEmpty else { return nil }
      let reasons = ExclusionReason.allCases.compactMap { reason in
        region.excluded[reason].map { "\($0) \(reason.rawValue) (\(reason.summary))" }
      }
      return "  \(region.label) \(region.name): \(reasons.joined(separator: "; "))"
    }
    return lines.isEmpty ? [] : ["", "Voxels left out"] + lines
  }

  private var warnings: [String] {
    notices.isEmpty ? [] : ["", "Warnings"] + notices.map { "  \($0.message) [\($0.code)]" }
  }
}
