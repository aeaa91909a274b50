import Faults
import Volumes

/// Measures fat fraction and R2* in regions.
///
/// Only voxels with a finite fat fraction count. A region without a usable voxel has no statistics,
/// and a notice says so; what follows from that is the caller's decision.
/// - Parameters:
///   - regions: on the maps' grid.
///   - fatFraction: PDFF as a fraction, shape (x, y, z); NaN where nothing can be said.
///   - r2star: R2* in 1/s, same shape.
///   - quality: bits of `Quality`, same shape.
///   - noise: what is known of the maps' noise; nil where nothing is.
/// - Throws: maps on another grid, options out of range, an R2* limit without an R2* map, an erosion
///   that leaves nothing of any region.
public func measure(
  _ regions: RegionSet, fatFraction: Volume<Float>, r2star: Volume<Float>? = nil,
  quality: Volume<UInt16>, noise: MapNoise? = nil,
  options: MeasurementOptions = MeasurementOptions()
) throws(RegionsError) -> RegionMeasurement {
  let maps = MeasuredMaps(
    fatFraction: fatFraction, r2star: r2star, quality: quality, noise: noise)
  try check(regions, maps: maps, options: options)
  var statistics: [RegionStatistics] = []
  var erodedAway: [String] = []
  for region in regions.regions {
    let kept = region.eroded(byMillimetres: options.erodeMillimetres)
    if kept.voxels.isEmpty, !region.voxels.isEmpty { erodedAway.append(region.name) }
    statistics.append(RegionStatistics(region, kept: kept, maps: maps, options: options))
  }
  let erosion = "\(decimal(options.erodeMillimetres, 3)) mm"
  if !erodedAway.isEmpty, erodedAway.count == regions.regions.filter({ !$0.voxels.isEmpty }).count {
    throw RegionsError(
      .erosionLeavesNothing,
      "\(erosion) of \(listed(erodedAway)), with voxels of \(regions.grid.spacingWords)")
  }
  var notices = statistics.flatMap { $0.notices(flagShare: 0.1) }
  if !erodedAway.isEmpty {
    notices.insert(
      Notice(RegionsNotice.regionErodedAway, "\(erosion) of \(listed(erodedAway))"), at: 0)
  }
  return RegionMeasurement(regions: statistics, notices: notices)
}

/// The maps that a measurement reads, all on one grid.
struct MeasuredMaps {
  let fatFraction: Volume<Float>
  let r2star: Volume<Float>?
  let quality: Volume<UInt16>
  let noise: MapNoise?
}

private func check(_ regions: RegionSet, maps: MeasuredMaps, options: MeasurementOptions)
  throws(RegionsError)
{
  let grids = [
    maps.fatFraction.grid, maps.quality.grid, maps.r2star?.grid,
    maps.noise?.standardDeviation.grid,
  ].compactMap { $0 }
  for grid in grids where !grid.coincides(with: regions.grid) {
    throw RegionsError(.gridsDiffer, "regions \(regions.grid.summary); map \(grid.summary)")
  }
  guard options.erodeMillimetres.isFinite, options.erodeMillimetres >= 0 else {
    throw RegionsError(
      .optionInvalid, "erosion by \(options.erodeMillimetres) mm; 0 or more is possible")
  }
  guard let limit = options.r2starMaximum else { return }
  guard limit.value > 0 else {
    throw RegionsError(.optionInvalid, "an R2* limit of \(limit.value) 1/s; it is above 0")
  }
  guard maps.r2star != nil else { throw RegionsError(.r2starMissing) }
}

