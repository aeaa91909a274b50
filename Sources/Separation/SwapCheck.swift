import Faults
import Foundation
import Volumes

/// What the alarm says of a scan.
public struct SwapCheck: Sendable, Hashable {
  /// Number of voxels of the regions that were judged, of any size.
  public var voxels = 0
  /// Number of connected regions of at least 20 voxels that were judged.
  public var regions = 0
  /// Of those, the ones that are not right, and the largest of the others; largest first.
  public var listed: [SwapRegion] = []

  public var suspected: Int { listed.count { $0.verdict == .suspected } }
  public var ambiguous: Int { listed.count { $0.verdict == .ambiguous } }
  /// Number of voxels in them.
  public var suspectedVoxels: Int { self.voxels(.suspected) }
  public var ambiguousVoxels: Int { self.voxels(.ambiguous) }
  /// The worst probability of a region.
  public var worst: Double? { listed.map(\.probability).max() }

  private func voxels(_ verdict: SwapRegion.Verdict) -> Int {
    listed.reduce(0) { $0 + ($1.verdict == verdict ? $1.voxels : 0) }
  }
}

extension SwapCheck {
  /// Regions smaller than this carry their bits but are not told of one by one.
  static let leastVoxels = 20
  /// Share of the voxels from which ambiguous regions are warned of: below it they are the rims and
  /// vessels that every scan has. They carry their bits, which a region of interest is judged by.
  public static let leastAmbiguousShare = 0.01

  public init(_ all: [SwapRegion]) {
    voxels = all.reduce(0) { $0 + $1.voxels }
    let told = all.filter { $0.voxels >= Self.leastVoxels }.sorted { $0.voxels > $1.voxels }
    regions = told.count
    let right = told.filter { $0.verdict == .right }
    listed = (told.filter { $0.verdict != .right } + right.prefix(10))
      .sorted { $0.voxels > $1.voxels }
  }

  /// - Parameter grid: what the regions' places count on.
  public func notices(on grid: VoxelGrid) -> [Notice] {
    var out: [Notice] = []
    if suspected > 0 {
      out.append(Notice(SeparationNotice.swapSuspected, words(.suspected, on: grid)))
    }
    if Double(ambiguousVoxels) > Self.leastAmbiguousShare * Double(voxels) {
      out.append(Notice(SeparationNotice.swapAmbiguous, words(.ambiguous, on: grid)))
    }
    return out
  }

  /// How many, what share, and where to look.
  private func words(_ verdict: SwapRegion.Verdict, on grid: VoxelGrid) -> String {
    let some = listed.filter { $0.verdict == verdict }
    guard let largest = some.first else { return "" }
    let count = voxels(verdict)
    let share = String(format: "%.1f %%", 100 * Double(count) / Double(max(1, voxels)))
    let (column, row) = (largest.place % grid.nx + 1, largest.place / grid.nx % grid.ny + 1)
    let slice = largest.place / (grid.nx * grid.ny) + 1
    let at = "column \(column), row \(row) of slice \(slice) of \(grid.nz), counted from 1"
    return some.count == 1
      ? "\(share) of the voxels, 1 region of \(count) around \(at)"
      : "\(share) of the voxels, \(some.count) regions of \(count) in all; the largest, of "
        + "\(largest.voxels), is around \(at)"
  }
}

extension SignalVoxels {
  /// Where to look for some of the voxels: of the slice that holds most of them, the one nearest to
  /// their middle there. Index in the grid.
  func middle(of members: ArraySlice<Int32>) -> Int {
    let places = members.map { Int(indices[Int($0)]) }
    guard places.count >= SwapCheck.leastVoxels else { return places.first ?? 0 }
    var inSlice = [Int](repeating: 0, count: grid.nz)
    for place in places { inSlice[place / (grid.nx * grid.ny)] += 1 }
    let slice = inSlice.indices.max { inSlice[$0] < inSlice[$1] } ?? 0
    let points = places.filter { $0 / (grid.nx * grid.ny) == slice }.map {
      (place: $0, at: SIMD2(Double($0 % grid.nx), Double($0 / grid.nx % grid.ny)))
    }
    let middle = points.reduce(SIMD2()) { $0 + $1.at } / Double(points.count)
    func distance(_ at: SIMD2<Double>) -> Double { ((at - middle) * (at - middle)).sum() }
    return points.min { distance($0.at) < distance($1.at) }?.place ?? 0
  }
}
