import Foundation
import Programs
import TestSupport
import Testing

@Suite("Programs of this machine")
struct ExternalProgramTests {
  /// A script that can be run.
  private func script(_ text: String, in folder: URL) throws -> ExternalProgram {
    let file = folder.appendingPathComponent("program")
    try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return try #require(ExternalProgram(path: file.path))
  }

  @Test("are found by name, past folders and files of that name that cannot be run")
  func finding() throws {
    let root = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: root) }
    let manager = FileManager.default
    let folders = ["folder", "plain", "program"].map { root.appendingPathComponent($0) }
    for folder in folders {
      try manager.createDirectory(at: folder, withIntermediateDirectories: false)
    }
    try manager.createDirectory(
      at: folders[0].appendingPathComponent("tool"), withIntermediateDirectories: false)
    for folder in folders[1...] {
      try Data("#!/bin/sh\n".utf8).write(to: folder.appendingPathComponent("tool"))
    }
    let tool = folders[2].appendingPathComponent("tool").path
    try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool)

    let path = folders.map(\.path).joined(separator: ":")
    #expect(ExternalProgram(named: "tool", searchPath: path)?.path == tool)
    #expect(ExternalProgram(named: "tool", searchPath: folders[0].path) == nil)
    #expect(ExternalProgram(named: "other", searchPath: path) == nil)
  }

  @Test("say how they ended")
  func endings() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try script("exit 0", in: folder).run([]).isSuccess)
    #expect(try script("exit $1", in: folder).run(["3"]) == .exited(3))
    #expect(try script("kill -KILL $$", in: folder).run([]) == .killed(signal: SIGKILL))
  }

  @Test("that take too long are killed with what they started")
  func patience() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let child = folder.appendingPathComponent("child")
    let program = try script("sleep 600 & echo $! > \(child.path); wait", in: folder)
    // A busy machine takes its time to start it.
    for patience in [1.0, 10, 100] {
      #expect(try program.run([], patience: patience) == .tookTooLong(seconds: patience))
      if FileManager.default.fileExists(atPath: child.path) { break }
    }
    let number = try #require(
      pid_t(
        String(contentsOf: child, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(Tools.ends(number))
  }
}
