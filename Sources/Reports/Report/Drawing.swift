import Calibration
import Regions
import Volumes

/// The tumour as another reader might have drawn it.
public enum Drawing: String, CaseIterable, Sendable {
  case asDrawn, eroded, dilated, largestSlice, fattestSlice

  var words: String {
    switch self {
    case .asDrawn: "as drawn"
    case .eroded: "one voxel smaller"
    case .dilated: "one voxel larger"
    case .largestSlice: "only the slice that holds most of it"
    case .fattestSlice: "only the fattest slice"
    }
  }

  /// The region so drawn; nil where nothing of it is left. Voxels are moved along the axes along which
  /// the standard uncertainty moves them too.
  public func region(from region: Region, fatFraction: Volume<Float>) -> Region? {
    func slice(_ number: Int?) -> Region? {
      number.map { region.replacing(voxels: region.bySlice[$0] ?? []) }
    }
    let neighbours = Neighbourhood.finest(of: region.grid)
    let drawn: Region? =
      switch self {
      case .asDrawn: region
      case .eroded: region.erodedByOneVoxel(neighbours)
      case .dilated: region.dilatedByOneVoxel(neighbours)
      case .largestSlice: slice(region.largestSlice)
      case .fattestSlice: slice(region.fattestSlice(fatFraction))
      }
    return drawn.flatMap { $0.voxels.isEmpty ? nil : $0 }
  }
}

/// What was measured in the tumour drawn in one way, with the same exclusions, line and model.
public struct DrawingResult: Sendable {
  public let drawing: Drawing
  /// nil where nothing of the region is left.
  public let statistics: RegionStatistics?
  public let calibrated: CalibratedRegion?
  public let call: LesionCall?

  public init(
    _ drawing: Drawing, statistics: RegionStatistics? = nil, calibrated: CalibratedRegion? = nil,
    call: LesionCall? = nil
  ) {
    self.drawing = drawing
    self.statistics = statistics
    self.calibrated = calibrated
    self.call = call
  }
}
