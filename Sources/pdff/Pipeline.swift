import Documents
import Faults
import Regions
import Reports
import Scans
import Separation

/// The straight line: load, separate, region, report.
struct Pipeline {
  var request: ScanRequest
  var separation: SeparationOptions
  /// nil: maps only.
  var regions: RegionOptions?
  /// Where maps and document go; nil: nowhere.
  var output: String?
  var afterTACE = false
  private(set) var stopwatch = Stopwatch()

  init(request: ScanRequest, separation: SeparationOptions) {
    self.request = request
    self.separation = separation
  }

  /// Writes what is asked for, all or nothing, and gives what was measured.
  mutating func run() throws -> Measurement {
    // A folder that cannot be written is found out before the work.
    let folder = try output.map { try StagedFolder($0) }
    folder.map(Interruption.discards)
    defer { folder?.discard() }

    Console.progress("reading")
    let scan = try DixonScan.load(request)
    let loaded = try regions.map { try loadRegions($0, on: scan.grid) }
    var files = loaded?.files ?? []
    var notices = scan.notices + (loaded?.notices ?? [])
    let settings = try separation.settings(for: scan, files: &files, notices: &notices)
    try refuseToReplace(scan.files + files, prefix: scan.outputPrefix)
    let record = ScanRecord(scan)
    stopwatch.lap("load")

    Console.progress("separating")
    let stages = StageTimes()
    let maps = try separate(consume scan, settings: settings, stages: stages)
    stopwatch.lap("separate", of: stages.laps)

    let measured = try loaded.map {
      try measure(
        $0.set, fatFraction: maps.fatFraction, r2star: maps.r2star, quality: maps.quality,
        noise: maps.noise, options: regions?.measurement ?? MeasurementOptions())
    }
    notices += maps.notices + (measured?.notices ?? [])
    stopwatch.lap("region")

    Console.progress("writing")
    var measurement = Measurement(
      scan: record, regionFiles: files, method: maps.method,
      regions: measured?.regions ?? [], notices: notices, afterTACE: afterTACE)
    if let folder { try measurement.write(maps, to: folder) }
    stopwatch.lap("write")
    Console.progressEnds()
    return measurement
  }

  /// Refuses where an output's name in the output folder is that of an input.
  private func refuseToReplace(_ inputs: [SourceFile], prefix: String) throws {
    guard let output else { return }
    let names = Set(Measurement.fileNames(prefix: prefix))
    for input in inputs where names.contains(input.name) {
      if let place = FilePlace(input.path), place == FilePlace("\(output)/\(input.name)") {
        throw Fault(CommandFault.overwritesInput, file: input.path)
      }
    }
  }
}
