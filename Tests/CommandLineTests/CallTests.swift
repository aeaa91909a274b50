import Documents
import Foundation
import TestSupport
import Testing
import Volumes

/// From a measurement to a call, or to the reasons why there is none.
@Suite(.serialized) struct CallTests {
  struct Missing: Error {}

  private func number(_ value: JSONValue?) throws -> Double {
    guard case .number(let number)? = value else { throw Missing() }
    return number
  }

  private func codes(_ value: JSONValue?) throws -> [String] {
    guard case .array(let elements)? = value else { throw Missing() }
    return elements.compactMap {
      if case .string(let text) = $0 { return String(text.prefix { $0 != ":" }) }
      if case .string(let code)? = $0["code"] { return code }
      return nil
    }
  }

  private func document(_ outcome: Tools.Outcome) throws -> JSONValue {
    try #require(outcome.status == 0, "\(outcome.errors)")
    let document = try JSONValue(parsing: outcome.output.utf8)
    #expect(document.sealHolds)
    return document
  }

  private func roi(_ document: JSONValue) throws -> JSONValue {
    guard case .array(let rois)? = document["rois"], let first = rois.first else { throw Missing() }
    return first
  }

  /// Tolerance: rounding. The ledger's line turned round beside what was measured, which stays.
  @Test func theLedgerCorrects() throws {
    let setting = try CallSetting()
    let plain = try roi(try document(setting.measure([])))
    let corrected = try roi(try document(setting.measure(setting.ledgerFlags())))
    #expect(plain["pdff_percent"] == corrected["pdff_percent"])
    #expect(plain["calibrated_pdff_percent"] == .null)
    let calibrated = corrected["calibrated_pdff_percent"]
    let ledger = calibrated?["ledger"]
    let (a, b) = (
      try number(ledger?["intercept_percent"]), try number(ledger?["slope"])
    )
    for key in ["mean", "median"] {
      let measured = try number(plain["pdff_percent"]?[key])
      #expect(abs(try number(calibrated?[key]) - (measured - a) / b) < 1e-12)
      let parts = corrected["standard_uncertainty"]?[key]
      let repeatability = try number(parts?["repeatability"])
      #expect(abs(repeatability - 2.99 / 2.77 / b) < 1e-12)
      #expect(parts?["noise"] == .null && parts?["redrawing"] == .null)
      let (total, part) = (try number(parts?["total"]), try number(parts?["ledger"]))
      // Vendor images that say no flip angle: nothing is known of T1.
      #expect(parts?["t1"] == .null)
      #expect(abs(total * total - part * part - repeatability * repeatability) < 1e-12)
      let alone = plain["standard_uncertainty"]?[key]
      #expect(alone?["ledger"] == .null)
      #expect(alone?["t1"] == .null)
      let totalAlone = try number(alone?["total"])
      #expect(abs(totalAlone * totalAlone - 2.99 * 2.99 / 2.77 / 2.77) < 1e-12)
    }
    #expect(ledger?["scanner"] == "A" && ledger?["measured_on"] == "2026-01-10")
    #expect(ledger?["valid_until"] == "2027-01-10")
  }

  struct Case: Sendable {
    let name: String
    /// Reasons that block, in their order; empty for a call.
    let blocked: [String]
    var others: [String] = []
    var warnings: [String] = []
    let run: @Sendable (CallSetting) throws -> Tools.Outcome
  }

  static let uncalibrated = ["--uncalibrated"]
  static let calibrated = ["--calibrated"]

