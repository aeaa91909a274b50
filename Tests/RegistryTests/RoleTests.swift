import Documents
import Foundation
import Registry
import TestSupport
import Testing
import Trial

/// What each role may do and see.
@Suite struct RoleTests {
  /// The table of docs/registry.md is what the program does.
  @Test func theTableOfRolesIsTheProgram() throws {
    let page = try String(
      contentsOf: Tools.root.appendingPathComponent("docs/registry.md"), encoding: .utf8)
    for act in Act.allCases {
      let cells = Role.allCases.map { role in
        switch (role.may(act, unblinded: false), role.may(act, unblinded: true)) {
        case (true, true): "yes"
        case (false, true): "unblinded"
        default: "–"
        }
      }
      let row = "| `\(act.rawValue)` | \(cells.joined(separator: " | ")) |"
      #expect(page.contains(row), "\(row)")
    }
    let sights: [(Sight, String)] = [
      (.calls, "calls"), (.fatFractions, "fat fractions"), (.tissue, "tissue"),
      (.treatment, "treatment, follow-up"),
    ]
    for (sight, name) in sights {
      let cells = Role.allCases.map { role in
        role.sight(unblinded: false).contains(sight)
          ? "yes" : role.sight(unblinded: true).contains(sight) ? "unblinded" : "–"
      }
      let row = "| sees \(name) | \(cells.joined(separator: " | ")) |"
      #expect(page.contains(row), "\(row)")
    }
  }

  /// Whatever a role reads, whatever it is told on the way, holds no word of what it may not see.
  @Test(arguments: Role.allCases) func nothingLeaks(role: Role) throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let session = try study.session(role)
    var told = ""
    told += try session.status(participant: "P-001").document.canonical()
    told += try session.worklist().document.canonical()
    told += try session.history().map { $0.document.canonical() }.joined()
    told += try session.history(participant: "P-001").map { $0.document.canonical() }.joined()
    told += try session.summary().document.canonical()
    for unblinded in [true, false] {
      for format in StudyExport.Format.allCases {
        do {
          let export = try session.export(format, unblinded: unblinded)
          told += export.text + (export.adverseEvents ?? "")
        } catch { told += "\(error)" }
      }
    }
    // Refusals: a call after tissue, a second tissue result, changes of others' entries.
    do { try study.call("P-001", by: role, reason: "again") } catch { told += "\(error)" }
    do { try study.tissue("P-001", reported: "2026-03-10", by: role) } catch { told += "\(error)" }
    for entry in 8...20 {
      do { try session.amend(entry: entry, ["nothing": "x"], reason: "r") } catch {
        told += "\(error)"
      }
    }

