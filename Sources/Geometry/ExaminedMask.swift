import Faults
import Regions
import Volumes

/// A mask as its file gives it: layers of labels on one grid, and what else its header says.
public struct ExaminedMask: Sendable {
  public let grid: VoxelGrid
  /// Labels of each layer on the mask's grid, shape (x, y, z); 0 is outside.
  public let layers: [Volume<Int32>]
  /// Whether the file says where its voxels lie.
  public let isPlaced: Bool
  /// Where the header's other affine places it, and the name of that ("qform").
  public let other: (name: String, grid: VoxelGrid)?

  /// The voxels of each layer that have a label.
  let voxels: [[(voxel: Int, label: Int32)]]

  /// - Parameter layers: at least one, all on `grid`.
  public init(
    layers: [Volume<Int32>], isPlaced: Bool = true, other: (name: String, grid: VoxelGrid)? = nil
  ) {
    precondition(!layers.isEmpty)
    grid = layers[0].grid
    self.layers = layers
    self.isPlaced = isPlaced
    self.other = other
    voxels = layers.map { layer in
      layer.values.indices.lazy.filter { layer.values[$0] != 0 }.map { ($0, layer.values[$0]) }
    }
  }

  /// Voxels with a label, over all layers.
  var count: Int { voxels.reduce(0) { $0 + $1.count } }
}

/// A mask's voxels in another order: axes exchanged, then some of them reversed.
struct Reordering: Hashable {
  /// The old axis that the new axis i is.
  var axes = [0, 1, 2]
  /// Of the new axes.
  var reversed = [false, false, false]

  var isIdentity: Bool { axes == [0, 1, 2] && !reversed.contains(true) }

  func sizes(_ grid: VoxelGrid) -> [Int] { axes.map { grid.sizes[$0] } }

  /// Where a voxel of the old grid lies in the new.
  func index(_ old: Int, _ from: VoxelGrid, to grid: VoxelGrid) -> Int {
    let at = from.place(old)
    var index = 0
    for axis in 0..<3 {
      let place = at[axes[axis]]
      index += grid.steps[axis] * (reversed[axis] ? grid.sizes[axis] - 1 - place : place)
    }
    return index
  }

  func apply(_ volume: Volume<Int32>, on grid: VoxelGrid) -> Volume<Int32> {
    guard !isIdentity else { return Volume(grid: grid, values: volume.values) }
    var result = Volume(grid: grid, repeating: Int32(0))
    for (old, label) in volume.values.enumerated() where label != 0 {
      result.values[index(old, volume.grid, to: grid)] = label
    }
    return result
  }

  /// "its axes are the scan's z, y, x, reversed along z".
  var words: String {
    let names = ["x", "y", "z"]
    var parts: [String] = []
    if axes != [0, 1, 2] {
      parts.append("its axes are the scan's \(axes.map { names[$0] }.joined(separator: ", "))")
    }
    let turned = (0..<3).filter { reversed[$0] }.map { names[$0] }
    if !turned.isEmpty { parts.append("reversed along \(turned.joined(separator: " and "))") }
    return parts.joined(separator: ", ")
  }
}