extension RegionStatistics {
  fileprivate init(
    _ region: Region, kept: Region, maps: MeasuredMaps, options: MeasurementOptions
  ) {
    var used: [Int] = []
    var excluded: [ExclusionReason: Int] = [:]
    var flags = [Int](repeating: 0, count: Quality.catalogue.count)
    for voxel in kept.voxels {
      let quality = Quality(rawValue: maps.quality.values[voxel])
      if let reason = maps.reason(voxel, quality: quality, options: options) {
        excluded[reason, default: 0] += 1
        continue
      }
      used.append(voxel)
      guard !quality.isEmpty else { continue }
      for (place, entry) in Quality.catalogue.enumerated() where quality.contains(entry.bit) {
        flags[place] += 1
      }
    }
    let eroded = region.voxels.count - kept.voxels.count
    if eroded > 0 { excluded[.eroded] = eroded }
    label = region.label
    name = region.name
    voxels = region.voxels.count
    volumeMillilitres = region.millilitres
    usedMillilitres = Double(used.count) * region.grid.voxelMillilitres
    drawnMillilitres = region.drawnMillilitres
    fatFraction = SummaryStatistics(used.map { maps.fatFraction.values[$0] })
    r2star = maps.r2star.flatMap { map in
      SummaryStatistics(used.map { map.values[$0] }.filter(\.isFinite))
    }
    self.excluded = excluded
    flagged = Dictionary(
      uniqueKeysWithValues: zip(Quality.catalogue, flags).filter { $1 > 0 }.map { ($0.bit, $1) })
    slices = options.perSlice ? sliceStatistics(region, used: used, maps: maps) : []
    usedVoxels = used
    uncertainty = RegionUncertainty(of: region, used: used, maps: maps, options: options)
  }

  /// What a reader must know about this region: no usable voxel, or flags on more than `flagShare`
  /// of the used ones. A method's limited range concerns every voxel and is the method's to say.
  fileprivate func notices(flagShare: Double) -> [Notice] {
    guard voxels > 0 else { return [] }
    guard voxelsUsed > 0 else {
      let reasons = excluded.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key.rawValue)" }
      return [Notice(RegionsNotice.regionUnusable, "\(name): \(listed(reasons))")]
    }
    return Quality.catalogue.compactMap { entry in
      guard entry.bit != .limitedRange, let count = flagged[entry.bit],
        Double(count) > flagShare * Double(voxelsUsed)
      else { return nil }
      let percent = decimal(100 * Double(count) / Double(voxelsUsed))
      return Notice(
        RegionsNotice.regionFlagged,
        "\(name): \(percent) % of its used voxels are \(entry.name) (\(entry.meaning))")
    }
  }
}

extension MeasuredMaps {
  /// Why a voxel is left out, or nil; one reason, in the order that `ExclusionReason` states.
  func reason(_ voxel: Int, quality: Quality, options: MeasurementOptions)
    -> ExclusionReason?
  {
    guard fatFraction.values[voxel].isFinite else { return .ofMissingValue(quality) }
    if let reason = ExclusionReason.ofQuality(quality, excluded: options.excludedQuality) {
      return reason
    }
    guard let limit = options.r2starMaximum, let r2star else { return nil }
    let rate = r2star.values[voxel]
    guard !rate.isNaN else { return .r2starUnknown }
    return Double(rate) > limit.value ? .r2starAboveLimit : nil
  }
}

/// Statistics of each slice in which a region has voxels.
private func sliceStatistics(_ region: Region, used: [Int], maps: MeasuredMaps)
  -> [SliceStatistics]
{
  let plane = region.grid.nx * region.grid.ny
  let values = Dictionary(grouping: used) { $0 / plane }
  return Dictionary(grouping: region.voxels) { $0 / plane }.sorted { $0.key < $1.key }
    .map { slice, voxels in
      let summary = SummaryStatistics<FatFraction>(
        (values[slice] ?? []).map { maps.fatFraction.values[$0] })
      return SliceStatistics(
        slice: slice, voxels: voxels.count, voxelsUsed: summary?.count ?? 0,
        volumeMillilitres: Double(voxels.count) * region.grid.voxelMillilitres,
        mean: summary?.mean, median: summary?.median,
        standardDeviation: summary?.standardDeviation)
    }
}

extension VoxelGrid {
  /// "1.5x1.5x5 mm".
  fileprivate var spacingWords: String {
    "\(decimal(spacing.x, 2))x\(decimal(spacing.y, 2))x\(decimal(spacing.z, 2)) mm"
  }
}
