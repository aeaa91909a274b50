import Foundation
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct PlaneTests {
  /// A rotation by the angles (rad) around z, y, x.
  private func rotation(_ a: Double, _ b: Double, _ c: Double) -> [SIMD3<Double>] {
    func turn(_ v: SIMD3<Double>) -> SIMD3<Double> {
      let z = SIMD3(cos(a) * v.x - sin(a) * v.y, sin(a) * v.x + cos(a) * v.y, v.z)
      let y = SIMD3(cos(b) * z.x + sin(b) * z.z, z.y, -sin(b) * z.x + cos(b) * z.z)
      return SIMD3(y.x, cos(c) * y.y - sin(c) * y.z, sin(c) * y.y + cos(c) * y.z)
    }
    return [turn([1, 0, 0]), turn([0, 1, 0]), turn([0, 0, 1])]
  }

  /// Oblique, flipped, permuted, sheared affines with unequal voxels: letters as nibabel's.
  @Test func codesAreNibabels() throws {
    var random = SeededGenerator(seed: 21)
    func angle() -> Double { Double.random(in: -Double.pi...Double.pi, using: &random) }
    var affines: [Affine] = []
    for number in 0..<400 {
      var columns = rotation(angle(), angle(), angle())
      if number % 3 == 0 { columns[0] = -columns[0] }
      if number % 5 == 0 {
        columns[1] += columns[0] * Double.random(in: -0.3...0.3, using: &random)
      }
      columns = columns.map { $0 * Double.random(in: 0.5...8, using: &random) }
      affines.append(Affine(columns[0], columns[1], columns[2], origin: [1, 2, 3]))
    }
    let lines = affines.map { affine -> String in
      let (x, y, z) = affine.columns
      return (0..<3).map { "\(x[$0]) \(y[$0]) \(z[$0]) 0" }.joined(separator: " ")
    }
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("affines.txt")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let expected = try Tools.reference("axis_codes", [file.path]).split(separator: "\n")
    #expect(expected.count == affines.count)
    for (affine, codes) in zip(affines, expected) {
      #expect(AnatomicalAxes(affine).codes == codes)
    }
  }

  /// The patient's right is on the left, anterior or superior at the top, whatever the storage.
  @Test func radiologistsSeeTheirUsualSide() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let columns = rotation(
        .random(in: -3...3, using: &random), .random(in: -3...3, using: &random),
        .random(in: -3...3, using: &random))
      let grid = VoxelGrid(
        nx: 4, ny: 5, nz: 6,
        affine: Affine(columns[0], columns[1] * 2, columns[2] * 3, origin: [0, 0, 0]))
      for normal in 0..<3 {
        let plane = Plane(grid, normal: normal, index: 1)
        let letters = plane.letters
        switch plane.view {
        case .axial: #expect(letters == ("R", "L", "A", "P"))
        case .coronal: #expect(letters == ("R", "L", "S", "I"))
        case .sagittal: #expect(letters == ("A", "P", "S", "I"))
        }
        // Towards the right edge and the bottom the voxels' own places go that way too.
        let (left, right) = (point(plane, 0, 0), point(plane, plane.columns - 1, 0))
        let bottom = point(plane, 0, plane.rows - 1)
        let anatomy = AnatomicalAxes(grid.affine)
        #expect(right[anatomy.axes[plane.across.axis]] < left[anatomy.axes[plane.across.axis]])
        #expect(bottom[anatomy.axes[plane.down.axis]] < left[anatomy.axes[plane.down.axis]])
      }
    }
  }

  private func point(_ plane: Plane, _ column: Int, _ row: Int) -> SIMD3<Double> {
    let (voxel, grid) = (plane.voxel(column: column, row: row), plane.grid)
    return grid.affine.apply(
      SIMD3(
        Double(voxel % grid.nx), Double(voxel / grid.nx % grid.ny),
        Double(voxel / (grid.nx * grid.ny))))
  }

  @Test func placesLeadBack() {
    let grid = Fixture.grid
    for normal in 0..<3 {
      let plane = Plane(grid, normal: normal, index: 1)
      var seen = Set<Int>()
      for row in 0..<plane.rows {
        for column in 0..<plane.columns {
          let voxel = plane.voxel(column: column, row: row)
          seen.insert(voxel)
          let place = plane.place(of: voxel)
          #expect(place?.column == column && place?.row == row)
        }
      }
      #expect(seen.count == plane.columns * plane.rows)
      #expect((0..<grid.count).count { plane.place(of: $0) == nil } == grid.count - seen.count)
    }
  }

  /// A frame holds its voxels, is at least 80 mm where the plane is, and never leaves the plane.
  @Test func framesStayInThePlane() {
    var random = SeededGenerator(seed: 9)
    let grid = VoxelGrid(
      nx: 60, ny: 40, nz: 5, affine: Affine([-2, 0, 0], [0, 3, 0], [0, 0, 6], origin: [0, 0, 0]))
    for _ in 0..<500 {
      let plane = Plane(grid, normal: Int.random(in: 0..<3, using: &random), index: 2)
      let voxels = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        plane.voxel(
          column: .random(in: 0..<plane.columns, using: &random),
          row: .random(in: 0..<plane.rows, using: &random))
      }
      let frame = Frame.around(voxels, in: plane)
      #expect(
        (0...plane.columns).contains(frame.columns.upperBound) && frame.columns.lowerBound >= 0)
      #expect((0...plane.rows).contains(frame.rows.upperBound) && frame.rows.lowerBound >= 0)
      #expect(
        voxels.compactMap { plane.place(of: $0) }.allSatisfy {
          frame.columns.contains($0.column) && frame.rows.contains($0.row)
        })
      let width = Double(frame.columns.count) * plane.pixel.x
      #expect(width >= min(79.9, Double(plane.columns) * plane.pixel.x - 0.1))
    }
    let plane = Plane(grid, normal: 2, index: 0)
    #expect(Frame.around([grid.index(3, 3, 3)], in: plane) == .whole(plane))
  }
}
