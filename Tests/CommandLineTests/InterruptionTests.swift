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
}
