import Faults

/// What the alarm says of a scan.
public struct SwapCheck: Sendable, Hashable {
  /// Number of connected regions that were judged.
  public var regions = 0
  /// The regions that are not right, and the largest of the others; largest first.
  public var listed: [SwapRegion] = []

  public var suspected: Int { listed.count { $0.verdict == .suspected } }
  public var ambiguous: Int { listed.count { $0.verdict == .ambiguous } }
  /// The worst probability of a region.
  public var worst: Double? { listed.map(\.probability).max() }
}

extension SwapCheck {
  /// Regions smaller than this carry their bits but are not told of one by one.
  static let leastVoxels = 20

  init(_ all: [SwapRegion]) {
    let told = all.filter { $0.voxels >= Self.leastVoxels }.sorted { $0.voxels > $1.voxels }
    regions = told.count
    let right = told.filter { $0.verdict == .right }
    listed = (told.filter { $0.verdict != .right } + right.prefix(10))
      .sorted { $0.voxels > $1.voxels }
  }

  var notices: [Notice] {
    func words(_ verdict: SwapRegion.Verdict) -> String {
      let regions = listed.filter { $0.verdict == verdict }
      let voxels = regions.reduce(0) { $0 + $1.voxels }
      return regions.count == 1
        ? "1 region of \(voxels) voxels" : "\(regions.count) regions, \(voxels) voxels"
    }
    var out: [Notice] = []
    if suspected > 0 {
      out.append(Notice(SeparationNotice.swapSuspected, words(.suspected)))
    }
    if ambiguous > 0 {
      out.append(Notice(SeparationNotice.swapAmbiguous, words(.ambiguous)))
    }
    return out
  }
}
