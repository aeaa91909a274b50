import Geometry
import Pages
import Regions
import Volumes

/// A mask's outline over the scan, as given on the left and as mended on the right, each in the slice
/// in which it has most voxels.
struct MaskPicture {
  private let images: ScanImages
  private let panels: [Volume<Int32>]

  /// A mask that needs no mending is shown once.
  init(_ examination: Examination, on images: ScanImages) throws {
    self.images = images
    let sets =
      [examination.mask.layers] + [examination.diagnosis.mended(examination.mask)].compactMap { $0 }
    panels = try sets.map { layers in
      var union = Volume(grid: images.grid, repeating: Int32(0))
      for layer in layers {
        let labels = try LabelImage(layer).resampled(onto: images.grid).values
        for voxel in labels.indices where labels[voxel] != 0 { union.values[voxel] = labels[voxel] }
      }
      return union
    }
  }

  /// The bytes of a PNG file.
  func encoded() -> [UInt8] {
    let grid = images.grid
    let zoom = max(1, 384 / max(grid.nx, grid.ny))
    let (width, height) = (grid.nx * zoom, grid.ny * zoom)
    var picture = PNGImage(width: panels.count * (width + 8) - 8, height: height)
    let white = max(images.channelLevel, .leastNormalMagnitude)
    for (place, panel) in panels.enumerated() {
      let slice = fullestSlice(panel)
      let colour =
        place == 0 ? Colour(red: 255, green: 120, blue: 0) : Colour(red: 0, green: 220, blue: 120)
      for row in 0..<height {
        for column in 0..<width {
          // Rows from the top: y grows to the front of the patient or the back, as it is stored.
          let (x, y) = (column / zoom, grid.ny - 1 - row / zoom)
          let voxel = grid.index(x, y, slice)
          let grey = UInt8(255 * min(1, max(0, images.channels[0].value(voxel) / white)))
          picture[place * (width + 8) + column, row] =
            isEdge(panel, x, y, slice) ? colour : Colour(red: grey, green: grey, blue: grey)
        }
      }
    }
    return picture.encoded()
  }

  private func fullestSlice(_ panel: Volume<Int32>) -> Int {
    let plane = panel.grid.nx * panel.grid.ny
    var counts = [Int](repeating: 0, count: panel.grid.nz)
    for (voxel, label) in panel.values.enumerated() where label != 0 { counts[voxel / plane] += 1 }
    let most = counts.max() ?? 0
    return most == 0 ? panel.grid.nz / 2 : counts.firstIndex(of: most) ?? 0
  }

  /// A voxel of a label with a neighbour in the slice that has another.
  private func isEdge(_ panel: Volume<Int32>, _ x: Int, _ y: Int, _ z: Int) -> Bool {
    let grid = panel.grid
    let label = panel[x, y, z]
    guard label != 0 else { return false }
    return [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)].contains { i, j in
      !(0..<grid.nx).contains(i) || !(0..<grid.ny).contains(j) || panel[i, j, z] != label
    }
  }
}
