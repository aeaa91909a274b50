import Faults
import Volumes

extension LabelImage {
  /// The regions of this mask on the scan's grid, and what is to be said about their coverage.
  ///
  /// Refused: a mask that lies wholly outside the scan, and one of which no scan voxel has its
  /// centre inside. A region that alone is outside or too small stays, without voxels.
  /// - Parameter identify: final number and name of a label of this mask.
  func placed(on grid: VoxelGrid, identify: (Int) -> (number: Int, name: String))
    throws(RegionsError) -> (regions: [Region], notices: [Notice])
  {
    let placed = try resampled(onto: grid)
    let outside = try outside(grid)
    let voxels = voxelLists(of: placed)
    if voxels.isEmpty {
      let isOutside = counts.allSatisfy { outside[$0, default: 0] == $1 }
      throw RegionsError(
        isOutside ? .maskDisjoint : .maskLost, geometries(grid), file: file)
    }
    var regions: [Region] = []
    for (label, count) in counts {
      let (number, name) = identify(label)
      regions.append(
        Region(
          label: number, name: name, grid: grid, voxels: voxels[label] ?? [],
          drawnMillilitres: Double(count) * self.grid.voxelMillilitres))
    }
    regions.sort { $0.label < $1.label }
    let names = Dictionary(uniqueKeysWithValues: counts.keys.map { ($0, identify($0).name) })
    return (
      regions, coverage(outside, names: names, on: grid) + changes(regions)
    )
  }

  /// Indices of each label's voxels, ascending.
  private func voxelLists(of placed: Volume<Int32>) -> [Int: [Int]] {
    var lists: [Int: [Int]] = [:]
    var label: Int32 = 0
    var start = 0
    for (index, next) in placed.values.enumerated() where next != label {
      if label != 0 { lists[Int(label), default: []] += start..<index }
      label = next
      start = index
    }
    if label != 0 { lists[Int(label), default: []] += start..<placed.values.count }
    return lists
  }

  /// "mask 10x10x10 voxels of ...; scan 64x64x9 voxels of ...".
  private func geometries(_ scan: VoxelGrid) -> String {
    "mask \(grid.summary); scan \(scan.summary)"
  }

  /// What part of each label lies outside the scan.
  private func coverage(_ outside: [Int: Int], names: [Int: String], on scan: VoxelGrid)
    -> [Notice]
  {
    guard !outside.isEmpty else { return [] }
    let shares = outside.sorted { $0.key < $1.key }.map { label, count in
      let all = counts[label, default: count]
      let percent = decimal(100 * Double(count) / Double(all))
      return "\(names[label] ?? "label \(label)") by \(count) of \(all) voxels (\(percent) %)"
    }
    return [Notice(RegionsNotice.partlyOutside, "\(listed(shares)); \(geometries(scan))")]
  }

  /// Labels that got lost, and volumes that changed, by resampling.
  private func changes(_ regions: [Region]) -> [Notice] {
    var notices: [Notice] = []
    let lost = regions.filter(\.voxels.isEmpty).map(\.name)
    if !lost.isEmpty {
      notices.append(
        Notice(RegionsNotice.labelLost, "\(listed(lost)), smaller than a voxel or outside"))
    }
    let changed = regions.compactMap { region -> String? in
      guard let drawn = region.drawnMillilitres, !region.voxels.isEmpty,
        abs(region.millilitres - drawn) > 0.1 * drawn
      else { return nil }
      return "\(region.name) is \(decimal(drawn, 3)) ml as drawn,"
        + " \(decimal(region.millilitres, 3)) ml on the scan"
    }
    if !changed.isEmpty {
      notices.append(Notice(RegionsNotice.volumeChanged, listed(changed)))
    }
    return notices
  }
}
