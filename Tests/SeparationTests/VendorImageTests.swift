import Faults
import Separation
import Testing
import Volumes

@Suite struct VendorImageTests {
  let grid = VoxelGrid(
    nx: 6, ny: 1, nz: 1, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))

  private func volume(_ values: [Float]) -> Volume<Float> { Volume(grid: grid, values: values) }

  /// By hand; nil is missing, with its quality bits. One rounding of single precision.
  private func expect(_ maps: SeparatedMaps, _ known: [(value: Float?, bits: Quality)]) {
    for (i, known) in known.enumerated() {
      let value = maps.fatFraction.values[i]
      if let expected = known.value {
        #expect(abs(value - expected) < 1e-6, "voxel \(i): \(value)")
      } else {
        #expect(value.isNaN, "voxel \(i): \(value)")
      }
      #expect(Quality(rawValue: maps.quality.values[i]) == known.bits, "voxel \(i)")
    }
    #expect(maps.fatFractionSD == nil && maps.r2star == nil && maps.fieldMap == nil)
  }

  @Test func waterAndFat() throws {
    let maps = try separate(
      water: volume([900, 0, 500, 1, .nan, -10]), fat: volume([100, 800, 500, 2, 5, 990]),
      settings: SeparationSettings())
    expect(
      maps,
      [
        (0.1, []), (1, []), (0.5, []), (nil, .background), (nil, .nonFinite),
        (990 / 980, []),
      ])
    #expect(maps.notices.map(\.code) == ["vendor-water-fat"])
  }

  @Test func inPhaseAndOpposedPhase() throws {
    let maps = try separate(
      inPhase: volume([1000, 1000, 800, 3, 700, .infinity]),
      opposedPhase: volume([800, 0, 816, 1, .nan, 1]), settings: SeparationSettings())
    expect(
      maps,
      [
        (0.1, .limitedRange), (0.5, .limitedRange), (-0.01, .limitedRange), (nil, .background),
        (nil, .nonFinite), (nil, .nonFinite),
      ])
    #expect(maps.notices.first?.code == "two-point")
    #expect(maps.notices.first?.message.contains("0 to 50 %") == true)
  }

  @Test func givenMap() throws {
    let maps = try separate(
      pdff: volume([0, 0.25, -0.05, 1.2, -0.2, .nan]), settings: SeparationSettings())
    expect(
      maps,
      [
        (0, []), (0.25, []), (-0.05, []), (nil, .outOfScale), (nil, .outOfScale),
        (nil, .nonFinite),
      ])
    #expect(maps.notices.first?.code == "vendor-pdff-map")
  }

  @Test func maskAndT1() throws {
    var settings = SeparationSettings()
    settings.within = [true, true, true, false, true, true]
    settings.t1Correction = T1Correction(
      flipAngle: Radians(degrees: 10), repetitionTime: Seconds(milliseconds: 9),
      waterT1: Seconds(milliseconds: 800), fatT1: Seconds(milliseconds: 380))
    // A true 5 % reads 7.0 % under these weights (10 degrees, TR 9 ms, T1 800 and 380 ms).
    let maps = try separate(
      water: volume(Array(repeating: 930, count: 6)), fat: volume(Array(repeating: 70, count: 6)),
      settings: settings)
    #expect(abs(maps.fatFraction.values[0] - 0.05) < 0.0005)
    #expect(Quality(rawValue: maps.quality.values[3]) == .outsideRegion)
    #expect(maps.fatFraction.values[3].isNaN)
  }

  @Test func nothingIsRefused() {
    let nothing = volume(Array(repeating: 0, count: 6))
    for refusal in [
      #expect(throws: SeparationError.self) {
        try separate(water: nothing, fat: nothing, settings: SeparationSettings())
      },
      #expect(throws: SeparationError.self) {
        try separate(inPhase: nothing, opposedPhase: nothing, settings: SeparationSettings())
      },
      #expect(throws: SeparationError.self) {
        try separate(
          pdff: volume(Array(repeating: .nan, count: 6)), settings: SeparationSettings())
      },
    ] { #expect(refusal?.code == .noSignal) }
  }
}
