import ArgumentParser
import Documents
import Faults
import Foundation
import Scans

/// `pdff info`: what was recognised, from which evidence, what is missing.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a scan was recognised as, from which evidence, and what is missing.")

  @OptionGroup var scan: ScanOptions
  @OptionGroup var importing: ImportOptions

  @Flag(help: "Print one JSON document and nothing else.")
  var json = false

  func run() throws {
    let source = try ImportedRequest(scan.request, series: importing.series)
    defer { source.discard() }
    let report = try InfoReport(source.request)
    Console.progressEnds()
    print(json ? report.document.pretty() : report.text, terminator: "")
  }
}

/// What `pdff info` says of a request.
struct InfoReport {
  private let content: Content

  private enum Content {
    case scan(ScanPlan, missing: [ScansError], evidence: [Evidence], notices: [Notice])
    case several([SeriesSummary], [SetAside])
  }

  /// Conditions that are reported as missing: the user can still say what is needed.
  private static let reported: Set<ScansFault> = [.phaseUnitsUnknown, .pdffScaleUnknown]

  /// - Throws: what makes the input no scan at all, or unreadable.
  init(_ request: ScanRequest) throws {
    switch try ScanRecognition.of(request) {
    case .several(let series, let setAside): content = .several(series, setAside)
    case .scan(let plan):
      var missing = plan.missing
      var (evidence, notices) = (plan.evidence, plan.notices)
      if !plan.echoTimes.isEmpty || plan.echoCount == 0 {
        do {
          // Phase units and the PDFF map's scale show in the voxels only.
          let scan = try plan.load()
          (evidence, notices) = (scan.evidence, scan.notices)
        } catch let error as ScansError where Self.reported.contains(error.code) {
          missing.append(error)
        }
      }
      content = .scan(plan, missing: missing, evidence: evidence, notices: notices)
    }
  }
}

// MARK: For people

extension InfoReport {
  var text: String {
    switch content {
    case .several(let series, let setAside):
      var lines = ["several series; choose one:"]
      lines += table(
        series.map { one in
          [
            "  --series \(one.choice(among: series))", one.label, one.contents, one.geometry,
            one.description ?? "",
          ]
        })
      return (lines + asideLines(setAside)).joined(separator: "\n") + "\n"
    case .scan(let plan, let missing, let evidence, let notices):
      var rows = [
        ["kind", InfoReport.words(plan), ""], ["grid", plan.grid.summary, "header"],
      ]
      rows += evidence.map { [$0.about, $0.finding, $0.source] }
      var lines = table(rows)
      lines += missing.map { "missing: \($0)" }
      lines += notices.map { "warning: \($0.message) [\($0.code)]" }
      lines += asideLines(plan.setAside)
      if missing.isEmpty { lines.append("nothing is missing") }
      return lines.joined(separator: "\n") + "\n"
    }
  }

  private static func words(_ plan: ScanPlan) -> String {
    switch plan.kind {
    case .complex: "complex, \(plan.echoCount) echoes"
    case .magnitude: "magnitude only, \(plan.echoCount) echoes"
    case .waterFat: "the scanner's water and fat images"
    case .twoPoint: "two-point: in-phase and opposed-phase magnitudes"
    case .pdff: "the scanner's PDFF map"
    }
  }

  private func asideLines(_ setAside: [SetAside]) -> [String] {
    setAside.map { "set aside: \($0.name): \($0.reason)" }
  }

  /// Columns two spaces apart.
  private func table(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

// MARK: For programs

extension InfoReport {
  var document: JSONValue {
    switch content {
    case .several(let series, let setAside):
      return [
        "schema": "pdff.info/1", "scan": nil,
        "series": .array(series.map(InfoReport.json)),
        "missing": [
          InfoReport.json(
            ScansError(.severalSeries, series.listing))
        ],
        "set_aside": .array(setAside.map(InfoReport.json)), "evidence": [], "warnings": [],
      ]
    case .scan(let plan, let missing, let evidence, let notices):
      return [
        "schema": "pdff.info/1", "scan": InfoReport.json(plan), "series": [],
        "missing": .array(missing.map(InfoReport.json)),
        "set_aside": .array(plan.setAside.map(InfoReport.json)),
        "evidence": .array(
          evidence.map {
            [
              "about": .string($0.about), "finding": .string($0.finding),
              "source": .string($0.source),
            ]
          }),
        "warnings": .array(
          notices.map { ["code": .string($0.code), "message": .string($0.message)] }),
      ]
    }
  }

  private static func json(_ plan: ScanPlan) -> JSONValue {
    let grid = plan.grid
    return [
      "kind": .string(plan.kind.rawValue),
      "echo_times_s": .array(plan.echoTimes.map { .number($0.value) }),
      "echoes": .number(Double(plan.echoCount)),
      "field_strength_t": .finite(plan.fieldStrength?.value),
      "imaging_frequency_mhz": .finite(plan.imagingFrequency?.megahertz),
      "shape": .array([grid.nx, grid.ny, grid.nz].map { .number(Double($0)) }),
      "voxel_mm": .array([grid.spacing.x, grid.spacing.y, grid.spacing.z].map { .finite($0) }),
      "files": .array(
        plan.images.map {
          [
            "name": .string($0.name), "role": .string($0.role.rawValue),
            "source": .string($0.source), "frames": .number(Double($0.frames)),
            "datatype": .string($0.datatype),
          ]
        }),
    ]
  }

  private static func json(_ series: SeriesSummary) -> JSONValue {
    [
      "label": .string(series.label), "contents": .string(series.contents),
      "geometry": .string(series.geometry),
      "number": series.number.map { .number(Double($0)) } ?? .null,
      "description": series.description.map { .string($0) } ?? .null,
      "files": .array(series.fileNames.map { .string($0) }),
    ]
  }

  private static func json(_ error: ScansError) -> JSONValue {
    ["code": .string(error.codeName), "message": .string("\(error)")]
  }

  private static func json(_ file: SetAside) -> JSONValue {
    ["name": .string(file.name), "reason": .string(file.reason)]
  }
}
