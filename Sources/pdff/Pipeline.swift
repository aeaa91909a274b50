import Documents
import Faults
import Regions
import Reports
import Scans
import Separation

/// The straight line: load, separate, region, calibrate, report.
struct Pipeline {
  var request: ScanRequest
  /// Of an input with several scans, the one to measure.
  var series: [String] = []
  var separation: SeparationOptions
  /// nil: maps only.
  var regions: RegionOptions?
  /// Where maps and document go; nil: nowhere.
  var output: String?
  /// nil: neither ledger nor model.
  var calibration: CalibrationOptions?
  var afterTACE = false
  /// How `report.html` is made beside the maps of measured regions.
  var report = ReportChoices()
  private(set) var stopwatch = Stopwatch()

  init(request: ScanRequest, separation: SeparationOptions) {
    self.request = request
    self.separation = separation
  }

  /// Writes what is asked for, all or nothing, and gives what was measured.
  mutating func run() throws -> Measurement {
    // A folder that cannot be written is found out before the work.
    let printer = report.isPrinted ? try PDFPrinter() : nil
    let folder = try output.map { try StagedFolder($0) }
    folder.map(Interruption.discards)
    defer { folder?.discard() }

    Console.progress("reading")
    let materials = try CallingMaterials(calibration)
    let source = try ImportedRequest(request, series: series)
    let scan = try DixonScan.load(source.request)
    source.discard()
    let loaded = try regions.map { try loadRegions($0, on: scan) }
    var files = loaded?.files ?? []
    var notices = scan.notices + (loaded?.notices ?? [])
    let settings = try separation.settings(for: scan, files: &files, notices: &notices)
    files += materials.files
    try refuseToReplace(scan.files + files, prefix: scan.outputPrefix)
    let (record, day) = (ScanRecord(scan), day(of: scan))
    let echoes = folder == nil ? nil : loaded?.echoes(of: scan.signal)
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
    stopwatch.lap("region")

    let calibrated = calibrate(
      measured?.regions ?? [], lesion: loaded?.lesionLabel, background: loaded?.backgroundLabel,
      day: day, afterTACE: afterTACE, t1Bias: maps.method.t1Bias, by: materials)
    notices += maps.notices + (measured?.notices ?? []) + calibrated.notices
    notices = notices.naming(calibrated.regions)
    let material = loaded.map {
      ReportMaterial(
        regions: $0.set, lesionLabel: $0.lesionLabel, backgroundLabel: $0.backgroundLabel,
        echoes: echoes,
        drawings: folder == nil
          ? []
          : drawings(
            of: $0, maps: maps, options: regions?.measurement ?? MeasurementOptions(), day: day,
            afterTACE: afterTACE, by: materials), model: materials.model,
        showsNames: report.showsNames)
    }

    Console.progress("writing")
    var measurement = Measurement(
      scan: record, regionFiles: files, method: maps.method,
      regions: calibrated.regions, calibration: calibrated.calibration,
      lesionCall: calibrated.lesionCall, notices: notices, afterTACE: afterTACE)
    if let folder {
      try measurement.write(maps, to: folder, report: material, printer: printer)
    }
    stopwatch.lap("write")
    Console.progressEnds()
    return measurement
  }

  /// The scan's day: as the user says it, or as the export does where it was not shifted for privacy.
  private func day(of scan: DixonScan) -> CalendarDay? {
    guard request.acquiredOn != nil || !scan.datesShifted else { return nil }
    return scan.acquiredOn.flatMap { CalendarDay($0) }
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
