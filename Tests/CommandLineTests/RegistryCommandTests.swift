import Foundation
import TestSupport
import Testing

/// `pdff registry` as a user meets it.
@Suite struct RegistryCommandTests {
  /// A registry with users of some roles, and a measurement by the demonstration model.
  private final class Study {
    let folder: URL
    var tokens: [String: String] = [:]
    var file: String { folder.appendingPathComponent("study").path }

    init(simulated: Bool) throws {
      folder = try Tools.scratchFolder()
      let setting = try CallSetting()
      defer { try? FileManager.default.removeItem(at: setting.root) }
      let measured = try setting.measure(
        setting.ledgerFlags() + ["--model", try setting.model(["--calibrated"])])
      let measurement = try #require(
        JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any])
      try Data(measured.output.utf8).write(to: URL(fileURLWithPath: path("measurement.json")))
      let subtype = measurement["subtype"] as? [String: Any]
      let model = (subtype?["model"] as? [String: Any])?["sha256"] as? String ?? ""
      let settings: [String: Any] = ["simulated": simulated, "approved_models": [model]]
      try JSONSerialization.data(withJSONObject: settings)
        .write(to: URL(fileURLWithPath: path("study.json")))
      tokens["root"] = try token([
        "init", file, "--study", "test", "--admin", "root", "--config", path("study.json"),
        "--json",
      ])
      for role in ["coordinator", "reader"] {
        tokens[role] = try token(
          ["user", "add", file, "--by", "root", "--name", role, "--role", role, "--json"])
      }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func token(_ arguments: [String]) throws -> String {
      let outcome = try Tools.run(
        Tools.pdff, ["registry"] + arguments, environment: ["PDFF_TOKEN": tokens["root"] ?? ""])
      let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      return try #require((document as? [String: Any])?["token"] as? String)
    }

    func run(_ verb: String, by user: String = "coordinator", _ arguments: [String] = []) throws
      -> Tools.Outcome
    {
      try Tools.run(
        Tools.pdff, ["registry", verb, file, "--by", user] + arguments,
        environment: ["PDFF_TOKEN": tokens[user] ?? ""])
    }
  }

  @Test func fromEnrolmentToReconciliation() throws {
    let study = try Study(simulated: true)
    let who = ["--participant", "P-001"]
    let enrolled = try study.run("enrol", who + ["--site", "Basel", "--enrolled-on", "2026-02-28"])
    #expect(
      enrolled.status == 0 && enrolled.output.contains("SIMULATED STUDY"), "\(enrolled.errors)")
    let called = try study.run(
      "call",
      who + [
        "--lesion", "L1", "--measurement", study.path("measurement.json"), "--sealed-on",
        "2026-03-02", "--json",
      ])
    #expect(called.status == 0, "\(called.errors)")
    let tissue = try study.run(
      "tissue", by: "reader",
      who + ["--lesion", "L1", "--subtype", "F3", "--biopsy-on", "2026-03-03", "--reported-on"]
        + ["2026-03-20", "--specimen", "core", "--method", "RNA", "--reference", "1"])
    #expect(tissue.output.wholeMatch(of: /entry \d+\n/) != nil, "\(tissue)")
    let status = try study.run("status", ["--on", "2026-03-25"])
    #expect(status.status == 0 && status.output.contains("P-001"))
    let verified = try study.run("verify", by: "reader", ["--json"])
    #expect(verified.status == 0 && verified.output.contains("\"holds\": true"))
  }

  @Test func refusalsHaveTheirExits() throws {
    let study = try Study(simulated: false)
    #expect(try study.run("enrol", ["--participant", "P-1", "--site", "s"]).status == 0)
    let cases: [(Tools.Outcome, Int32, String)] = [
      (
        try study.run("enrol", by: "reader", ["--participant", "P-2", "--site", "s"]), 77,
        "not-permitted"
      ),
      (
        try study.run("enrol", by: "nobody", ["--participant", "P-2", "--site", "s"]), 64,
        "token-missing"
      ),
      (
        try study.run("enrol", ["--participant", "John Doe", "--site", "s"]), 65,
        "pseudonym-refused"
      ),
      (
        try study.run(
          "call",
          [
            "--participant", "P-1", "--lesion", "L", "--measurement",
            study.path("measurement.json"),
          ]),
        65, "model-status-unfit"
      ),
      (
        try study.run(
          "call", ["--participant", "P-1", "--lesion", "L", "--measurement", study.path("none")]),
        66, "measurement-missing"
      ),
      (
        try study.run(
          "treat", ["--participant", "P-1", "--event", "tace", "--date", "2026-01-01"]), 65,
        "event-impossible"
      ),
      (try study.run("export", ["--format", "csv", "--unblinded"]), 77, "not-permitted"),
    ]
    for (outcome, exit, code) in cases {
      #expect(outcome.status == exit && outcome.errors.contains("[\(code)]"), "\(outcome)")
      #expect(outcome.output.isEmpty && !outcome.errors.contains("Doe"))
      #expect(!outcome.errors.contains(study.folder.path))
    }
    let wrong = try Tools.run(
      Tools.pdff, ["registry", "head", study.file, "--by", "reader"],
      environment: ["PDFF_TOKEN": study.tokens["coordinator"] ?? ""])
    #expect(wrong.status == 77 && wrong.errors.contains("[login-refused]"))
    let again = try Tools.run(
      Tools.pdff, ["registry", "init", study.file, "--study", "x", "--admin", "a"])
    #expect(again.status == 73 && again.errors.contains("[registry-exists]"))
  }
}