  static let cases: [Case] = [
    Case(name: "no ledger", blocked: ["uncalibrated-scanner"]) {
      try $0.measure(["--model", $0.model(uncalibrated)])
    },
    Case(name: "allowed without", blocked: [], others: ["uncalibrated-scanner"]) {
      try $0.measure(["--model", $0.model(uncalibrated), "--allow-uncalibrated"])
    },
    Case(name: "calibrated", blocked: []) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags())
    },
    Case(
      name: "expired", blocked: ["uncalibrated-scanner"], warnings: ["scanner-calibration-expired"]
    ) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags(), on: "2027-01-11")
    },
    Case(
      name: "before the phantom", blocked: ["uncalibrated-scanner"],
      warnings: ["scanner-uncalibrated"]
    ) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags(), on: "2026-01-09")
    },
    Case(
      name: "another scanner", blocked: ["uncalibrated-scanner"], warnings: ["scanner-uncalibrated"]
    ) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags("B"))
    },
    Case(
      name: "no date", blocked: ["uncalibrated-scanner"], warnings: ["scanner-calibration-date"]
    ) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags(), on: nil)
    },
    Case(name: "model of uncalibrated values", blocked: ["calibration-mismatch"]) {
      try $0.measure(["--model", $0.model(uncalibrated)] + $0.ledgerFlags())
    },
    Case(
      name: "model of calibrated values", blocked: ["calibration-mismatch"],
      others: ["uncalibrated-scanner"]
    ) {
      try $0.measure(["--model", $0.model(calibrated), "--allow-uncalibrated"])
    },
    Case(
      name: "the value as measured, though there is a ledger", blocked: [],
      others: ["uncalibrated-scanner"]
    ) {
      try $0.measure(
        ["--model", $0.model(uncalibrated), "--allow-uncalibrated"] + $0.ledgerFlags())
    },
    Case(name: "after TACE", blocked: ["after-tace"], warnings: ["after-tace"]) {
      try $0.measure(["--model", $0.model(calibrated), "--after-tace"] + $0.ledgerFlags())
    },
    Case(
      name: "no uncertainty", blocked: ["uncertainty-missing"],
      warnings: ["region-uncertainty-unknown"]
    ) {
      try $0.measure(["--model", $0.model(calibrated)] + $0.ledgerFlags(), rc: false)
    },
    Case(name: "few voxels", blocked: ["too-few-voxels"]) { setting in
      try setting.scan.write("small", SmallScan.grid, in: setting.root) {
        $0 % 12 < 2 && $0 / 12 % 10 < 2 ? 1 : 0
      }
      return try setting.measure(
        ["--model", setting.model(calibrated)] + setting.ledgerFlags(),
        mask: setting.path("small.nii.gz"))
    },
    Case(
      name: "beyond the training range", blocked: ["beyond-training-range"],
      warnings: ["scanner-extrapolated"]
    ) { setting in
      try setting.map(80)
      return try setting.measure(
        ["--model", setting.model(calibrated)] + setting.ledgerFlags())
    },
    Case(name: "which lesion", blocked: ["value-missing"]) { setting in
      try setting.scan.write("labels", SmallScan.grid, in: setting.root) { $0 < 240 ? 1 : 2 }
      return try setting.measure(
        ["--model", setting.model(calibrated)] + setting.ledgerFlags(),
        mask: setting.path("labels.nii.gz"))
    },
    Case(name: "no background", blocked: ["background-missing"]) {
      try $0.measure(["--model", $0.model(calibrated, background: true)] + $0.ledgerFlags())
    },
    Case(name: "with background", blocked: []) { setting in
      try setting.scan.write("labels", SmallScan.grid, in: setting.root) { $0 < 240 ? 1 : 2 }
      return try setting.measure(
        [
          "--model", setting.model(calibrated, background: true), "--lesion-label", "1",
          "--background-label", "2",
        ] + setting.ledgerFlags(), mask: setting.path("labels.nii.gz"))
    },
  ]

  /// One setting for all, since fitting a model takes longest.
  @Test func everyReason() throws {
    let setting = try CallSetting()
    for item in Self.cases {
      try setting.map(5)
      try check(item, try item.run(setting))
    }
  }

  private func check(_ item: Case, _ outcome: Tools.Outcome) throws {
    let document = try document(outcome)
    let subtype = try #require(document["subtype"])
    try #require(subtype != .null, "a call is null only without a model")
    let reasons = try codes(subtype["reasons"])
    #expect(Array(reasons.prefix(item.blocked.count)) == item.blocked, "\(item.name): \(reasons)")
    for other in item.others { #expect(reasons.contains(other), "\(item.name): \(reasons)") }
    #expect(reasons.contains("demonstration-model"), "\(item.name)")
    let warnings = try codes(document["warnings"]).filter { $0 != "vendor-pdff-map" }
    #expect(warnings == item.warnings, "\(item.name)")
    let shares = subtype["probabilities"]
    if item.blocked.isEmpty {
      let sum = try ["F1", "F2", "F3"].reduce(0) { try $0 + number(shares?[$1]) }
      #expect(abs(sum - 1) < 1e-9)
      let fed = subtype["fed"]
      let roi = try roi(document)
      let isCalibrated = fed?["calibrated"] == true
      #expect(isCalibrated == !item.others.contains("uncalibrated-scanner"))
      let key = isCalibrated ? "calibrated_pdff_percent" : "pdff_percent"
      #expect(fed?["pdff_percent"] == roi[key]?["mean"])
    } else {
      #expect(subtype["call"] == "indeterminate" && subtype["arm"] == "undetermined")
      #expect(shares?["F1"] == .null)
    }
    #expect(subtype["model"]?["status"] == "demonstration")
  }

  /// The table for a reader has everything, and says that a demonstration is none for patients.
  @Test func theTableSaysIt() throws {
    let setting = try CallSetting()
    let outcome = try Tools.run(
      Tools.pdff,
      [
        "measure", "--pdff", setting.path("map.nii.gz"), "--pdff-scale", "percent", "--roi",
        setting.mask, "--acquired-on", "2026-03-01", "--rc-percent", "2.99", "--model",
        setting.model(Self.calibrated),
      ] + setting.ledgerFlags())
    #expect(outcome.status == 0, "\(outcome.errors)")
    for words in [
      "Standard uncertainty of the calibrated mean", "Calibrated: scanner A, protocol p",
      "Provisional subtype", "NOT FOR PATIENTS", "repeatability",
    ] { #expect(outcome.output.contains(words), "\(words): \(outcome.output)") }
  }

  @Test func changedFilesAreRefusedBeforeTheWork() throws {
    let setting = try CallSetting()
    let model = try setting.model(Self.calibrated)
    for (file, code) in [(setting.ledger, "ledger-damaged"), (model, "model-damaged")] {
      let whole = try Data(contentsOf: URL(fileURLWithPath: file))
      var changed = whole
      let digit = try #require(changed.lastIndex { (49...56).contains($0) })
      changed[digit] += 1
      try changed.write(to: URL(fileURLWithPath: file))
      let out = setting.path("out")
      let outcome = try setting.measure(
        ["--model", model, "-o", out] + setting.ledgerFlags())
      #expect(outcome.status == 65 && outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: out) && outcome.output.isEmpty)
      try whole.write(to: URL(fileURLWithPath: file))
    }
  }

  @Test func wrongUsageIsSaid() throws {
    let setting = try CallSetting()
    for flags in [
      ["--ledger", setting.ledger], ["--scanner", "A"], ["--allow-uncalibrated"],
      ["--rc-percent", "-1"],
    ] { #expect(try setting.measure(flags, rc: false).status == 64, "\(flags)") }
    let missing = try setting.measure(
      ["--ledger", setting.path("none.json"), "--scanner", "A", "--protocol", "p"])
    #expect(missing.status == 66 && missing.errors.contains("[ledger-missing]"))
  }
}

@Suite struct ScannerCommandTests {
  @Test func addListCheck() throws {
    let setting = try CallSetting()
    let again = try setting.add("A", on: "2026-01-10")
    #expect(again.status == 65 && again.errors.contains("[ledger-entry-exists]"))
    #expect(try setting.add("B", on: "2026-02-10").status == 0)
    let list = try Tools.run(Tools.pdff, ["scanner", "list", "--ledger", setting.ledger, "--json"])
    let document = try JSONValue(parsing: list.output.utf8)
    #expect(document.sealHolds && list.status == 0)
    guard case .array(let entries)? = document["entries"] else { throw CallTests.Missing() }
    #expect(entries.map { $0["scanner"] } == ["A", "B"])
    func check(_ scanner: String, _ day: String) throws -> Tools.Outcome {
      try Tools.run(
        Tools.pdff,
        [
          "scanner", "check", "--ledger", setting.ledger, "--scanner", scanner, "--protocol", "p",
          "--date", day,
        ])
    }
    #expect(try check("B", "2026-02-10").status == 0)
    #expect(try check("B", "2027-02-10").status == 0)
    for (scanner, day, code) in [
      ("B", "2027-02-11", "ledger-entry-expired"), ("B", "2026-02-09", "ledger-entry-missing"),
      ("C", "2026-02-10", "ledger-entry-missing"),
    ] {
      let outcome = try check(scanner, day)
      #expect(outcome.status == 65 && outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
    }
  }

  /// Whatever is refused leaves the ledger as it was.
  @Test func badPhantoms() throws {
    let setting = try CallSetting()
    let before = try Data(contentsOf: URL(fileURLWithPath: setting.ledger))
    let head = "reference_pdff_percent,measured_pdff_percent\n"
    for (vials, code) in [
      ("0,1\n2,3\n", "table-header"), (head, "table-empty"),
      (head + "0,0\n10,10\n20,20\n30,30\n", "vials-too-few-levels"),
      (head + "0,x\n10,10\n20,20\n30,30\n40,40\n", "vials-invalid"),
      (head + "0,0\n0.1,0.1\n0.2,0.2\n0.3,0.3\n0.4,0.4\n", "vials-invalid"),
      (head + "0,0\n10,13\n20,25\n30,34\n40,41\n50,46\n", "scanner-not-linear"),
      (head + "0,0\n10,15\n20,30\n30,45\n40,60\n", "scanner-too-far-off"),
    ] {
      let outcome = try setting.add("B", on: "2026-02-10", vials: vials)
      #expect(outcome.status == 65 && outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: setting.ledger)) == before)
    }
  }
}
