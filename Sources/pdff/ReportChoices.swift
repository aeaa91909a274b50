import Calibration
import Documents
import Regions
import Reports
import Scans
import Separation

/// What the user chose about the report.
struct ReportChoices {
  var showsNames = false
  var isPrinted = false
}

extension LoadedRegions {
  /// The echoes that the report shows: of the tumour, or of the first region where none is named.
  func echoes(of signal: borrowing DixonScan.Signal) -> EchoSample? {
    guard let region = set.regions.first(where: { $0.label == lesionLabel }) ?? set.regions.first
    else { return nil }
    return EchoSample(signal, voxels: EchoSample.voxels(for: region))
  }
}

/// Measures the tumour as another reader might have drawn it, with the same exclusions, line and
/// model; none where no region is the tumour.
func drawings(
  of loaded: LoadedRegions, maps: SeparatedMaps, options: MeasurementOptions, day: CalendarDay?,
  afterTACE: Bool, by materials: CallingMaterials
) -> [DrawingResult] {
  guard let label = loaded.lesionLabel,
    let lesion = loaded.set.regions.first(where: { $0.label == label })
  else { return [] }
  let background = loaded.set.regions.filter { $0.label == loaded.backgroundLabel }
  return Drawing.allCases.map { drawing in
    guard let region = drawing.region(from: lesion, fatFraction: maps.fatFraction),
      // An erosion that leaves nothing is an answer here, no failure.
      let measured = try? measure(
        RegionSet(grid: loaded.set.grid, regions: [region] + background),
        fatFraction: maps.fatFraction, r2star: maps.r2star, quality: maps.quality,
        noise: maps.noise, options: options)
    else { return DrawingResult(drawing) }
    let result = calibrate(
      measured.regions, lesion: label, background: loaded.backgroundLabel, day: day,
      afterTACE: afterTACE, by: materials)
    return DrawingResult(
      drawing, statistics: result.regions.first { $0.label == label },
      calibrated: result.calibration?.regions[label], call: result.lesionCall)
  }
}
