import Calibration
import Regions
import Testing
import Volumes

/// What a region's voxels say against a call.
struct LesionReasonTests {
  private func reasons(
    voxels: Int, missing: Int = 0, suspected: Int = 0, ambiguous: Int = 0
  ) throws -> [SubtypeReason.Code] {
    let grid = VoxelGrid(
      nx: 40, ny: 40, nz: 1, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    var values = [Float](repeating: 0.05, count: grid.count)
    var bits = [UInt16](repeating: 0, count: grid.count)
    for i in 0..<missing { values[i] = .nan }
    for i in 0..<suspected { bits[missing + i] = Quality.swapSuspected.rawValue }
    for i in 0..<ambiguous { bits[missing + suspected + i] = Quality.ambiguous.rawValue }
    let region = Region(label: 1, name: "tumour", grid: grid, voxels: Array(0..<voxels))
    let measured = try measure(
      RegionSet(grid: grid, regions: [region]), fatFraction: Volume(grid: grid, values: values),
      quality: Volume(grid: grid, values: bits))
    return LesionCall.reasons(of: measured.regions[0]).map(\.code)
  }

  @Test func swapsBlockBeyondOnePerCent() throws {
    #expect(try reasons(voxels: 400).isEmpty)
    #expect(try reasons(voxels: 400, suspected: 4).isEmpty)
    #expect(try reasons(voxels: 400, suspected: 5) == [.swapSuspected])
    #expect(try reasons(voxels: 400, suspected: 2, ambiguous: 3) == [.swapSuspected])
  }

  @Test func voxelsMustSuffice() throws {
    #expect(try reasons(voxels: 20).isEmpty)
    #expect(try reasons(voxels: 19) == [.tooFewVoxels])
    #expect(try reasons(voxels: 400, missing: 200).isEmpty)
    #expect(try reasons(voxels: 400, missing: 201) == [.tooFewVoxels])
    #expect(try reasons(voxels: 30, missing: 30) == [.tooFewVoxels])
  }
}
