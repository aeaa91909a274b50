import ArgumentParser
import Faults
import Foundation

@main
struct Pdff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pdff",
    abstract: "Proton-density fat fraction of a tumour from an exported Dixon MRI scan.",
    discussion: "Research use only: not a diagnostic device.",
    version: "0.1.0",
    subcommands: [InfoCommand.self, PhantomCommand.self])

  /// Runs the command; an error that a user can mend is one message and its exit status.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as any UserFacingError {
      FileHandle.standardError.write(Data("pdff: \(error)\n".utf8))
      Foundation.exit(error.exit.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
