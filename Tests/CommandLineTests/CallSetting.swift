import Documents
import Foundation
import TestSupport

/// A vendor's PDFF map of a tumour, a scanner's ledger and subtype models, made by the program.
final class CallSetting {
  let scan: SmallScan
  let root: URL
  let mask: String
  let ledger: String

  /// A ledger of scanner A, protocol p: 2026-01-10, valid for 365 days.
  init() throws {
    scan = try SmallScan()
    root = scan.root
    mask = try scan.mask()
    ledger = root.appendingPathComponent("ledger.json").path
    try map(5)
    let added = try add("A", on: "2026-01-10")
    guard added.status == 0 else { throw Phantom.Failure(words: added.errors) }
  }

  /// A map that reads `percent` in the tumour, rising a little along x.
  func map(_ percent: Float) throws {
    try scan.write("map", SmallScan.grid, in: root) { percent + 0.02 * Float($0 % 12) }
  }

  func path(_ name: String) -> String { root.appendingPathComponent(name).path }

  /// Vials of a scanner that measures -1.2 + 0.98 x, within 0.3 points.
  static let vials: String = {
    var text = "reference_pdff_percent,measured_pdff_percent,repeat\n"
    for (place, x) in [0.0, 5, 10, 20, 30, 40, 50].enumerated() {
      for k in 1...2 {
        let off = 0.3 * Double((place * 7 + k * 5) % 5 - 2) / 2
        text += "\(x),\(-1.2 + 0.98 * x + off),\(k)\n"
      }
    }
    return text
  }()

  func add(_ scanner: String, on day: String, vials: String = CallSetting.vials) throws
    -> Tools.Outcome
  {
    let table = path("vials-\(scanner).csv")
    try Data(vials.utf8).write(to: URL(fileURLWithPath: table))
    return try Tools.run(
      Tools.pdff,
      [
        "scanner", "add", "--ledger", ledger, "--scanner", scanner, "--protocol", "p", "--phantom",
        table, "--temperature-c", "21", "--date", day,
      ])
  }

  /// A demonstration model from 34 participants of each subtype: about 2, 5 and 12 % fat.
  func model(_ flags: [String], background: Bool = false) throws -> String {
    let name = path("model-\(flags.joined())\(background).json")
    if FileManager.default.fileExists(atPath: name) { return name }
    var random = SeededGenerator(seed: 8)
    var text = "participant_id,tumour_pdff_percent,tissue_subtype,standard_uncertainty,site"
    text += background ? ",background_pdff_percent\n" : "\n"
    for (subtype, middle) in [("F1", 2.0), ("F2", 5), ("F3", 12)] {
      for number in 0..<34 {
        let wide = (0..<6).reduce(0.0) { sum, _ in
          sum + Double.random(in: -1...1, using: &random)
        }
        text += "\(subtype)-\(number),\(middle * exp(0.42 * wide)),\(subtype),0.8,\(number % 3)"
        text += background ? ",\(Double.random(in: 3...9, using: &random))\n" : "\n"
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path("cohort.csv")))
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "subtype", "fit", path("cohort.csv"), "-o", name, "--name", "test", "--version", "1",
        "--status", "demonstration",
      ] + flags + (background ? ["--background"] : []))
    guard outcome.status == 0 else { throw Phantom.Failure(words: outcome.errors) }
    return name
  }

  /// `pdff measure` of the map with a repeatability of 2.99 points, on 2026-03-01.
  func measure(
    _ flags: [String], on day: String? = "2026-03-01", rc: Bool = true, mask: String? = nil
  ) throws -> Tools.Outcome {
    try Tools.run(
      Tools.pdff,
      [
        "measure", "--pdff", path("map.nii.gz"), "--pdff-scale", "percent", "--roi",
        mask ?? self.mask, "--json",
      ] + (day.map { ["--acquired-on", $0] } ?? []) + (rc ? ["--rc-percent", "2.99"] : []) + flags)
  }

  func ledgerFlags(_ scanner: String = "A") -> [String] {
    ["--ledger", ledger, "--scanner", scanner, "--protocol", "p"]
  }
}
