import ArgumentParser
import Documents
import Registry

/// `pdff registry`: one study's registry.
struct RegistryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "registry",
    abstract: "Keep a study's registry: calls sealed, tissue reconciled, an audit trail.",
    discussion: "Every verb but init acts as --by USER, with the token in PDFF_TOKEN.",
    subcommands: [
      InitRegistry.self, UserCommand.self, EnrolParticipant.self, RecordCall.self,
      RecordTissue.self, RecordTreatment.self, RecordFollowUp.self, ShowStatus.self,
      ShowForecast.self,
      AmendEntry.self, VoidEntry.self, UnblindStudy.self, ConfigureStudy.self, ShowHistory.self,
      VerifyRegistry.self, ShowHead.self, ExportStudy.self,
    ])
}

/// Which registry, and who acts.
struct RegistryOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The registry.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("Who acts; the token is in PDFF_TOKEN.", valueName: "user"))
  var by: String

  @Option(
    help: ArgumentHelp("A file that holds the token, instead of PDFF_TOKEN.", valueName: "file"))
  var tokenFile: String?

  @Option(
    name: .customLong("wait-s"),
    help: ArgumentHelp("Seconds to wait while others write.", valueName: "seconds"))
  var wait = Registry.defaultWait

  @Flag(help: "Print one JSON document.")
  var json = false

  func validate() throws {
    guard (0...3600).contains(wait) else {
      throw ValidationError("--wait-s is a number of seconds from 0 to 3600.")
    }
  }

  /// Logs in.
  func session() throws -> Session {
    let token = try Token.given(file: tokenFile)
    return try Registry(opening: file, wait: wait).session(user: by, token: token)
  }

  /// Prints what was recorded.
  func report(_ recorded: Recorded) throws {
    try Console.result(json ? recorded.document.pretty() : recorded.words)
  }
}

/// A day on the command line.
struct DayArgument: ExpressibleByArgument {
  let day: CalendarDay

  init?(argument: String) {
    guard let day = CalendarDay(argument) else { return nil }
    self.day = day
  }
}
