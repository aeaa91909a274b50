import ArgumentParser
import CProcessor
import Documents

@main
struct Pdff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Software.name,
    abstract: "Proton-density fat fraction of a tumour from an exported Dixon MRI scan.",
    discussion: "Research use only: not a diagnostic device.",
    version: Software.version,
    subcommands: [
      InfoCommand.self, MapCommand.self, MeasureCommand.self, DoctorCommand.self,
      PhantomCommand.self, ImportCommand.self, ScannerCommand.self, SubtypeCommand.self,
      ValidateCommand.self, RegistryCommand.self, ServeCommand.self,
      CodesCommand.self,
    ])

  static func main() {
    cprocessor_use_one_heap()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      Console.end(with: error)
    }
  }
}
