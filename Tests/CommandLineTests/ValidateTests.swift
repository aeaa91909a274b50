import Documents
import Foundation
import TestSupport
import Testing

/// `pdff validate` as a researcher runs it.
@Suite struct ValidateTests {
  private let cohort = Tools.root.appendingPathComponent("examples/validation/cohort.csv").path
  private let events = Tools.root.appendingPathComponent("examples/validation/adverse-events.csv")
    .path
  private let model = Tools.root.appendingPathComponent("models/demonstration/model.json").path

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func run(_ arguments: [String]) throws -> Tools.Outcome {
    try Tools.run(Tools.pdff, ["validate"] + arguments)
  }

  private func document(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

  /// The committed cohort is what its script makes.
  @Test func theSimulatedCohortIsItsScripts() throws {
    try inFolder { folder in
      let script = Tools.root.appendingPathComponent("examples/validation/cohort.py").path
      let made = try Tools.run(Tools.python, [script, folder.path])
      #expect(made.status == 0, "\(made.errors)")
      for path in [cohort, events] {
        let name = URL(fileURLWithPath: path).lastPathComponent
        #expect(
          FileManager.default.contentsEqual(
            atPath: path, andPath: folder.appendingPathComponent(name).path), "\(name)")
      }
    }
  }

  @Test func allFilesAreThereOrNone() throws {
    try inFolder { folder in
      let output = folder.appendingPathComponent("result")
      let arguments = [cohort, "--adverse-events", events, "--resamples", "500", "-o", output.path]
      let outcome = try run(arguments + ["--model", model, "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let printed = try document(outcome.output)
      let kept = try String(
        contentsOf: output.appendingPathComponent("validation.json"), encoding: .utf8)
      #expect(kept == outcome.output && printed.sealHolds)
      let page = try String(
        contentsOf: output.appendingPathComponent("validation.html"), encoding: .utf8)
      #expect(page.contains("SIMULATED STUDY") && page.contains("NOT FOR PATIENTS"))
      guard case .array(let files)? = printed["files"] else {
        Issue.record("no list of files")
        return
      }
      var found: [String] = []
      for name in ["tables", "figures"] {
        found += try FileManager.default.contentsOfDirectory(
          atPath: output.appendingPathComponent(name).path
        ).map { "\(name)/\($0)" }
      }
      #expect(Set(files) == Set(found.map { .string($0) }) && files.count > 30)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: output.path).sorted() == [
          "figures", "tables", "validation.html", "validation.json",
        ])

      // Again with fewer columns of results: what is no longer made goes away, what is not ours stays.
      let own = output.appendingPathComponent("tables/mine.csv")
      try "x".write(to: own, atomically: true, encoding: .utf8)
      let again = try run([cohort, "--resamples", "500", "-o", output.path])
      #expect(again.status == 0 && again.output.contains("participants analysed"))
      #expect(again.errors.contains("[validation-training-unknown]"))
      let left = try FileManager.default.contentsOfDirectory(
        atPath: output.appendingPathComponent("tables").path)
      #expect(left.contains("mine.csv"))
      #expect(!left.contains("model_checks-calibration_f3.csv"))
      #expect(!left.contains("endpoints-tissue_arm_adverse_events.csv"))
    }
  }

  @Test func wrongRowsWriteNothing() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("bad.csv")
      try
        "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype\nsecret,5,F9,F1\nsecret,x,F1,F1\n"
        .write(to: file, atomically: true, encoding: .utf8)
      let output = folder.appendingPathComponent("result").path
      let outcome = try run([file.path, "-o", output])
      #expect(outcome.status == 65 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("bad.csv: rows of the cohort are wrong: 3 problems"))
      #expect(outcome.errors.contains("[validation-rows]"))
      #expect(!outcome.errors.contains("secret") && !outcome.errors.contains(folder.path))
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test func withoutCallsAModelIsNeeded() throws {
    try inFolder { folder in
      let training = Tools.root.appendingPathComponent("models/demonstration/cohort.csv").path
      let output = folder.appendingPathComponent("result").path
      let outcome = try run([training, "-o", output])
      #expect(outcome.status == 64 && outcome.errors.contains("[validation-model-needed]"))
      #expect(!FileManager.default.fileExists(atPath: output))
    }
  }

  @Test func thePlanNeedsNoData() throws {
    let arguments = ["--plan", "--kappa", "0.7", "--prevalence", "0.4,0.3,0.3", "--n", "86"]
    let text = try run(arguments)
    #expect(text.status == 0 && text.output.contains("kappa, unweighted"), "\(text.errors)")
    let json = try run(arguments + ["--json"])
    #expect(try document(json.output)["sections"]?["sample_size"] != nil)
    let bad = try run(["--plan", "--kappa", "0.7", "--prevalence", "0.4,0.3", "--n", "86"])
    #expect(bad.status == 64 && bad.errors.contains("[validation-plan-invalid]"))
  }

  @Test(arguments: [
    [], ["c.csv"], ["c.csv", "-o", "d", "--plan"], ["--plan", "--kappa", "0.7"],
    ["c.csv", "-o", "d", "--kappa", "0.7"], ["c.csv", "-o", "d", "--resamples", "3"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errors)")
  }

  @Test func missingInputs() throws {
    try inFolder { folder in
      let output = folder.appendingPathComponent("result").path
      let nothing = folder.appendingPathComponent("nothing").path
      for arguments in [
        [nothing, "-o", output], [cohort, "--model", nothing, "-o", output],
        [cohort, "--adverse-events", nothing, "-o", output],
      ] {
        #expect(try run(arguments).status == 66)
        #expect(!FileManager.default.fileExists(atPath: output))
      }
      // The second table's head is named as the second table's.
      let outcome = try run([cohort, "--adverse-events", cohort, "-o", output])
      #expect(outcome.status == 65 && outcome.errors.contains("missing: ctcae_term"))
    }
  }
}
