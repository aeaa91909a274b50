import Faults
import Regions
import Volumes

/// Lays masks on the scan's grid and weighs them, one after another.
struct Placing {
  let images: ScanImages
  private var scratch: [Int32]

  init(_ images: ScanImages) {
    self.images = images
    scratch = [Int32](repeating: 0, count: images.grid.count)
  }

  /// A mask as a hypothesis mends it, on the scan's grid.
  mutating func place(
    _ mask: ExaminedMask, _ reordering: Reordering = Reordering(), on own: VoxelGrid
  )
    throws(RegionsError) -> PlacedMask
  {
    let grid = images.grid
    let fits = own.coincides(with: grid)
    var placed: [[(voxel: Int, label: Int32)]] = []
    for (layer, voxels) in zip(mask.layers, mask.voxels) where !voxels.isEmpty {
      if fits {
        placed.append(voxels.map { (reordering.index($0.voxel, mask.grid, to: own), $0.label) })
        continue
      }
      let labels = try LabelImage(reordering.apply(layer, on: own)).resampled(onto: grid).values
      placed.append(
        labels.indices.lazy.filter { labels[$0] != 0 }.map { ($0, labels[$0]) })
    }
    if placed.isEmpty { placed = [[]] }
    return PlacedMask(
      placed, expected: Double(mask.count) * own.voxelMillilitres / grid.voxelMillilitres, on: grid,
      scratch: &scratch)
  }
}
