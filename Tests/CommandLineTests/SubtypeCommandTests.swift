import Foundation
import TestSupport
import Testing

/// `pdff subtype` as a user meets it.
@Suite struct SubtypeCommandTests {
  private let demonstration = Tools.root.appendingPathComponent("models/demonstration")
  private var model: String { demonstration.appendingPathComponent("model.json").path }
  private var cohort: String { demonstration.appendingPathComponent("cohort.csv").path }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func fit(_ cohort: String, _ output: String, _ more: [String] = []) throws
    -> Tools.Outcome
  {
    try Tools.run(
      Tools.pdff,
      ["subtype", "fit", cohort, "-o", output, "--name", "demonstration", "--version", "1"]
        + ["--status", "demonstration"] + more)
  }

  /// The shipped model is what its recipe and the program make, to the byte.
  @Test func theDemonstrationModelIsItsRecipes() throws {
    try inFolder { folder in
      let script = demonstration.appendingPathComponent("cohort.py").path
      let made = try Tools.run(Tools.python, [script])
      #expect(made.output == (try String(contentsOfFile: cohort, encoding: .utf8)))
      let output = folder.appendingPathComponent("model.json").path
      let outcome = try fit(cohort, output, ["--calibrated"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains("NOT FOR PATIENTS"))
      #expect(
        FileManager.default.contentsEqual(atPath: output, andPath: model), "run make.sh beside it")
    }
  }

  @Test func aCallIsPrinted() throws {
    let arguments = ["subtype", "call", "--model", model, "--standard-uncertainty", "0.5"]
    let text = try Tools.run(Tools.pdff, arguments + ["--pdff-percent", "2"])
    #expect(text.status == 0 && text.output.contains("call           F1"))
    #expect(text.output.contains("NOT FOR PATIENTS"))
    let json = try Tools.run(Tools.pdff, arguments + ["--pdff-percent", "2", "--json"])
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect(document["call"] as? String == "F1" && document["arm"] as? String == "systemic")
    let reasons = try #require(document["reasons"] as? [String])
    #expect(reasons.contains { $0.hasPrefix("demonstration-model: ") })
    // A negative value is a value.
    let below = try Tools.run(Tools.pdff, arguments + ["--pdff-percent=-9"])
    #expect(below.status == 0 && below.output.contains("indeterminate"))
  }

  @Test func theCardIsShown() throws {
    let card = try Tools.run(Tools.pdff, ["subtype", "show", model])
    #expect(card.status == 0 && card.output.contains("NOT FOR PATIENTS"))
    #expect(card.output.contains("Most probable subtype"))
  }

