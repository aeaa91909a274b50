import Foundation

/// Where tests find the things around them. The Makefile sets the environment.
public enum Tools {
  /// The repository's root.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Python with the reference packages (`Tests/requirements.txt`).
  public static let python =
    ProcessInfo.processInfo.environment["PDFF_PYTHON"]
    ?? root.appendingPathComponent(".venv/bin/python").path

  /// The release binary.
  public static let pdff =
    ProcessInfo.processInfo.environment["PDFF_BINARY"]
    ?? root.appendingPathComponent(".build/release/pdff").path

  /// Whether tests do their full counts (`make simulations`).
  public static let isLong = ProcessInfo.processInfo.environment["PDFF_LONG"] != nil

  /// Folder of real scans, or nil: tests then say how many scans they skipped.
  public static let realScans = ProcessInfo.processInfo.environment["PDFF_REAL_SCANS"]

  public struct Outcome: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String
  }

  /// Runs a program to its end and collects what it printed.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let folder = try scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = folder.appendingPathComponent("out")
    let err = folder.appendingPathComponent("err")
    _ = FileManager.default.createFile(atPath: out.path, contents: nil)
    _ = FileManager.default.createFile(atPath: err.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: out), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
  }

  /// Runs `Tests/reference/NAME.py` and returns what it printed; its errors fail the test.
  public static func reference(_ name: String, _ arguments: [String] = []) throws -> String {
    let script = root.appendingPathComponent("Tests/reference/\(name).py").path
    let outcome = try run(python, [script] + arguments)
    guard outcome.status == 0 else {
      throw ReferenceFailure(message: "\(name).py ended with \(outcome.status): \(outcome.errors)")
    }
    return outcome.output
  }

  public struct ReferenceFailure: Error, CustomStringConvertible {
    let message: String
    public var description: String { message }
  }

  /// Whether a process ends within some seconds: what was killed needs a moment, and stays as a zombie
  /// until its new parent takes notice.
  public static func ends(_ process: pid_t) -> Bool {
    for _ in 0..<2000 {
      let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      if state?.contains(") Z ") ?? true { return true }
      usleep(5000)
    }
    return false
  }

  /// A new empty folder; the caller removes it.
  public static func scratchFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pdff-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
