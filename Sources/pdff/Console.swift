import ArgumentParser
import Documents
import Faults
import Foundation

/// What reaches the user: results on standard output, everything else on standard error.
enum Console {
  /// Prints a result. A pipe that was closed early ends the program quietly, as in other tools.
  static func result(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw OutputError(.cannotWrite, "standard output")
    }
  }

  /// Says what is being done, on a terminal only; the next step takes its place.
  static func progress(_ step: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    say("\r\u{1B}[K\(step)...")
  }

  /// Takes the last step's words away.
  static func progressEnds() {
    guard isatty(STDERR_FILENO) == 1 else { return }
    say("\r\u{1B}[K")
  }

  /// Whether both streams go to the same reader's terminal.
  static var showsBoth: Bool { isatty(STDOUT_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// Prints every warning in its own line.
  static func warn(_ notices: [Notice]) {
    for notice in notices {
      say("\(Software.name): warning: \(notice.message) [\(notice.code)]\n")
    }
  }

  /// Ends the program with one message and the exit status of sysexits.
  static func end(with error: any Error) -> Never {
    progressEnds()
    switch error {
    case let fault as any UserFacingError:
      fail("\(fault)", fault.exit)
    default:
      let code = Pdff.exitCode(for: error)
      // Help and version are no errors; usage errors come from ArgumentParser.
      if code.isSuccess { Pdff.exit(withError: error) }
      if code == .validationFailure {
        fail(
          "\(Pdff.message(for: error))\n  what to do: see 'pdff --help' and 'pdff COMMAND --help'",
          .usage)
      }
      fail(
        "a defect of ours, please report it with the command that was run: \(type(of: error))",
        .defect)
    }
  }

  private static func fail(_ message: String, _ status: ExitStatus) -> Never {
    say("\(Software.name): error: \(message)\n")
    exit(status.rawValue)
  }

  static func say(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
