import Faults
import Foundation
import Regions
import Testing
import Volumes

/// What is left out, why, and what is said.
struct MeasureTests {
  let grid = upright(10, 10, 3, spacing: SIMD3(2, 2, 5))

  private func set(_ voxels: [Int], _ more: [Int] = []) -> RegionSet {
    let second = more.isEmpty ? [] : [Region(label: 2, name: "liver", grid: grid, voxels: more)]
    return RegionSet(
      grid: grid, regions: [Region(label: 1, name: "tumour", grid: grid, voxels: voxels)] + second)
  }

  private func map(_ some: [Int: Float] = [:], others: Float = 0.1) -> Volume<Float> {
    Volume(grid: grid, values: (0..<grid.count).map { some[$0] ?? others })
  }

  private func quality(_ some: [Int: Quality] = [:]) -> Volume<UInt16> {
    Volume(grid: grid, values: (0..<grid.count).map { some[$0]?.rawValue ?? 0 })
  }

  @Test func reasonsCoverTheCatalogue() {
    let reasons = Set(ExclusionReason.allCases.map(\.rawValue))
    #expect(Quality.catalogue.allSatisfy { reasons.contains($0.name) })
    #expect(reasons.count == Quality.catalogue.count + 4)
    #expect(ExclusionReason.allCases.allSatisfy { !$0.summary.isEmpty })
    #expect(ExclusionReason.background.summary == "signal below the noise threshold")
  }

  @Test func everyVoxelHasOneReason() throws {
    let result = try measure(
      set(Array(0..<10)),
      fatFraction: map([0: .nan, 1: .nan, 2: .infinity, 3: .nan, 4: 0.2]),
      r2star: map([5: 300, 6: .nan, 7: .infinity], others: 40),
      quality: quality([
        0: [.unmeasurable, .r2starAtBound], 1: [.limitedRange], 2: [.background, .poorFit],
        3: [.limitedRange, .outsideRegion], 4: [.poorFit, .swapSuspected], 8: [.ambiguous],
      ]),
      options: MeasurementOptions(
        r2starMaximum: PerSecond(100), excludedQuality: [.poorFit, .swapSuspected]))
    let tumour = try #require(result.region(labelled: 1))
    #expect(
      tumour.excluded == [
        .unmeasurable: 1, .noValue: 1, .background: 1, .outsideRegion: 1, .swapSuspected: 1,
        .r2starAboveLimit: 2, .r2starUnknown: 1,
      ])
    #expect(tumour.usedVoxels == [8, 9])
    #expect(tumour.voxels == 10 && tumour.voxelsUsed == 2)
    #expect(tumour.excluded.values.reduce(0, +) + tumour.voxelsUsed == tumour.voxels)
    #expect(tumour.flagged == [.ambiguous: 1])
    #expect(result.notices.map(\.code) == ["region-flagged"])
    #expect(result.notices[0].message.contains("50 %"))
  }

  @Test func flagsExcludeOnlyWhenAsked() throws {
    let flags = quality([0: [.unmeasurable]])
    let all = try measure(set([0, 1]), fatFraction: map(), quality: flags)
    #expect(all.regions[0].voxelsUsed == 2)
    let some = try measure(
      set([0, 1]), fatFraction: map(), quality: flags,
      options: MeasurementOptions(excludedQuality: .unmeasurable))
    #expect(some.regions[0].voxelsUsed == 1)
    #expect(some.regions[0].r2star == nil)
  }

  @Test func volumesAreOfTheScanGrid() throws {
    let result = try measure(
      set([0, 1, 2, 3]), fatFraction: map([2: .nan]), quality: quality())
    #expect(abs(result.regions[0].volumeMillilitres - 0.08) < 1e-12)
    #expect(abs(result.regions[0].usedMillilitres - 0.06) < 1e-12)
  }

  @Test func erosionComesFirst() throws {
    let square = (0..<5).flatMap { y in (0..<5).map { 11 + $0 + 10 * y } }
    let result = try measure(
      set(square), fatFraction: map([11: .nan, 33: .nan]), quality: quality(),
      options: MeasurementOptions(erodeMillimetres: 2))
    #expect(result.regions[0].excluded == [.eroded: 16, .noValue: 1])
    #expect(result.regions[0].voxels == 25 && result.regions[0].voxelsUsed == 8)
  }

  @Test func erosionThatLeavesNothing() throws {
    let square = (0..<5).flatMap { y in (0..<5).map { 11 + $0 + 10 * y } }
    let options = MeasurementOptions(erodeMillimetres: 2)
    let refused = #expect(throws: RegionsError.self) {
      try measure(set([44]), fatFraction: map(), quality: quality(), options: options)
    }
    #expect(refused?.code == .erosionLeavesNothing)
    #expect(refused?.detail == "2 mm of tumour, with voxels of 2x2x5 mm")
    let one = try measure(
      set([99], square), fatFraction: map(), quality: quality(), options: options)
    #expect(one.notices.map(\.code) == ["region-eroded-away", "region-without-values"])
    #expect(one.regions[0].fatFraction == nil && one.regions[1].voxelsUsed == 9)
  }

  @Test func nothingUsableIsSaid() throws {
    let result = try measure(
      set([4, 5]), fatFraction: map(others: .nan), quality: quality([4: .background]))
    #expect(result.regions[0].fatFraction == nil)
    #expect(result.notices.map(\.code) == ["region-without-values"])
    let lost = try measure(set([]), fatFraction: map(), quality: quality())
    #expect(lost.regions[0].voxels == 0 && lost.notices.isEmpty)
  }

  @Test func oneVoxelHasNoSpread() throws {
    let result = try measure(set([4]), fatFraction: map([4: 0.25]), quality: quality())
    let summary = try #require(result.regions[0].fatFraction)
    #expect(summary.mean.value == 0.25 && summary.p95.value == 0.25)
    #expect(summary.standardDeviation == nil)
  }

  @Test func optionsAreChecked() {
    for (options, code) in [
      (MeasurementOptions(erodeMillimetres: -1), RegionsFault.optionInvalid),
      (MeasurementOptions(erodeMillimetres: .nan), .optionInvalid),
      (MeasurementOptions(erodeMillimetres: .infinity), .optionInvalid),
      (MeasurementOptions(r2starMaximum: PerSecond(0)), .optionInvalid),
      (MeasurementOptions(r2starMaximum: PerSecond(.nan)), .optionInvalid),
      (MeasurementOptions(r2starMaximum: PerSecond(100)), .r2starMissing),
    ] {
      let refused = #expect(throws: RegionsError.self) {
        try measure(set([1]), fatFraction: map(), quality: quality(), options: options)
      }
      #expect(refused?.code == code)
    }
    let other = Volume<Float>(grid: upright(10, 10, 3), repeating: 0)
    let refused = #expect(throws: RegionsError.self) {
      try measure(set([1]), fatFraction: other, quality: quality())
    }
    #expect(refused?.code == .gridsDiffer)
  }
}
