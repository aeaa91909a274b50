import Documents
import Foundation
import TestSupport
import Testing

/// `report.html` and `report.pdf` as the command line leaves them.
@Suite struct ReportCommandTests {
  private func names(_ folder: String) -> Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
  }

  /// A participant's name in the scan's folder, in its files and in the mask's name stays out of the
  /// page; the number, the call's absence and the provenance are in it.
  @Test func thePageHoldsTheNumberAndNoName() throws {
    let scan = try SmallScan()
    try scan.write()
    let mask = try scan.mask()
    let named = scan.root.appendingPathComponent("doe_jane_roi.nii.gz").path
    try FileManager.default.moveItem(atPath: mask, toPath: named)
    let out = scan.root.appendingPathComponent("out").path
    let outcome = try Tools.run(
      Tools.pdff, ["measure", scan.folder.path, "--roi", named, "-o", out, "--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let page = try String(contentsOfFile: "\(out)/sub-x_report.html", encoding: .utf8)
    #expect(!page.contains("doe") && !page.contains("sub-x") && !page.contains(scan.root.path))
    #expect(page.contains("Tumour PDFF") && page.contains("no call"))
    let document = try JSONValue(parsing: outcome.output.utf8)
    guard case .string(let seal) = document["sha256"] else { throw Missing() }
    #expect(page.contains(seal))

    let shown = try Tools.run(
      Tools.pdff, ["measure", scan.folder.path, "--roi", named, "-o", out, "--show-names"])
    #expect(shown.status == 0)
    let open = try String(contentsOfFile: "\(out)/sub-x_report.html", encoding: .utf8)
    #expect(open.contains("doe_jane_roi.nii.gz"))
    #expect(!open.contains(scan.root.path))
  }

  struct Missing: Error {}

  /// Printing with what lies in the setting's folder, and nothing else on the path, ends with 69 and leaves
  /// nothing.
  private func expectRefusal(_ code: String, _ setting: CallSetting) throws {
    let out = setting.path("out")
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", "--pdff", setting.path("map.nii.gz"), "--pdff-scale", "percent", "--roi",
        setting.mask, "-o", out, "--pdf",
      ], environment: ["PATH": setting.root.path])
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("[\(code)]"))
    #expect(names(out).isEmpty)
  }

  /// Without a browser the refusal comes before the work, and leaves nothing.
  @Test func printingWithoutAProgramIsRefusedAtOnce() throws {
    let setting = try CallSetting()
    try expectRefusal("pdf-program-missing", setting)
  }

  /// A printer that fails leaves neither maps nor report.
  @Test func aFailedPrintLeavesNothing() throws {
    let setting = try CallSetting()
    let program = setting.path("chromium")
    try Data("#!/bin/sh\nexit 1\n".utf8).write(to: URL(fileURLWithPath: program))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try expectRefusal("pdf-not-printed", setting)
  }

  /// A model's call, its boundaries, and the drawings are on the page of a calibrated map.
  @Test func theCallIsOnThePage() throws {
    let setting = try CallSetting()
    let model = try setting.model(["--calibrated"])
    let out = setting.path("out")
    let outcome = try setting.measure(
      ["--model", model, "-o", out] + setting.ledgerFlags())
    try #require(outcome.status == 0, "\(outcome.errors)")
    let page = try String(contentsOfFile: "\(out)/report.html", encoding: .utf8)
    let document = try JSONValue(parsing: outcome.output.utf8)
    guard case .string(let call) = document["subtype"]?["call"],
      case .string(let arm) = document["subtype"]?["arm"]
    else { throw Missing() }
    #expect(page.contains(call == "indeterminate" ? "indeterminate" : ">\(call)<"))
    #expect(page.contains("<td>\(arm)</td>"))
    #expect(page.contains("not for patients") && page.contains("one voxel smaller"))
    #expect(page.contains("where the model&#39;s set of subtypes changes"))
  }

  @Test(arguments: ["--pdf", "--show-names"])
  func choicesOfTheReportNeedAFolder(flag: String) throws {
    let outcome = try Tools.run(Tools.pdff, ["measure", "x.nii.gz", "--roi", "m.nii.gz", flag])
    #expect(outcome.status == 64)
  }
}
