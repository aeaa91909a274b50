import Volumes

/// One region on the scan's grid.
public struct Region: Sendable, Equatable {
  public let label: Int
  public var name: String
  public let grid: VoxelGrid
  /// Indices in memory of the region's voxels, ascending, each once.
  public let voxels: [Int]
  /// Volume on the grid on which it was drawn, ml; nil where it was made here.
  public var drawnMillilitres: Double?

  /// - Parameter voxels: indices in memory on `grid`, ascending, each once.
  public init(
    label: Int, name: String, grid: VoxelGrid, voxels: [Int], drawnMillilitres: Double? = nil
  ) {
    self.label = label
    self.name = name
    self.grid = grid
    self.voxels = voxels
    self.drawnMillilitres = drawnMillilitres
  }

  /// Volume on the scan's grid, ml.
  public var millilitres: Double { Double(voxels.count) * grid.voxelMillilitres }

  /// The same region with other voxels.
  public func replacing(voxels: [Int]) -> Region {
    Region(label: label, name: name, grid: grid, voxels: voxels)
  }
}

/// Which neighbours a change by one voxel looks at: the next ones along some axes.
public struct Neighbourhood: Sendable, Hashable {
  /// x, y, z.
  let axes: [Bool]

  /// Four, in the slice.
  public static let inPlane = Neighbourhood(axes: [true, true, false])
  /// Six, across slices too.
  public static let faces = Neighbourhood(axes: [true, true, true])

  /// Along the axes on which voxels are at most twice as long as on the finest: by that much a contour
  /// is uncertain. Across thicker slices it is not moved; there it is drawn slice by slice.
  public static func finest(of grid: VoxelGrid) -> Neighbourhood {
    let spacing = grid.spacing
    let least = min(spacing.x, spacing.y, spacing.z)
    return Neighbourhood(axes: (0..<3).map { spacing[$0] <= 2 * least * (1 + 1e-5) })
  }

  var offsets: [(x: Int, y: Int, z: Int)] {
    [(x: -1, y: 0, z: 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1)]
      .filter { axes[$0.x != 0 ? 0 : $0.y != 0 ? 1 : 2] }
  }
}

extension Region {
  /// Without the voxels that have a neighbour outside the region. Beyond the field of view nothing
  /// is known, and nothing is taken away for it.
  public func erodedByOneVoxel(_ neighbourhood: Neighbourhood = .inPlane) -> Region {
    let inside = Set(voxels)
    return replacing(
      voxels: voxels.filter { voxel in
        neighbours(of: voxel, neighbourhood).allSatisfy { inside.contains($0) }
      })
  }

  /// With the neighbours of its voxels, inside the field of view.
  public func dilatedByOneVoxel(_ neighbourhood: Neighbourhood = .inPlane) -> Region {
    var grown = Set(voxels)
    for voxel in voxels { grown.formUnion(neighbours(of: voxel, neighbourhood)) }
    return replacing(voxels: grown.sorted())
  }

  private func neighbours(of voxel: Int, _ neighbourhood: Neighbourhood) -> [Int] {
    let (x, y, z) = grid.position(voxel)
    return neighbourhood.offsets.compactMap { offset in
      let (i, j, k) = (x + offset.x, y + offset.y, z + offset.z)
      guard (0..<grid.nx).contains(i), (0..<grid.ny).contains(j), (0..<grid.nz).contains(k)
      else { return nil }
      return grid.index(i, j, k)
    }
  }
}
