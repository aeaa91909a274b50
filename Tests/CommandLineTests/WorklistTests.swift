import Foundation
import TestSupport
import Testing

/// The worklist as people use it: in a browser, over the server that the program starts.
@Suite struct WorklistTests {
  @Test func worklistHoldsInABrowser() throws {
    let script = Tools.root.appendingPathComponent("Tests/browser/worklist.py").path
    let outcome = try Tools.run(
      Tools.python, [script], environment: ["PDFF_BINARY": Tools.pdff])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("holds: ") } == 9)
  }

  @Test func passwordIsTakenForTheRegistrysUsersAlone() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let registry = folder.appendingPathComponent("study.pdff").path
    let made = try Tools.run(
      Tools.pdff, ["registry", "init", registry, "--study", "Test", "--admin", "root"])
    #expect(made.status == 0, "\(made.errors)")
    func set(_ user: String, _ password: String) throws -> Tools.Outcome {
      try Tools.run(
        "/bin/sh",
        [
          "-c", "printf '%s\\n' \"$1\" | \"$2\" serve --registry \"$3\" --set-password \"$4\"",
          "sh",
          password, Tools.pdff, registry, user,
        ])
    }
    #expect(try set("root", "correct horse battery").status == 0)
    let short = try set("root", "short")
    #expect(short.status == 64 && short.errors.contains("[password-short]"))
    #expect(!short.errors.contains("short\n"))
    let unknown = try set("nobody", "correct horse battery")
    #expect(unknown.status == 77, "\(unknown.errors)")
    let missing = try Tools.run(
      Tools.pdff, ["serve", "--registry", registry + ".none", "--port", "0"])
    #expect(missing.status == 66, "\(missing.errors)")
    #expect(!FileManager.default.fileExists(atPath: registry + ".none.serve"))
  }
}
