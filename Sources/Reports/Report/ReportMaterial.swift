import Calibration
import Regions
import Volumes

/// What a report shows beside the measurement's numbers.
public struct ReportMaterial: Sendable {
  /// As drawn, on the scan's grid.
  public var regions: RegionSet
  public var lesionLabel: Int?
  public var backgroundLabel: Int?
  /// nil where the input has no echoes.
  public var echoes: EchoSample?
  /// The tumour drawn otherwise, `Drawing.asDrawn` first; empty where no region is the tumour.
  public var drawings: [DrawingResult]
  /// nil where none was given.
  public var model: SubtypeModel?
  /// File names and the names that come from them, which often hold a participant's.
  public var showsNames: Bool

  public init(
    regions: RegionSet, lesionLabel: Int?, backgroundLabel: Int?, echoes: EchoSample?,
    drawings: [DrawingResult], model: SubtypeModel?, showsNames: Bool
  ) {
    self.regions = regions
    self.lesionLabel = lesionLabel
    self.backgroundLabel = backgroundLabel
    self.echoes = echoes
    self.drawings = drawings
    self.model = model
    self.showsNames = showsNames
  }
}

extension EchoSample {
  /// The most voxels of a region whose echoes are put by; of a larger one every second, third, ...
  static let mostOfARegion = 20_000

  /// The voxels whose echoes a report on a region needs: its own, and the whole slice that holds
  /// most of it.
  public static func voxels(for region: Region) -> [Int] {
    guard let slice = region.largestSlice else { return [] }
    let plane = region.grid.nx * region.grid.ny
    let step = (region.voxels.count - 1) / mostOfARegion + 1
    let own = stride(from: 0, to: region.voxels.count, by: step).map { region.voxels[$0] }
    let range = (slice * plane)..<((slice + 1) * plane)
    return own.filter { $0 < range.lowerBound } + range + own.filter { $0 >= range.upperBound }
  }
}

extension Region {
  /// Voxels by slice along the scan's third axis.
  var bySlice: [Int: [Int]] { Dictionary(grouping: voxels) { $0 / (grid.nx * grid.ny) } }

  /// The slice that holds most of it, the lowest of equals; nil for a region without voxels.
  var largestSlice: Int? {
    bySlice.max { ($0.value.count, -$0.key) < ($1.value.count, -$1.key) }?.key
  }

  /// The slice with the highest mean PDFF among those that hold at least a quarter as many voxels with
  /// a value as the fullest one: a tip of a few voxels is fat by chance.
  func fattestSlice(_ fatFraction: Volume<Float>) -> Int? {
    let values = bySlice.mapValues { voxels in
      voxels.map { fatFraction.values[$0] }.filter(\.isFinite)
    }.filter { !$0.value.isEmpty }
    let most = values.values.map(\.count).max() ?? 0
    func mean(_ values: [Float]) -> Double {
      values.reduce(0) { $0 + Double($1) } / Double(values.count)
    }
    return values.filter { 4 * $0.value.count >= most }
      .max { (mean($0.value), -$0.key) < (mean($1.value), -$1.key) }?.key
  }

  /// The voxel of the region that is nearest to its middle.
  var centre: Int? {
    guard !voxels.isEmpty else { return nil }
    func place(_ voxel: Int) -> SIMD3<Double> {
      grid.affine.apply(
        SIMD3(
          Double(voxel % grid.nx), Double(voxel / grid.nx % grid.ny),
          Double(voxel / (grid.nx * grid.ny))))
    }
    let middle = voxels.reduce(SIMD3<Double>()) { $0 + place($1) } / Double(voxels.count)
    return voxels.min { (place($0) - middle).length < (place($1) - middle).length }
  }
}
