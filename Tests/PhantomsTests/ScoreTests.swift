import Phantoms
import Testing
import Volumes

@Suite struct ScoreTests {
  let grid = VoxelGrid(
    nx: 7, ny: 1, nz: 1, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))

  private func volume<T>(_ values: [T]) -> Volume<T> { Volume(grid: grid, values: values) }

  /// Errors by hand, in points: liver 1, -2, 12, missing; tumour 30, 0; one voxel of air.
  @Test func aSmallCaseByHand() throws {
    let truth = ScoredTruth(
      fatFraction: volume([0.10, 0.10, 0.10, 0.10, 0.50, 0.50, .nan]),
      r2star: volume([40, 40, 40, 40, 50, 50, .nan]),
      labels: volume([3, 3, 3, 3, 4, 4, 0]), names: [3: "liver"])
    let score = try score(
      fatFraction: volume([0.11, 0.08, 0.22, .nan, 0.80, 0.50, 0.9]),
      r2star: volume([41, 43, 40, .nan, 50, 48, 7]), against: truth)

    let liver = try #require(score[.liver])
    #expect(liver.name == "liver" && liver.label == 3)
    #expect(liver.voxels == 4 && liver.missing == 1)
    #expect(liver.beyond10 == 1 && liver.beyond20 == 0)
    #expect(liver.missed10Percent == 50 && liver.missed20Percent == 25)
    expect(liver.pdff.medianAbsolute, 2)
    expect(liver.pdff.p95Absolute, 11)  // between 2 and 12, at 1.9 of 2
    expect(liver.pdff.meanError, 11.0 / 3)
    expect(liver.pdff.medianError, 1)
    expect(liver.r2star?.medianAbsolute, 1)
    expect(liver.r2star?.meanError, 4.0 / 3)

    let tumour = try #require(score[.tumour])
    #expect(tumour.name == "label 4" && tumour.missing == 0)
    #expect(tumour.beyond10 == 1 && tumour.beyond20 == 1 && tumour.missed20Percent == 50)
    expect(tumour.pdff.medianAbsolute, 15)

    #expect(score.allTissue.voxels == 6 && score.allTissue.missing == 1)
    expect(score.allTissue.pdff.medianAbsolute, 2)
    expect(score.allTissue.pdff.meanError, 41.0 / 5)
    #expect(score.regions.count == 2)
    #expect(score.table().contains("liver"))
  }

  /// Single precision of the maps, in points.
  private func expect(_ value: Double?, _ known: Double) {
    #expect(abs((value ?? .nan) - known) < 1e-4)
  }

  @Test func nothingMeasuredIsNoNumber() throws {
    let truth = ScoredTruth(
      fatFraction: volume(Array(repeating: 0.5, count: 7)), r2star: nil,
      labels: volume(Array(repeating: 1, count: 7)), names: [:])
    let score = try score(fatFraction: volume(Array(repeating: .nan, count: 7)), against: truth)
    #expect(score.allTissue.pdff.medianAbsolute == nil)
    #expect(score.allTissue.missed10Percent == 100)
    #expect(score.allTissue.r2star == nil)
    #expect(score.json()["all_tissue"]?["pdff_points"]?["median_abs"] == .null)
  }

  @Test func otherGridsAreRefused() throws {
    let shifted = VoxelGrid(
      nx: 7, ny: 1, nz: 1, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [3, 0, 0]))
    let truth = ScoredTruth(
      fatFraction: volume(Array(repeating: 0.5, count: 7)), r2star: nil,
      labels: volume(Array(repeating: 1, count: 7)), names: [:])
    #expect(throws: PhantomsError.self) {
      try score(fatFraction: Volume(grid: shifted, repeating: 0.5), against: truth)
    }
  }
}
