import Faults
import Regions
import Testing
import Volumes

/// Coverage, numbers and names of several masks.
struct PlacementTests {
  let scan = upright(10, 10, 4, spacing: SIMD3(2, 2, 5))

  private func mask(
    _ voxels: [Int: Float], on grid: VoxelGrid? = nil, file: String? = "tumour.nii.gz"
  ) throws -> LabelImage {
    let grid = grid ?? scan
    return try LabelImage(
      grid: grid, values: (0..<grid.count).map { voxels[$0] ?? 0 }, file: file)
  }

  private func codes(_ notices: [Notice]) -> [String] { notices.map(\.code) }

  @Test func aMaskOnTheScanNeedsNoWords() throws {
    let regions = try RegionSet([try mask([3: 1, 4: 1, 5: 1])], on: scan)
    #expect(regions.notices.isEmpty)
    #expect(regions.regions.map(\.voxels) == [[3, 4, 5]])
    #expect(regions.regions.map(\.name) == ["tumour"])
    #expect(abs(regions.regions[0].millilitres - 0.06) < 1e-12)
    #expect(regions.regions[0].drawnMillilitres == regions.regions[0].millilitres)
  }

  @Test func disjointNamesBothGeometries() throws {
    let far = upright(10, 10, 4, origin: SIMD3(500, 0, 0))
    let image = try mask([5: 1], on: far)
    let refused = #expect(throws: RegionsError.self) { try RegionSet([image], on: scan) }
    #expect(refused?.code == .maskDisjoint)
    #expect(refused?.detail.contains(far.summary) == true)
    #expect(refused?.detail.contains(scan.summary) == true)
    #expect(refused?.file == "tumour.nii.gz")
  }

  @Test func partialIsSaidWithShareAndGeometries() throws {
    // Voxels 0...9 along x, at -10, -8 ... 8 mm: five have their centre left of the scan's edge.
    let half = upright(10, 10, 4, spacing: SIMD3(2, 2, 5), origin: SIMD3(-10, 0, 0))
    let image = try mask(Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, 1) }), on: half)
    let regions = try RegionSet([image], on: scan)
    #expect(codes(regions.notices) == ["mask-partly-outside", "mask-volume-changed"])
    let message = regions.notices[0].message
    #expect(message.contains("5 of 10 voxels (50 %)"))
    #expect(message.contains(half.summary) && message.contains(scan.summary))
    #expect(regions.regions[0].voxels == [0, 1, 2, 3, 4])
  }

  @Test func smallerThanAVoxelIsRefusedWhenAlone() throws {
    let fine = upright(20, 20, 20, spacing: SIMD3(0.4, 0.4, 0.4), origin: SIMD3(0.6, 0.6, 0.6))
    let alone = try mask([0: 1], on: fine)
    let refused = #expect(throws: RegionsError.self) { try RegionSet([alone], on: scan) }
    #expect(refused?.code == .maskLost)
    // Beside another label it stays, without voxels. (4, 4, 11) lies at 2.2, 2.2, 5 mm.
    let both = try mask([0: 1, 4 + 20 * (4 + 20 * 11): 2], on: fine)
    let regions = try RegionSet([both], on: scan)
    #expect(regions.regions.map(\.voxels.count) == [0, 1])
    #expect(codes(regions.notices).contains("mask-label-lost"))
    let lost = #expect(throws: RegionsError.self) { try regions.region(labelled: 1) }
    #expect(lost?.code == .labelWithoutVoxels)
    let absent = #expect(throws: RegionsError.self) { try regions.region(labelled: 7) }
    #expect(absent?.code == .labelAbsent)
    #expect(try regions.region(labelled: 2).voxels.count == 1)
  }

  @Test func noMaskIsRefused() {
    let refused = #expect(throws: RegionsError.self) { try RegionSet([], on: scan) }
    #expect(refused?.code == .noMask)
  }

  @Test func binaryMasksOfOneValueAreNumberedInOrder() throws {
    let regions = try RegionSet(
      [
        try mask([3: 255], file: "p/tumour.nii"), try mask([8: 255], file: "p/liver.nii.gz"),
      ], on: scan)
    #expect(regions.regions.map(\.label) == [1, 2])
    #expect(regions.regions.map(\.name) == ["tumour", "liver"])
    #expect(regions.notices.isEmpty)
  }

  @Test func ownNumbersStay() throws {
    let regions = try RegionSet(
      [try mask([3: 2], file: "b.nii"), try mask([8: 1], file: "a.nii")],
      names: LabelNames([1: "liver", 2: "tumour"]), on: scan)
    #expect(regions.regions.map(\.label) == [1, 2])
    #expect(regions.regions.map(\.name) == ["liver", "tumour"])
    #expect(regions.regions.map(\.voxels) == [[8], [3]])
  }

  @Test func clashingNumbersMoveAndAreSaid() throws {
    let regions = try RegionSet(
      [try mask([3: 1], file: "tumour.nii"), try mask([8: 1, 9: 2], file: "seg.nii")], on: scan)
    #expect(regions.regions.map(\.label) == [1, 2, 3])
    #expect(regions.regions.map(\.name) == ["tumour", "seg label 2", "seg label 1"])
    #expect(codes(regions.notices) == ["mask-labels-renumbered"])
    #expect(regions.notices[0].message.contains("seg.nii: 1 is now 3"))
  }

  @Test func equalNamesAreToldApart() throws {
    let regions = try RegionSet(
      [try mask([3: 1], file: "a/roi.nii"), try mask([8: 1], file: "b/roi.nii")], on: scan)
    #expect(regions.regions.map(\.name) == ["roi", "roi (2)"])
    #expect(codes(regions.notices) == ["region-name-repeated"])
  }

  @Test func missingNamesAreSaid() throws {
    let regions = try RegionSet(
      [try mask([3: 1, 4: 5])], names: LabelNames([1: "liver"]), on: scan)
    #expect(regions.regions.map(\.name) == ["liver", "label 5"])
    #expect(codes(regions.notices) == ["label-unnamed"])
  }

  @Test func overlapIsMeasuredAsDrawnAndSaid() throws {
    let regions = try RegionSet(
      [
        try mask([3: 1, 4: 1], file: "tumour.nii"),
        try mask([3: 1, 4: 1, 5: 1], file: "liver.nii"),
      ], on: scan)
    #expect(regions.regions.map(\.voxels) == [[3, 4], [3, 4, 5]])
    #expect(codes(regions.notices) == ["regions-overlap"])
    #expect(regions.notices[0].message.contains("tumour and liver share 2 voxels"))
  }
}
