import Faults
import Volumes

/// What is left out of a region, and how much detail is wanted.
public struct MeasurementOptions: Sendable, Hashable {
  /// Three-dimensional erosion, mm; 0 for none.
  public var erodeMillimetres: Double
  /// Voxels with a higher R2* are left out.
  public var r2starMaximum: PerSecond?
  /// Voxels with one of these bits are left out. None by default: whether a bit is set depends on
  /// the voxel's own noise, and a selection by noise biases what is left.
  public var excludedQuality: Quality
  /// Statistics per slice too.
  public var perSlice: Bool

  public init(
    erodeMillimetres: Double = 0, r2starMaximum: PerSecond? = nil, excludedQuality: Quality = [],
    perSlice: Bool = false
  ) {
    self.erodeMillimetres = erodeMillimetres
    self.r2starMaximum = r2starMaximum
    self.excludedQuality = excludedQuality
    self.perSlice = perSlice
  }
}

/// What was measured in one region.
public struct RegionStatistics: Sendable {
  public let label: Int
  public let name: String
  /// Voxels of the region on the scan's grid, before anything is left out.
  public let voxels: Int
  /// Voxels that entered the statistics.
  public var voxelsUsed: Int { usedVoxels.count }
  /// Volume of the region on the scan's grid, before anything is left out, ml.
  public let volumeMillilitres: Double
  /// Volume of the voxels that entered the statistics, ml.
  public let usedMillilitres: Double
  /// Volume as drawn, on the mask's own grid, ml; nil where the region was made on the scan's grid.
  public let drawnMillilitres: Double?
  /// PDFF over the used voxels; nil where none is usable.
  public let fatFraction: SummaryStatistics<FatFraction>?
  /// R2* over the used voxels with a finite R2*; nil where there are none, or no map.
  public let r2star: SummaryStatistics<PerSecond>?
  /// How many voxels were left out, by reason; only reasons that occurred.
  public let excluded: [ExclusionReason: Int]
  /// How many used voxels carry each quality bit; only bits that occur.
  public let flagged: [Quality: Int]
  /// By ascending slice; empty unless asked for.
  public let slices: [SliceStatistics]
  /// Indices in memory of the used voxels, ascending.
  public let usedVoxels: [Int]
  /// Of the mean and the median as measured.
  public internal(set) var uncertainty: RegionUncertainty

  /// The same with the uncertainty that a stated repeatability gives: it holds noise and re-drawing
  /// already and takes their place.
  public func replacingUncertainty(by coefficient: RepeatabilityCoefficient) -> RegionStatistics {
    var copy = self
    guard fatFraction != nil else { return copy }
    let within = coefficient.withinSubject
    copy.uncertainty = RegionUncertainty(
      mean: StandardUncertainty(repeatability: within, t1: uncertainty.mean.t1),
      median: StandardUncertainty(repeatability: within, t1: uncertainty.median.t1))
    return copy
  }

  /// The same with T1's part of the uncertainty, worked out from a value as measured.
  public func addingT1(_ part: (FatFraction) -> FatFraction) -> RegionStatistics {
    var copy = self
    guard let fatFraction else { return copy }
    copy.uncertainty.mean.t1 = part(fatFraction.mean)
    copy.uncertainty.median.t1 = part(fatFraction.median)
    return copy
  }
}

/// What was measured in one slice of a region.
public struct SliceStatistics: Sendable, Hashable {
  /// Index along the scan's third axis, from 0.
  public let slice: Int
  /// Voxels of the region in this slice, before anything is left out.
  public let voxels: Int
  public let voxelsUsed: Int
  /// Volume of the region in this slice, before anything is left out, ml.
  public let volumeMillilitres: Double
  /// PDFF over the used voxels; nil where there are none.
  public let mean: FatFraction?
  public let median: FatFraction?
  /// With n - 1; nil for fewer than two voxels.
  public let standardDeviation: FatFraction?
}

/// Statistics of every region, and what is to be said about them.
public struct RegionMeasurement: Sendable {
  /// By ascending label.
  public let regions: [RegionStatistics]
  public let notices: [Notice]

  public func region(labelled label: Int) -> RegionStatistics? {
    regions.first { $0.label == label }
  }
}
