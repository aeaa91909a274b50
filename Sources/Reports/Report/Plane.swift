import Volumes

/// A plane of voxels as a radiologist looks at it: the patient's right on the left, anterior or
/// superior at the top.
package struct Plane {
  package enum View: String { case axial, coronal, sagittal }

  package let grid: VoxelGrid
  /// The voxel axis across the plane, and the place on it.
  package let normal: Int
  package let index: Int
  package let view: View
  /// The voxel axes from left to right and from top to bottom, and whether their indices run back.
  package let across: (axis: Int, isReversed: Bool)
  package let down: (axis: Int, isReversed: Bool)
  private let anatomy: AnatomicalAxes

  /// - Parameters:
  ///   - normal: 0, 1, 2 for planes across x, y, z.
  ///   - index: from 0 along that axis.
  package init(_ grid: VoxelGrid, normal: Int, index: Int) {
    self.grid = grid
    self.normal = normal
    self.index = index
    let anatomy = AnatomicalAxes(grid.affine)
    self.anatomy = anatomy
    let inPlane = (0..<3).filter { $0 != normal }
    let view: View = [.sagittal, .coronal, .axial][anatomy.axes[normal]]
    self.view = view
    // Across runs right-left, or anterior-posterior on sagittal planes.
    let wanted = view == .sagittal ? 1 : 0
    let first = inPlane.first { anatomy.axes[$0] == wanted } ?? inPlane[0]
    let second = inPlane.first { $0 != first } ?? inPlane[1]
    // To the viewer's right lies left or posterior, to the bottom posterior or inferior: all of them
    // against the direction of RAS.
    across = (first, anatomy.runsUp[first])
    down = (second, anatomy.runsUp[second])
  }

  private func size(_ axis: Int) -> Int { [grid.nx, grid.ny, grid.nz][axis] }
  package var columns: Int { size(across.axis) }
  package var rows: Int { size(down.axis) }
  /// Edge of a pixel, mm.
  package var pixel: SIMD2<Double> { SIMD2(grid.spacing[across.axis], grid.spacing[down.axis]) }

  /// The voxel that is seen at a column from the left and a row from the top.
  package func voxel(column: Int, row: Int) -> Int {
    var at = SIMD3<Int>()
    at[normal] = index
    at[across.axis] = across.isReversed ? columns - 1 - column : column
    at[down.axis] = down.isReversed ? rows - 1 - row : row
    return grid.index(at.x, at.y, at.z)
  }

  /// Where a voxel is seen; nil where it lies beside the plane.
  package func place(of voxel: Int) -> (column: Int, row: Int)? {
    let at = SIMD3(voxel % grid.nx, voxel / grid.nx % grid.ny, voxel / (grid.nx * grid.ny))
    guard at[normal] == index else { return nil }
    let (u, v) = (at[across.axis], at[down.axis])
    return (across.isReversed ? columns - 1 - u : u, down.isReversed ? rows - 1 - v : v)
  }

  /// Letters at the left, right, top and bottom edge.
  package var letters: (left: String, right: String, top: String, bottom: String) {
    (
      anatomy.letter(of: across.axis, atEnd: across.isReversed),
      anatomy.letter(of: across.axis, atEnd: !across.isReversed),
      anatomy.letter(of: down.axis, atEnd: down.isReversed),
      anatomy.letter(of: down.axis, atEnd: !down.isReversed)
    )
  }
}

/// A part of a plane, in columns and rows.
package struct Frame: Equatable {
  package var columns: Range<Int>
  package var rows: Range<Int>

  package init(columns: Range<Int>, rows: Range<Int>) {
    self.columns = columns
    self.rows = rows
  }

  package static func whole(_ plane: Plane) -> Frame {
    Frame(columns: 0..<plane.columns, rows: 0..<plane.rows)
  }

  /// Around some voxels of a plane with room to see what surrounds them: at least `least` mm wide and
  /// high, as far as the plane reaches. The whole plane where it holds none of them.
  package static func around(_ voxels: [Int], in plane: Plane, least: Double = 80) -> Frame {
    let places = voxels.compactMap { plane.place(of: $0) }
    guard let first = places.first else { return .whole(plane) }
    var (left, right, top, bottom) = (first.column, first.column, first.row, first.row)
    for place in places {
      (left, right) = (min(left, place.column), max(right, place.column))
      (top, bottom) = (min(top, place.row), max(bottom, place.row))
    }
    let pixel = plane.pixel
    let widest = max(
      Double(right - left + 1) * pixel.x, Double(bottom - top + 1) * pixel.y, least / 1.6)
    func range(_ low: Int, _ high: Int, _ edge: Double, _ count: Int) -> Range<Int> {
      let size = min(count, max(1, Int((1.6 * widest / edge).rounded(.up))))
      let start = min(max(0, (low + high + 1 - size) / 2), count - size)
      return start..<(start + size)
    }
    return Frame(
      columns: range(left, right, pixel.x, plane.columns),
      rows: range(top, bottom, pixel.y, plane.rows))
  }
}
