import ArgumentParser
import Reports
import Scans

struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure",
    abstract: "Measure the fat fraction of a tumour: maps, regions, report.",
    discussion: """
      Prints a table, or with --json one JSON document. With -o also writes the maps, \
      measurement.json and report.html. Research use only: not a diagnostic device.
      """)

  @OptionGroup(title: "Scan") var scan: ScanOptions
  @OptionGroup(title: "Series") var importing: ImportOptions
  @OptionGroup(title: "Separation") var separation: SeparationOptions
  @OptionGroup(title: "Regions") var regions: RegionOptions
  @OptionGroup(title: "Calibration and subtype") var calibration: CalibrationOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Folder for maps, measurement.json and report.html.", valueName: "dir"))
  var folder: String?

  @Flag(help: "Also print the report as report.pdf, through Chromium or WeasyPrint.")
  var pdf = false

  @Flag(help: "Show file names in the report; they may hold a participant's.")
  var showNames = false

  @Flag(help: "Print the one JSON document and nothing else.")
  var json = false

  func validate() throws {
    if regions.masks.isEmpty { throw ValidationError("Name the tumour's mask with --roi.") }
    if folder == nil, pdf || showNames {
      throw ValidationError("--pdf and --show-names concern the report: name a folder with -o.")
    }
  }

  func run() throws {
    var pipeline = Pipeline(request: scan.request, separation: separation)
    pipeline.series = importing.series
    pipeline.regions = regions
    pipeline.output = folder
    pipeline.calibration = calibration
    pipeline.afterTACE = output.afterTace
    pipeline.report = ReportChoices(showsNames: showNames, isPrinted: pdf)
    let measurement = try pipeline.run()
    if json || !Console.showsBoth { Console.warn(measurement.notices) }
    try Console.result(json ? measurement.document().pretty() : measurement.table())
    if output.timings { Console.say(pipeline.stopwatch.report) }
  }
}
