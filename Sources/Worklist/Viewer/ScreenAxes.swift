import Volumes

/// How a volume lies on the screen: the radiological way, the patient's right on the left.
///
/// The axes of the screen's volume run towards the patient's left, back and feet. Each is the axis of the
/// file that comes nearest, forwards or backwards; a slice of an oblique volume stays a slice of the file.
struct ScreenAxes: Hashable {
  struct Axis: Hashable {
    /// 0, 1, 2 for the file's x, y, z.
    let ofFile: Int
    /// Whether the file's index runs the other way.
    let isFlipped: Bool
    let size: Int
    let spacing: Double
  }

  /// Towards left, back, feet.
  let axes: [Axis]

  /// World coordinates of `grid` grow towards right, front and head (NIfTI).
  init(_ grid: VoxelGrid) {
    let (x, y, z) = grid.affine.columns
    let directions = [x, y, z].map { column -> [Double] in
      let length = max(column.length, .leastNonzeroMagnitude)
      return [column.x / length, column.y / length, column.z / length]
    }
    let sizes = [grid.nx, grid.ny, grid.nz]
    let spacing = [grid.spacing.x, grid.spacing.y, grid.spacing.z]
    // Of the six ways to pair axes, the one whose directions agree best.
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    func agreement(_ order: [Int]) -> Double {
      (0..<3).reduce(0) { $0 + abs(directions[order[$1]][$1]) }
    }
    let best = orders.max { agreement($0) < agreement($1) } ?? [0, 1, 2]
    axes = (0..<3).map { world in
      let file = best[world]
      return Axis(
        ofFile: file, isFlipped: directions[file][world] > 0, size: sizes[file],
        spacing: spacing[file])
    }
  }

  /// The file's indices (x, y, z) of a place on the screen's axes.
  func voxel(_ place: [Int]) -> [Int] {
    var voxel = [0, 0, 0]
    for (axis, index) in zip(axes, place) {
      voxel[axis.ofFile] = axis.isFlipped ? axis.size - 1 - index : index
    }
    return voxel
  }
}

/// A plane of the screen's volume.
enum Plane: String, CaseIterable {
  case axial
  case coronal
  case sagittal

  /// The screen's axes to the right and downwards, and the one that the slices follow.
  var axes: (right: Int, down: Int, through: Int) {
    switch self {
    case .axial: (0, 1, 2)
    case .coronal: (0, 2, 1)
    case .sagittal: (1, 2, 0)
    }
  }

  /// What is at the left, right, upper and lower edge.
  var letters: [String] {
    switch self {
    case .axial: ["R", "L", "A", "P"]
    case .coronal: ["R", "L", "S", "I"]
    case .sagittal: ["A", "P", "S", "I"]
    }
  }
}

/// One slice as it lies on the screen: `width` values a row, from the upper left; NaN where there is none.
struct ScreenSlice: Equatable {
  let width: Int
  let height: Int
  let values: [Float]

  /// Nil where there is no such slice.
  init?(_ volume: Volume<Float>, _ screen: ScreenAxes, _ plane: Plane, _ index: Int) {
    let (right, down, through) = plane.axes
    guard (0..<screen.axes[through].size).contains(index) else { return nil }
    width = screen.axes[right].size
    height = screen.axes[down].size
    var values: [Float] = []
    values.reserveCapacity(width * height)
    var place = [0, 0, 0]
    place[through] = index
    for row in 0..<height {
      place[down] = row
      for column in 0..<width {
        place[right] = column
        let voxel = screen.voxel(place)
        values.append(volume[voxel[0], voxel[1], voxel[2]])
      }
    }
    self.values = values
  }

  /// Little-endian 32-bit floats.
  var bytes: [UInt8] {
    values.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
  }
}