    let sight = role.sight(unblinded: false)
    let fractions = ["7.75", "0.625", "41.5"]
    let tissue = ["MARKER-SPECIMEN", "MARKER-REFERENCE", "\"subtype\":\"F1\"", "tissue-known"]
    let treatment = ["apatinib-pause", "systemic-start", "MARKER-NAUSEA"]
    let consequences = ["discordant", "recoverable", "harmless", "confirm-pause"]
    for (words, isSeen) in [
      (fractions, sight.contains(.fatFractions)), (tissue, sight.contains(.tissue)),
      (["\"call\":\"F3\""], sight.contains(.calls)),
    ] {
      for word in words where word != "tissue-known" || !isSeen {
        #expect(told.contains(word) == isSeen, "\(role.rawValue): \(word)")
      }
    }
    for word in treatment {
      #expect(told.contains(word) == sight.contains(.treatment), "\(role.rawValue): \(word)")
    }
    for word in consequences where !sight.showsReconciliation {
      #expect(!told.contains(word), "\(role.rawValue): \(word)")
    }
    if role == .radiologist {
      // Not even that there is tissue.
      for word in ["tissue-", "\"tissue\"", "answered", "reported_on", "biopsy_on"] {
        #expect(!told.contains(word), "\(word)")
      }
      #expect(told.contains("call-not-accepted"))
    }
    if role == .reader {
      #expect(!told.contains("systemic+TACE") || !told.contains("\"arm\""))
      #expect(!told.contains("\"seal\"") && !told.contains("\"called\""))
    }
    // No file's name of the scan, no token's hash.
    #expect(!told.contains("MARKER-FILE") && !told.contains("credential"))
  }

  @Test func researchersSeeAllOnceUnblinded() throws {
    let study = try StudyFixture()
    try study.discordant("P-001")
    let researcher = try study.session(.researcher)
    #expect(code { _ = try researcher.export(.csv, unblinded: true) } == "not-permitted")
    #expect(code { try study.session(.researcher).unblind(reason: "curious") } == "not-permitted")
    #expect(code { try study.session(.admin).unblind(reason: " ") } == "reason-missing")
    try study.session(.admin).unblind(reason: "all follow-up is in")
    #expect(code { try study.session(.admin).unblind(reason: "again") } == "already-unblinded")
    let text = try researcher.export(.csv, unblinded: true).text
    #expect(text.contains("P-001,7.75,F1,F3,F3,systemic+TACE,2026-03-01,2026-03-09,L1,L1,0.5"))
    #expect(try researcher.status(participant: "P-001").state == "discordant")
    // Radiologists and readers stay blinded.
    #expect(try study.session(.radiologist).status(participant: "P-001").tissue.isEmpty)
    #expect(try study.session(.reader).status(participant: "P-001").calls.isEmpty)
  }

  @Test func aReaderIsToldTheNumberAlone() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    try study.call("P-001")
    study.time.set("2026-03-05")
    let recorded = try study.tissue("P-001", .f3, reported: "2026-03-04")
    #expect(recorded.status == nil && recorded.deviations.isEmpty && recorded.seal == nil)
    #expect(recorded.entry > 0)
  }

  /// Refusals are entries; they hold no text that was given.
  @Test func refusalsAreLogged() throws {
    let study = try StudyFixture()
    try study.enrol("P-001")
    #expect(
      code { try study.session(.auditor).enrol(participant: "P-2", site: "x") } == "not-permitted")
    #expect(
      code { try study.session(.coordinator).enrol(participant: "Mr Smith", site: "x") }
        == "pseudonym-refused")
    #expect(code { try study.treat("P-001", .tace, "2026-02-28") } == "event-impossible")
    #expect(
      code { _ = try study.registry.session(user: "root", token: Token("wrong")) }
        == "login-refused")
    #expect(
      code { _ = try study.registry.session(user: "secret-word", token: study.token) }
        == "login-refused")
    let lines = try study.session(.auditor).history().filter { $0.action == "refusal" }
    #expect(lines.map(\.user) == ["auditor", "coordinator", "coordinator", "root", "unknown"])
    let codes = lines.map { $0.after?["code"] }
    #expect(
      codes == [
        "not-permitted", "pseudonym-refused", "event-impossible", "login-refused", "login-refused",
      ])
    #expect(lines[2].participant == "P-001" && lines[2].after?["rules"] != nil)
    let text = lines.map { $0.document.canonical() }.joined()
    #expect(!text.contains("Smith") && !text.contains("secret-word") && !text.contains("wrong"))
  }

  @Test func usersComeAndGo() throws {
    let study = try StudyFixture()
    let root = try study.session(.admin)
    #expect(code { _ = try root.addUser(name: "1st", role: .reader) } == "registry-name-invalid")
    #expect(code { _ = try root.addUser(name: "reader", role: .admin) } == "user-exists")
    let token = try root.addUser(name: "second", role: .reader)
    _ = try study.registry.session(user: "second", token: token)
    #expect(
      code { _ = try study.registry.session(user: "reader", token: token) } == "login-refused")
    let renewed = try root.renewUser(name: "second")
    #expect(
      code { _ = try study.registry.session(user: "second", token: token) } == "login-refused")
    let session = try study.registry.session(user: "second", token: renewed)
    try root.disableUser(name: "second")
    // A session that was open gets no further.
    #expect(code { _ = try session.worklist() } == "login-refused")
    #expect(
      code { _ = try study.registry.session(user: "second", token: renewed) } == "login-refused")
    #expect(code { try root.disableUser(name: "second") } == "user-missing")
    #expect(code { try root.disableUser(name: "root") } == "last-administrator")
    #expect(try root.users().count == 7)
    #expect(code { _ = try study.session(.coordinator).users() } == "not-permitted")
  }

  /// Somebody who can write the file of credentials, but not the log, opens nothing.
  @Test func aHashPutIntoTheFileOpensNothing() throws {
    let study = try StudyFixture()
    let file = study.path + ".users"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let token = Token("pdff_mine")
    let forged = text.replacing(/"token_sha256": "[0-9a-f]{64}"/) { _ in
      "\"token_sha256\": \"\(sha256Hex(Array(token.text.utf8)))\""
    }
    #expect(forged != text)
    try forged.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(code { _ = try study.registry.session(user: "root", token: token) } == "login-refused")
    try "{}".write(toFile: file, atomically: true, encoding: .utf8)
    #expect(
      code { _ = try study.registry.session(user: "root", token: study.token) }
        == "registry-credentials-damaged")
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    _ = try study.registry.session(user: "root", token: study.token)
    #expect(!text.contains(study.token.text))
  }
}
