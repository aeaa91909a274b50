import Documents
import Foundation
import TestSupport
import Testing

/// The simulated study of models/demonstration/study.
@Suite struct SimulatedStudyTests {
  static let folder = Tools.root.appendingPathComponent("models/demonstration/study")

  /// What is committed is what the recipe draws; byte by byte.
  @Test func theRecipeMakesItsFiles() throws {
    let made = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: made) }
    let recipe = Self.folder.appendingPathComponent("recipe.py").path
    let outcome = try Tools.run(Tools.python, [recipe, made.path])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for name in ["commands.tsv", "scans.tsv"] {
      let committed = try Data(contentsOf: Self.folder.appendingPathComponent(name))
      #expect(try Data(contentsOf: made.appendingPathComponent(name)) == committed)
    }
  }

  /// From enrolment to reconciliation by the commands alone, which takes some 800 processes: every state and
  /// every consequence is reached on some day, and the registry verifies.
  @Test(.enabled(if: Tools.isLong)) func theStudyIsRecorded() throws {
    let scratch = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let study = scratch.appendingPathComponent("study").path
    let run = Self.folder.appendingPathComponent("run.sh").path
    let recorded = try Tools.run(
      "/bin/bash", [run, study], environment: ["PDFF_BINARY": Tools.pdff])
    #expect(recorded.status == 0, "\(recorded.errors)")
    let access = ["\(study)/study.db", "--by", "coordinator", "--json", "--token-file"]
    let coordinator = access + ["\(study)/coordinator.token"]
    let verified = try Tools.run(Tools.pdff, ["registry", "verify"] + coordinator)
    #expect(verified.status == 0, "\(verified.errors)")
    var states: Set<String> = []
    var consequences: Set<String> = []
    for day in ["2026-06-16", "2026-07-01", "2026-08-31"] {
      let status = try Tools.run(Tools.pdff, ["registry", "status", "--on", day] + coordinator)
      let document = try JSONValue(parsing: status.output.utf8)
      guard case .array(let rows)? = document["participants"] else { continue }
      #expect(rows.count == 86)
      for row in rows {
        if case .string(let state)? = row["state"] { states.insert(state) }
        if case .string(let consequence)? = row["consequence"] { consequences.insert(consequence) }
      }
    }
    #expect(states.count == 8, "\(states)")
    #expect(consequences.count == 6, "\(consequences)")
  }
}
