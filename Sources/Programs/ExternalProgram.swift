import Foundation

/// A program of this machine that does a step of pdff's work: a converter, a printer.
public struct ExternalProgram: Sendable {
  public let path: String

  /// The file's name, for messages.
  public var name: String { (path as NSString).lastPathComponent }

  /// A program at a place; nil where nothing there can be run.
  public init?(path: String) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
      FileManager.default.isExecutableFile(atPath: path)
    else { return nil }
    self.path = path
  }

  /// The first program of that name; nil where no folder holds one.
  ///
  /// - Parameter searchPath: folders separated by ":"; the environment's PATH where nil.
  public init?(named name: String, searchPath: String? = nil) {
    let folders = (searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "")
      .split(separator: ":")
    guard let found = folders.lazy.compactMap({ Self(path: "\($0)/\(name)") }).first else {
      return nil
    }
    self = found
  }

  /// Runs it silently to its end, since what it prints may name a participant.
  ///
  /// - Parameter patience: seconds; a program that takes longer is killed with all that it started.
  /// - Throws: `ProgramDidNotStart`, also where all programs were ended.
  public func run(_ arguments: [String], patience: Double? = nil) throws -> ProgramEnding {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try RunningPrograms.start(process)
    defer { RunningPrograms.ended(process) }
    if let patience, ended.wait(timeout: .now() + patience) == .timedOut {
      RunningPrograms.kill(process)
      ended.wait()
      return .tookTooLong(seconds: patience)
    }
    if patience == nil { ended.wait() }
    return process.terminationReason == .exit
      ? .exited(process.terminationStatus) : .killed(signal: process.terminationStatus)
  }
}

/// How a program ended.
public enum ProgramEnding: Equatable, Sendable, CustomStringConvertible {
  case exited(Int32)
  case killed(signal: Int32)
  case tookTooLong(seconds: Double)

  public var isSuccess: Bool { self == .exited(0) }

  public var description: String {
    switch self {
    case .exited(let status): "ended with status \(status)"
    case .killed(let signal): "was ended by signal \(signal)"
    case .tookTooLong(let seconds): "took longer than \(seconds.formatted()) s"
    }
  }
}

/// A program that is there but did not start.
public struct ProgramDidNotStart: Error {}
