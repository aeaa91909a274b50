import Calibration
import Documents
import Faults
import Pages
import Scans
import Volumes

/// From what and how it was measured.
struct Provenance {
  let report: Report
  private var measurement: Measurement { report.measurement }

  @MarkupBuilder func markup() -> Markup {
    warnings
    element("h3") { "Method" }
    facts([
      "Input": Markup(report.inputWords),
      "Echo times": echoTimes,
      "Field": field,
      "Manufacturer": measurement.scan.manufacturer.map { Markup($0) },
      "Acquired on": measurement.scan.acquiredOn.map {
        Markup($0 + (measurement.scan.datesShifted ? " (dates shifted)" : ""))
      },
      "Separation": Markup(measurement.method.name),
      "Fat spectrum": measurement.method.fatSpectrum.map { Markup(report.redaction($0)) },
      "Precession": measurement.method.precession.map { Markup($0) },
      "Noise": measurement.method.noiseSD.map { "\(number($0, 3)) (one real channel)" },
      "T1 correction": measurement.method.options?.t1Correction.map { _ in "as asked for" },
      "Software": "\(Software.name) \(Software.version)",
      "Instruction set": measurement.method.instructionSet.map { Markup($0) },
      "Ledger": ledger,
      "Model": model,
      "measurement.json": report.seal.map { seal in "seal \(element("code") { seal })" },
    ])
    element("h3") { "Files" }
    files
    exclusions
  }

  private var echoTimes: Markup? {
    let times = measurement.scan.echoTimes
    guard !times.isEmpty else { return nil }
    return Markup(times.map { number($0.milliseconds, 2) }.joined(separator: ", ") + " ms")
  }

  private var field: Markup? {
    let scan = measurement.scan
    let words = [
      scan.fieldStrength.map { "\(number($0.value, 2)) T" },
      scan.imagingFrequency.map { "\(number($0.megahertz, 3)) MHz" },
    ].compactMap { $0 }
    return words.isEmpty ? nil : Markup(words.joined(separator: ", "))
  }

  private var ledger: Markup {
    guard let calibration = measurement.calibration else { return "none: not calibrated" }
    let entry = calibration.entry
    return """
      scanner \(entry.scanner), protocol \(entry.protocol), phantom of \(entry.measuredOn), valid to \
      \(entry.validUntil); corrected = (measured \(entry.line.intercept.value < 0 ? "+" : "\u{2212}") \
      \(number(abs(entry.line.intercept.value), 2))) / \
      \(number(entry.line.slope.value, 3)); SHA-256 \(element("code") { calibration.ledgerSHA256 })
      """
  }

  private var model: Markup {
    guard let model = measurement.lesionCall?.call.model else { return "none" }
    return "\(model.name) \(model.version), \(model.status.rawValue); SHA-256 "
      + element("code") { model.sha256 }
  }

  private var files: Markup {
    var table = Table([.text("File"), .text("What it is"), .text("SHA-256")])
    let all = measurement.scan.files + measurement.regionFiles
    for (place, file) in all.enumerated() {
      table.add(
        Markup(report.material.showsNames ? file.name : "file \(place + 1)"),
        Markup(file.role.rawValue), element("code") { file.sha256 })
    }
    return table.markup()
      + (report.material.showsNames
        ? .nothing
        : element("p", ["class": "soft small"]) {
          "Names of files are left out, since they may hold a participant's; --show-names shows them."
        })
  }

  @MarkupBuilder private var exclusions: Markup {
    let rows = measurement.regions.flatMap { region in
      region.excluded.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        (region, $0.key, $0.value)
      }
    }
    if !rows.isEmpty {
      element("h3") { "Voxels left out" }
      excluded(
        rows.map {
          [Markup(report.name($0.0)), Markup($0.1.summary), Markup("\($0.2)")]
        })
    }
  }

  private func excluded(_ rows: [[Markup]]) -> Markup {
    var table = Table([.text("Region"), .text("Why"), .number("Voxels")])
    table.rows = rows
    return table.markup()
  }

  @MarkupBuilder private var warnings: Markup {
    element("h3") { "Warnings" }
    if measurement.notices.isEmpty {
      element("p") { badge(.good, "no warning") }
    } else {
      element("ul") {
        for notice in measurement.notices {
          element("li") {
            report.redaction(notice.message)
            " "
            element("code") { notice.code }
          }
        }
      }
    }
  }
}
