import ArgumentParser
import Documents
import Faults
import Foundation
import Worklist

/// `pdff serve`: the study's worklist in a browser.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show a study's worklist in a browser on this machine.",
    discussion: """
      Sign in with a user of the registry, whose password is set once:
        pdff serve --registry study.pdff --set-password USER
      The password is asked for, or read as one line from standard input.
      """)

  @Option(help: ArgumentHelp("The study's registry.", valueName: "file"))
  var registry: String

  @Option(help: ArgumentHelp("The port; 0 takes a free one and says which.", valueName: "n"))
  var port = 8080

  @Option(
    help: ArgumentHelp(
      "The address to listen at. Any but the default can be reached by other machines, without "
        + "encryption.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(
    help: ArgumentHelp(
      "Folder with the outputs of 'pdff measure -o', for the viewer: found by measurement.json.",
      valueName: "dir"))
  var maps: String?

  @Option(help: ArgumentHelp("Read the study as of this day, not today.", valueName: "YYYY-MM-DD"))
  var on: String?

  @Option(help: ArgumentHelp("Set this user's password, and end.", valueName: "user"))
  var setPassword: String?

  func validate() throws {
    guard (0...65_535).contains(port) else {
      throw ValidationError("--port is a whole number from 0 to 65535.")
    }
    var (four, six) = (in_addr(), in6_addr())
    guard inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 else {
      throw ValidationError("--host is an address such as 127.0.0.1, 0.0.0.0 or ::1.")
    }
    guard on.map({ CalendarDay($0) != nil }) ?? true else {
      throw ValidationError("--on takes a day of the calendar, YYYY-MM-DD.")
    }
  }

  func run() throws {
    if let setPassword {
      try Worklist.checkUser(setPassword, registry: registry)
      try Worklist.setPassword(try password(), for: setPassword, registry: registry)
      Console.say("pdff: the password is set; sessions under the old one have ended\n")
      return
    }
    let worklist = try Worklist(
      registry: registry, host: host, port: port, maps: maps, on: on.flatMap { CalendarDay($0) })
    Console.warn(worklist.notices)
    let outcome = Waiting()
    Task.detached {
      do {
        try await worklist.run { address in
          try? Console.result("pdff: the worklist is at \(address) (end with Ctrl-C)\n")
        }
        outcome.end(.success(()))
      } catch { outcome.end(.failure(error)) }
    }
    try outcome.wait().get()
  }

  /// Typed twice without being shown, or one line of standard input.
  private func password() throws -> String {
    guard isatty(STDIN_FILENO) == 1 else {
      guard let line = readLine(strippingNewline: true), !line.isEmpty else {
        throw WorklistError(.passwordUnreadable)
      }
      return line
    }
    guard let first = getpass("New password: ").map({ String(cString: $0) }), !first.isEmpty,
      let second = getpass("The same again: ").map({ String(cString: $0) })
    else { throw WorklistError(.passwordUnreadable) }
    guard first == second else { throw WorklistError(.passwordsDiffer) }
    return first
  }
}

/// What a task has come to, for the thread that waits for it.
private final class Waiting: @unchecked Sendable {
  // The semaphore orders the one write before the one read.
  private let done = DispatchSemaphore(value: 0)
  private var result: Result<Void, any Error> = .success(())

  func end(_ result: Result<Void, any Error>) {
    self.result = result
    done.signal()
  }

  func wait() -> Result<Void, any Error> {
    done.wait()
    return result
  }
}
