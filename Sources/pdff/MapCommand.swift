import ArgumentParser
import Reports
import Scans

struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Separate water and fat, and write the maps.",
    discussion: "Research use only: not a diagnostic device.")

  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Series") var importing: ImportOptions
  @OptionGroup(title: "Separation") var separation: SeparationOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Folder for maps and measurement.json.", valueName: "dir"))
  var folder: String

  func run() throws {
    var pipeline = Pipeline(request: scan.request, separation: separation)
    pipeline.series = importing.series
    pipeline.output = folder
    pipeline.afterTACE = output.afterTace
    let measurement = try pipeline.run()
    Console.warn(measurement.notices)
    if output.timings { Console.say(pipeline.stopwatch.report) }
  }
}
