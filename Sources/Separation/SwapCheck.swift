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
  ///
  /// - Parameter members: in raster order.
  func middle(of members: ArraySlice<Int32>) -> Int {
    func place(_ at: Int) -> Int { Int(indices[Int(members[at])]) }
    guard members.count >= SwapCheck.leastVoxels else {
      return members.isEmpty ? 0 : place(members.startIndex)
    }
    // Where each slice begins among the members.
    let starts = (0...grid.nz).map { slice in
      members.indices.firstThat { place($0) >= slice * grid.nx * grid.ny }
    }
    let slices = zip(starts, starts.dropFirst()).map { $0..<$1 }
    let most = slices.max { $0.count < $1.count } ?? 0..<0
    let points: [(place: Int, at: SIMD2<Double>)] = most.map { member in
      let place = place(member)
      return (place, SIMD2(Double(place % grid.nx), Double(place / grid.nx % grid.ny)))
    }
    let middle = points.reduce(SIMD2()) { $0 + $1.at } / Double(points.count)
    func distance(_ at: SIMD2<Double>) -> Double { ((at - middle) * (at - middle)).sum() }
    return points.min { distance($0.at) < distance($1.at) }?.place ?? 0
  }
}

extension Range<Int> {
  /// The first for which something holds that holds for all after it; the end if for none.
  fileprivate func firstThat(_ holds: (Int) -> Bool) -> Int {
    var (low, high) = (lowerBound, upperBound)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