  @Test func freezingDatesTheModel() throws {
    try inFolder { folder in
      let explored = folder.appendingPathComponent("explored.json").path
      let frozen = folder.appendingPathComponent("frozen.json").path
      _ = try Tools.run(
        Tools.pdff,
        ["subtype", "fit", cohort, "-o", explored, "--name", "n", "--version", "2", "--status"]
          + ["exploratory", "--uncalibrated", "--statistic", "median"])
      let outcome = try Tools.run(
        Tools.pdff, ["subtype", "freeze", explored, "-o", frozen, "--by", "A. Statistician"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let card = try Tools.run(Tools.pdff, ["subtype", "show", frozen])
      #expect(card.output.contains("frozen by A. Statistician at 20"))
      #expect(card.output.contains("median PDFF"))
      let again = try Tools.run(
        Tools.pdff, ["subtype", "freeze", model, "-o", frozen, "--by", "me"])
      #expect(again.status == 65 && again.errors.contains("[model-not-to-freeze]"))
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable ([String]) -> [String]
    let code: String
    var exit: Int32 = 65
    var more: [String] = []
    var testDescription: String { name }
  }

  /// The cohort's lines, spoiled.
  static let bad: [Bad] = [
    Bad(name: "an unknown subtype", change: { $0 + ["x,5,F4,1,s,s"] }, code: "cohort-rows"),
    Bad(name: "a participant twice", change: { $0 + [$0[7]] }, code: "cohort-rows"),
    Bad(
      name: "fractions",
      change: { lines in
        [lines[0]]
          + lines.dropFirst().map { line in
            var fields = line.split(separator: ",").map(String.init)
            fields[1] = String(abs(Double(fields[1]) ?? 0) / 100)
            return fields.joined(separator: ",")
          }
      }, code: "cohort-fractions"),
    Bad(
      name: "a missing column", change: { [$0[0].replacing("tissue_", with: "")] + $0.dropFirst() },
      code: "table-header"),
    Bad(
      name: "an empty class", change: { $0.filter { !$0.contains(",F2,") } },
      code: "cohort-too-small"),
    Bad(
      name: "separable classes",
      change: { [$0[0]] + (1...60).map { "p\($0),\($0),F\(1 + ($0 - 1) / 20),0.1,s,s" } },
      code: "cohort-separable"),
    Bad(
      name: "no association",
      change: { [$0[0]] + (0..<90).map { "p\($0),\(2 + $0 / 3),F\(1 + $0 % 3),0.5,s,s" } },
      code: "cohort-no-association"),
    Bad(name: "no rows", change: { [$0[0]] }, code: "table-empty"),
    Bad(name: "an open quotation mark", change: { $0 + ["\"x,5,F1"] }, code: "table-malformed"),
    Bad(
      name: "no background", change: { $0 }, code: "table-header", more: ["--background"]),
    Bad(
      name: "an impossible alpha", change: { $0 }, code: "subtype-option-invalid", exit: 64,
      more: ["--alpha", "0.9"]),
  ]

  @Test(arguments: bad) func badCohortsAreRefused(bad: Bad) throws {
    try inFolder { folder in
      let lines = try String(contentsOfFile: cohort, encoding: .utf8).split(separator: "\n")
      let file = folder.appendingPathComponent("cohort.csv")
      try bad.change(lines.map(String.init)).joined(separator: "\n").write(
        to: file, atomically: true, encoding: .utf8)
      let output = folder.appendingPathComponent("model.json").path
      let outcome = try fit(file.path, output, bad.more)
      #expect(outcome.status == bad.exit, "\(outcome.errors)")
      #expect(outcome.errors.contains("[\(bad.code)]"), "\(outcome.errors)")
      #expect(outcome.errors.components(separatedBy: "pdff: error").count == 2)
      #expect(outcome.output.isEmpty && !outcome.errors.contains("demo-"))
      #expect(!FileManager.default.fileExists(atPath: output))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["cohort.csv"])
    }
  }

  @Test func badModelsAreRefused() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("model.json")
      let text = try String(contentsOfFile: model, encoding: .utf8)
      let cases = [
        (text.replacing("\"F1\":93", with: "\"F1\":94"), "model-damaged"),
        (text.replacing("subtype-model/1", with: "subtype-model/2"), "model-newer"),
        ("{}", "model-not-a-model"), ("", "model-not-a-model"),
      ]
      for (content, code) in cases {
        try content.write(to: file, atomically: true, encoding: .utf8)
        for command in [
          ["show", file.path],
          ["call", "--model", file.path, "--pdff-percent", "3", "--standard-uncertainty", "1"],
          ["freeze", file.path, "-o", "\(file.path).new", "--by", "me"],
        ] {
          let outcome = try Tools.run(Tools.pdff, ["subtype"] + command)
          #expect(outcome.status == 65, "\(outcome.errors)")
          #expect(outcome.errors.contains("[\(code)]"), "\(outcome.errors)")
          #expect(outcome.output.isEmpty)
        }
      }
      let missing = try Tools.run(Tools.pdff, ["subtype", "show", "\(file.path).not"])
      #expect(missing.status == 66)
    }
  }

  @Test(arguments: [
    ["call", "--model", "m"],
    ["call", "--model", "m", "--pdff-percent", "3", "--standard-uncertainty", "-1"],
    ["call", "--model", "m", "--pdff-percent", "nan", "--standard-uncertainty", "1"],
    ["fit", "c.csv", "-o", "m", "--name", "n", "--version", "1", "--status", "prespecified"],
    [
      "fit", "c.csv", "-o", "m", "--name", "n", "--version", "1", "--status", "exploratory",
      "--calibrated", "--uncalibrated",
    ],
  ])
  func wrongUsage(arguments: [String]) throws {
    let outcome = try Tools.run(Tools.pdff, ["subtype"] + arguments)
    #expect(outcome.status == 64, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test func theInputIsNeverReplaced() throws {
    try inFolder { folder in
      let copy = folder.appendingPathComponent("cohort.csv").path
      try FileManager.default.copyItem(atPath: cohort, toPath: copy)
      let outcome = try fit(copy, copy)
      #expect(outcome.status == 64 && outcome.errors.contains("[output-overwrites-input]"))
      #expect(FileManager.default.contentsEqual(atPath: copy, andPath: cohort))
      let nowhere = try fit(copy, folder.appendingPathComponent("no/model.json").path)
      #expect(nowhere.status == 73)
    }
  }
}
