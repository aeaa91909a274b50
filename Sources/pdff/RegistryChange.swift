import ArgumentParser
import Registry

/// `pdff registry amend`
struct AmendEntry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amend", abstract: "Correct fields of an entry; the log keeps what was there.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("The entry's number.", valueName: "n"))
  var entry: Int

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "A field and its new value, for example date=2026-11-20; may be given several times.",
      valueName: "field=value"))
  var changes: [String]

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  func validate() throws {
    guard !changes.isEmpty, changes.allSatisfy({ $0.contains("=") }) else {
      throw ValidationError("--set takes field=value.")
    }
  }

  func run() throws {
    var values: [String: String?] = [:]
    for change in changes {
      let parts = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[String(parts[0])] = .some(parts[1].isEmpty ? nil : String(parts[1]))
    }
    try registry.report(registry.session().amend(entry: entry, values, reason: reason))
  }
}

/// `pdff registry void`
struct VoidEntry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "void", abstract: "Declare an entry void; the log keeps it.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("The entry's number.", valueName: "n"))
  var entry: Int

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  func run() throws { try registry.report(registry.session().void(entry: entry, reason: reason)) }
}
