import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
  /// SIGTERM and SIGINT while pdff works: its own folder goes, an earlier result stays as it was.
  @Test(arguments: [SIGINT, SIGTERM]) func anInterruptionLeavesNothing(number: Int32) throws {
    let patient = try Phantom("liver-3t")
    defer { patient.remove() }
    let out = patient.folder.appendingPathComponent("result")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tools.pdff)
    process.arguments = ["map", patient.scan, "-o", out.path]
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The hidden folder stands from the first moment; then the work takes longer than this look.
    while process.isRunning, !FileManager.default.fileExists(atPath: out.path) { usleep(500) }
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    if process.terminationStatus == 0 { return }  // It was faster.
    let left = try? FileManager.default.subpathsOfDirectory(atPath: out.path)
    #expect((left ?? []).isEmpty)
  }

  /// A printer that hangs ends with pdff, and so does what it started.
  @Test func whatPdffStartedEndsToo() throws {
    let scan = try SmallScan()
    try scan.write()
    let (out, child) = (
      scan.root.appendingPathComponent("out"), scan.root.appendingPathComponent("child")
    )
    let programs = scan.root.appendingPathComponent("programs")
    try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: false)
    let printer = programs.appendingPathComponent("chromium")
    try Data("#!/bin/sh\nsleep 600 & echo $! > '\(child.path)'; wait\n".utf8).write(to: printer)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: printer.path)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: Tools.pdff)
    process.arguments = [
      "measure", scan.folder.path, "--roi", try scan.mask(), "-o", out.path, "--pdf",
    ]
    process.environment = ["PATH": "\(programs.path):/usr/bin:/bin"]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    while process.isRunning, (try? Data(contentsOf: child))?.last != 0x0A { usleep(5000) }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + SIGTERM)
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(!said.contains("pdf-not-printed"))
    let number = try #require(
      pid_t(String(decoding: Data(contentsOf: child), as: UTF8.self).dropLast()))
    #expect(Tools.ends(number))
    #expect(!FileManager.default.fileExists(atPath: out.path))
  }
}
