import ArgumentParser
import Documents
import Registry

/// `pdff registry history`
struct ShowHistory: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Show the log, as far as your role may see it.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("Only entries that concern this participant.", valueName: "id"))
  var participant: String?

  @Option(help: ArgumentHelp("Only entries after this number.", valueName: "n"))
  var after = 0

  func run() throws {
    let session = try registry.session()
    let lines = try session.history(participant: participant, after: after)
    let isSimulated = try session.settings().isSimulated
    if registry.json {
      let document: JSONValue = [
        "simulated": .bool(isSimulated), "entries": .array(lines.map(\.document)),
      ]
      try Console.result(document.pretty())
      return
    }
    try Console.result((isSimulated ? simulatedMark : "") + lines.map(\.words).joined())
  }
}

extension HistoryLine {
  fileprivate var words: String {
    let who = participant.map { ", \($0)" } ?? ""
    var text = "\(entry)  \(at)  \(user) (\(role))  \(action)\(who)\n"
    if isWithheld { text += "    (withheld)\n" }
    if let before { text += "    before: \(before.canonical())\n" }
    if let after { text += "    \(before == nil ? "" : "after: ")\(after.canonical())\n" }
    if let reason { text += "    reason: \(reason)\n" }
    return text
  }
}
