import Foundation
import Regions
import TestSupport
import Testing
import Volumes

/// Erosion by millimetres and changes by one voxel, against SciPy.
struct MorphologyTests {
  struct Case: Decodable {
    let mask: ReferenceGrid
    let radius: Double?
  }

  private func region(_ labels: [Float], on grid: VoxelGrid) -> Region {
    Region(label: 1, name: "r", grid: grid, voxels: labels.indices.filter { labels[$0] != 0 })
  }

  /// Tolerance: none, every voxel is equal. Upright and oblique against `distance_transform_edt`,
  /// sheared grids against all distances.
  @Test func erosionEqualsSciPy() throws {
    try Reference.with("erosion", of: Case.self) { cases, reference in
      #expect(cases.count == 24)
      var kept = 0
      for (number, item) in cases.enumerated() {
        let mask = region(try reference.labels("mask\(number)"), on: item.mask.grid)
        let expected = region(try reference.labels("expected\(number)"), on: item.mask.grid)
        let radius = try #require(item.radius)
        #expect(mask.eroded(byMillimetres: radius).voxels == expected.voxels, "case \(number)")
        kept += expected.voxels.count
      }
      #expect(kept > 1000)
    }
  }

  @Test func oneVoxelEqualsSciPy() throws {
    try Reference.with("neighbours", of: Case.self) { cases, reference in
      for (number, item) in cases.enumerated() {
        let grid = item.mask.grid
        let mask = region(try reference.labels("mask\(number)"), on: grid)
        for (name, neighbourhood) in [
          ("inPlane\(number)", Neighbourhood.inPlane), ("faces\(number)", .faces),
        ] {
          let eroded = region(try reference.labels("eroded-\(name)"), on: grid)
          let dilated = region(try reference.labels("dilated-\(name)"), on: grid)
          #expect(mask.erodedByOneVoxel(neighbourhood).voxels == eroded.voxels)
          #expect(mask.dilatedByOneVoxel(neighbourhood).voxels == dilated.voxels)
        }
      }
    }
  }

  /// A distance equal to the radius erodes, also where the header's single precision made it a
  /// little longer.
  @Test func equalDistancesErode() {
    let spacing = Double(Float(1.2))
    let grid = upright(7, 1, 1, spacing: SIMD3(spacing, 1, 1))
    let mask = Region(label: 1, name: "r", grid: grid, voxels: [1, 2, 3, 4, 5])
    #expect(spacing > 1.2)
    #expect(mask.eroded(byMillimetres: 1.2).voxels == [2, 3, 4])
    #expect(mask.eroded(byMillimetres: 1.19).voxels == [1, 2, 3, 4, 5])
    #expect(mask.eroded(byMillimetres: 0).voxels == mask.voxels)
  }

  @Test func theFieldOfViewDoesNotErode() {
    let grid = upright(5, 5, 1, spacing: SIMD3(1, 1, 5))
    let whole = Region(label: 1, name: "r", grid: grid, voxels: Array(0..<25))
    #expect(whole.eroded(byMillimetres: 100).voxels.count == 25)
    #expect(whole.erodedByOneVoxel(.faces).voxels.count == 25)
    let most = Region(label: 1, name: "r", grid: grid, voxels: Array(1..<25))
    #expect(most.eroded(byMillimetres: 1).voxels.count == 22)
    #expect(most.eroded(byMillimetres: 1e9).voxels.isEmpty)
    #expect(most.eroded(byMillimetres: 1e300).voxels.isEmpty)
  }
}
