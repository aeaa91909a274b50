import Faults
import Regions
import Separation
import Volumes

extension [Notice] {
  /// Warnings about part of a scan, with what they mean for the measured regions: how many of their
  /// used voxels are concerned.
  func naming(_ regions: [RegionStatistics]) -> [Notice] {
    guard !regions.isEmpty else { return self }
    let bits: [String: Quality] = [
      SeparationNotice.swapSuspected.rawValue: .swapSuspected,
      SeparationNotice.swapAmbiguous.rawValue: .ambiguous,
      SeparationNotice.optimumUndecided.rawValue: .ambiguous,
    ]
    return map { notice in
      guard let bit = bits[notice.code] else { return notice }
      let concerned = regions.compactMap { region in
        region.flagged[bit].map { "\(region.name) with \($0) of \(region.voxelsUsed) voxels" }
      }
      return notice.adding(
        concerned.isEmpty
          ? "no measured region is concerned"
          : "this concerns \(concerned.joined(separator: ", "))")
    }
  }
}
