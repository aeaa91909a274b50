import Documents
import Foundation
import TestSupport
import Testing

@testable import Worklist

/// Calls `body` with a registry's path in a folder of its own, which is taken away afterwards.
func inScratch(_ body: (URL, _ registry: String) throws -> Void) throws {
  let folder = try Tools.scratchFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder, folder.appendingPathComponent("study.pdff").path)
}

/// The same with the private folder beside the registry.
private func inAccess(_ body: (PrivateFolder) throws -> Void) throws {
  try inScratch { _, registry in try body(try PrivateFolder(beside: registry)) }
}

private func mode(_ path: String) throws -> Int {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  return try #require(attributes[.posixPermissions] as? Int)
}

@Suite struct AccessTests {
  @Test func passwordIsKeptAsPythonWouldKeepIt() throws {
    try inAccess { folder in
      // A ligature and a composed letter: NFKC makes them ordinary.
      try Passwords.set("ﬁsh and Åke 2026", for: "anna", in: folder)
      let name = try #require(folder.names("password-").first)
      let answer = try Tools.reference(
        "scrypt", ["\(folder.path)/\(name)", "fish and A\u{30A}ke 2026"])
      #expect(answer == "holds\n")
      #expect(try Tools.reference("scrypt", ["\(folder.path)/\(name)", "fish"]) == "differs\n")
      #expect(try mode("\(folder.path)/\(name)") == 0o600)
      #expect(try mode(folder.path) == 0o700)
    }
  }

  @Test func onlyTheRightPasswordHolds() throws {
    try inAccess { folder in
      let passwords = try Passwords(folder)
      #expect(passwords.isEmpty)
      try Passwords.set("correct horse battery", for: "anna", in: folder)
      #expect(!passwords.isEmpty)
      #expect(try passwords.holds("correct horse battery", for: "anna"))
      #expect(try !passwords.holds("correct horse battery", for: "Anna"))
      #expect(try !passwords.holds("correct horse batterx", for: "anna"))
      #expect(try !passwords.holds("", for: "anna"))
      #expect(try !passwords.holds("correct horse battery", for: "../anna"))
    }
  }

  @Test(arguments: ["short", "", String(repeating: "x", count: 129), "with a\u{7}bell in it"])
  func poorPasswordsAreRefused(_ password: String) throws {
    try inAccess { folder in
      #expect(throws: WorklistError.self) {
        try Passwords.set(password, for: "anna", in: folder)
      }
      #expect(folder.names("password-").isEmpty)
    }
  }

  @Test func anotherUsersPasswordFileIsNotTaken() throws {
    try inAccess { folder in
      try Passwords.set("correct horse battery", for: "anna", in: folder)
      let name = try #require(folder.names("password-").first)
      let document = try #require(try folder.read(name))
      try folder.write("password-" + sha256Hex(Array("berta".utf8)) + ".json", document)
      #expect(throws: WorklistError.self) {
        _ = try Passwords(folder).holds("correct horse battery", for: "berta")
      }
    }
  }

  @Test func folderThatOthersCanReadIsRefused() throws {
    try inScratch { _, registry in
      chmod(try PrivateFolder(beside: registry).path, 0o750)
      let error = #expect(throws: WorklistError.self) { _ = try PrivateFolder(beside: registry) }
      #expect(error?.code == .folderOpen)
    }
  }

  @Test func sessionsEnd() throws {
    try inAccess { folder in
      let sessions = Sessions(folder)
      let start = Date()
      let token = try sessions.open(for: "anna", at: start)
      #expect(sessions.user(token, at: start) == "anna")
      #expect(sessions.user(String(token.reversed()), at: start) == nil)
      #expect(sessions.user("../\(token)", at: start) == nil)
      // The token itself is nowhere in the folder.
      for name in folder.names("") {
        #expect(!name.contains(token))
        #expect(try folder.read(name)?.canonical().contains(token) == false)
      }
      #expect(sessions.user(token, at: start + Sessions.idle - 2) == "anna")
      // Using it has not moved the file's time here: the test's clock is not the system's.
      #expect(sessions.user(token, at: start + Sessions.longest + 1) == nil)
      #expect(sessions.user(token, at: start) == nil)
      let quiet = try sessions.open(for: "anna", at: start)
      #expect(sessions.user(quiet, at: start + Sessions.idle + 2) == nil)
      let left = try sessions.open(for: "anna", at: start)
      sessions.end(left)
      #expect(sessions.user(left, at: start) == nil)
    }
  }

  @Test func newPasswordEndsTheUsersSessionsAlone() throws {
    try inAccess { folder in
      let sessions = Sessions(folder)
      let (anna, berta) = (
        try sessions.open(for: "anna", at: Date()), try sessions.open(for: "berta", at: Date())
      )
      try Passwords.set("correct horse battery", for: "anna", in: folder)
      #expect(sessions.user(anna, at: Date()) == nil)
      #expect(sessions.user(berta, at: Date()) == "berta")
    }
  }

  @Test func gateClosesForOneNameAndOpensAgain() async {
    let gate = LoginGate()
    let start = Date(timeIntervalSince1970: 1_000_000)
    for _ in 0..<LoginGate.triesOfOne { #expect(await gate.admit("anna", at: start) == nil) }
    #expect(await gate.admit("anna", at: start + 60) == 14 * 60)
    #expect(await gate.admit("berta", at: start + 60) == nil)
    #expect(await gate.admit("anna", at: start + LoginGate.windowOfOne) == nil)
    await gate.succeeded("anna")
    for _ in 0..<LoginGate.triesOfOne {
      #expect(await gate.admit("anna", at: start + LoginGate.windowOfOne + 1) == nil)
    }
  }

  @Test func gateClosesForAll() async {
    let gate = LoginGate()
    let start = Date(timeIntervalSince1970: 1_000_000)
    for n in 0..<LoginGate.triesOfAll { #expect(await gate.admit("user\(n)", at: start) == nil) }
    #expect(await gate.admit("anna", at: start + 1) == 59)
    #expect(await gate.admit("anna", at: start + 60) == nil)
  }

  @Test func formsAreBoundToTheirCookie() {
    let (one, other) = (randomToken(), randomToken())
    #expect(one.utf8.count == randomTokenLength && one != other)
    #expect(FormToken.holds(FormToken.make(one), one))
    #expect(!FormToken.holds(FormToken.make(one), other))
    #expect(!FormToken.holds(nil, one))
    #expect(!FormToken.holds("", one))
  }
}
