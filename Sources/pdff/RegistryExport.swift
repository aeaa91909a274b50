import ArgumentParser
import Documents
import Faults
import Registry

extension StudyExport.Format: ExpressibleByArgument {}

/// `pdff registry export`
struct ExportStudy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Export the study as a table; the export is logged.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: "What to write.")
  var format: StudyExport.Format

  @Flag(help: "Who is enrolled and how far they are, no results.")
  var blinded = false

  @Flag(help: "Everything.")
  var unblinded = false

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where; standard output by default.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("With csv: where to write adverse events.", valueName: "file"))
  var adverseEvents: String?

  func validate() throws {
    guard blinded != unblinded else {
      throw ValidationError("Give one of --blinded and --unblinded.")
    }
    guard adverseEvents == nil || (format == .csv && unblinded) else {
      throw ValidationError("--adverse-events goes with --format csv --unblinded.")
    }
    guard !registry.json || output != nil || format == .json else {
      throw ValidationError("--json prints what was exported where; it needs --output with csv.")
    }
  }

  func run() throws {
    for path in [output, adverseEvents].compactMap({ $0 }) where FilePlace(path) != nil {
      guard FilePlace(path) != FilePlace(registry.file) else {
        throw Fault(CommandFault.overwritesInput, file: path)
      }
    }
    let export = try registry.session().export(format, unblinded: unblinded)
    if let adverseEvents, let table = export.adverseEvents {
      try AtomicFile.write(adverseEvents, Array(table.utf8), mode: 0o600)
    }
    guard let output else {
      try Console.result(export.text)
      return
    }
    try AtomicFile.write(output, Array(export.text.utf8), mode: 0o600)
    let document: JSONValue = [
      "entry": .number(Double(export.entry)), "participants": .number(Double(export.participants)),
      "sha256": .string(export.sha256),
    ]
    try Console.result(
      registry.json
        ? document.pretty()
        : "\(export.participants) participants, entry \(export.entry), sha256 \(export.sha256)\n")
  }
}
