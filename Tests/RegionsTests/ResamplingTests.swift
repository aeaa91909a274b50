import Faults
import Regions
import TestSupport
import Testing
import Volumes

/// Masks on other grids, against SimpleITK's nearest neighbour.
struct ResamplingTests {
  struct Case: Decodable {
    let kind: String
    let mask: ReferenceGrid
    let scan: ReferenceGrid
  }

  /// Tolerance: none, every voxel is equal.
  @Test func equalsSimpleITK() throws {
    try Reference.with("resample", of: Case.self) { cases, reference in
      #expect(cases.count == 40)
      #expect(Set(cases.map(\.kind)) == ["oblique", "flipped", "permuted", "shifted", "tie"])
      for (number, item) in cases.enumerated() {
        let image = try LabelImage(
          grid: item.mask.grid, values: try reference.labels("mask\(number)"))
        let placed = try image.resampled(onto: item.scan.grid)
        let expected = try reference.labels("expected\(number)").map { Int32($0) }
        let differing = zip(placed.values, expected).filter { $0 != $1 }.count
        #expect(differing == 0, "case \(number), \(item.kind)")
        #expect(expected.contains { $0 != 0 }, "case \(number) shows nothing")
      }
    }
  }

  @Test func coincidingGridsAreCopied() throws {
    let grid = upright(7, 6, 5, spacing: SIMD3(1.5, 1.5, 5))
    let nudged = upright(7, 6, 5, spacing: SIMD3(1.5, 1.5, 5), origin: SIMD3(0.001, 0, 0))
    var generator = SeededGenerator(seed: 5)
    let values = (0..<grid.count).map { _ in Float(Int.random(in: 0...3, using: &generator)) }
    let image = try LabelImage(grid: grid, values: values)
    #expect(try image.resampled(onto: grid).values == image.labels.values)
    #expect(try image.resampled(onto: nudged).values == image.labels.values)
  }

  /// A voxel of the scan halfway between two of the mask takes the higher index, whatever the
  /// rounding of the affine: 0.1 mm is not exact in binary.
  @Test func tiesGoToTheHigherIndex() throws {
    for shift in stride(from: 0.0, to: 40.0, by: 0.7) {
      let mask = upright(8, 1, 1, spacing: SIMD3(0.1, 1, 1), origin: SIMD3(shift, 0, 0))
      let scan = upright(4, 1, 1, spacing: SIMD3(0.2, 1, 1), origin: SIMD3(shift + 0.05, 0, 0))
      let image = try LabelImage(grid: mask, values: (1...8).map { Float($0) })
      #expect(try image.resampled(onto: scan).values == [2, 4, 6, 8])
    }
  }

  @Test func unusableAffinesAreRefused() throws {
    let grid = upright(3, 3, 3)
    let image = try LabelImage(grid: grid, values: Array(repeating: 1, count: 27))
    let x = SIMD3<Double>(1, 0, 0)
    let y = SIMD3<Double>(0, 1, 0)
    let z = SIMD3<Double>(0, 0, 1)
    let zero = SIMD3<Double>()
    for affine in [
      Affine(x, x, z, origin: zero), Affine(zero, y, z, origin: zero),
      Affine(x * .nan, y, z, origin: zero), Affine(x, y, z, origin: x * .infinity),
      Affine(x, y, z, origin: x * .nan), Affine(x * 1e300, y * 1e-300, z, origin: x * 1e300),
      Affine(x * 1e150, y * 1e150, z * 1e-300, origin: zero),
    ] {
      let strange = VoxelGrid(nx: 3, ny: 3, nz: 3, affine: affine)
      let refused = #expect(throws: RegionsError.self) {
        try RegionSet([image], on: strange)
      }
      #expect(refused?.code == .maskGeometry)
      let other = try LabelImage(grid: strange, values: Array(repeating: 1, count: 27))
      #expect(throws: RegionsError.self) { try other.resampled(onto: grid) }
    }
  }
}
