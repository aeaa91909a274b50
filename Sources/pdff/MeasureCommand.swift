import ArgumentParser
import Reports
import Scans

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure the fat fraction of a tumour: maps, regions, report.",
    discussion: """
      Prints a table, or with --json one JSON document. With -o also writes the maps and \
      measurement.json. Research use only: not a diagnostic device.
      """)

  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Separation") var separation: SeparationOptions
  @OptionGroup(title: "Regions") var regions: RegionOptions
  @OptionGroup(title: "Calibration and subtype") var calibration: CalibrationOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Folder for maps and measurement.json.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Print the one JSON document and nothing else.")
  var json = false

  func validate() throws {
    if regions.masks.isEmpty { throw ValidationError("Name the tumour's mask with --roi.") }
  }

  func run() throws {
    var pipeline = Pipeline(request: scan.request, separation: separation)
    pipeline.regions = regions
    pipeline.output = folder
    pipeline.calibration = calibration
    pipeline.afterTACE = output.afterTace
    let measurement = try pipeline.run()
    if json || !Console.showsBoth { Console.warn(measurement.notices) }
    try Console.result(json ? measurement.document().pretty() : measurement.table())
    if output.timings { Console.say(pipeline.stopwatch.report) }
  }
}
