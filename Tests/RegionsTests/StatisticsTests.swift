import Foundation
import Regions
import TestSupport
import Testing
import Volumes

/// Statistics, against NumPy and SimpleITK's LabelStatistics.
struct StatisticsTests {
  struct Case: Decodable {
    let mask: ReferenceGrid
    let regions: [String: Values]
    let slices: [Slice]
  }
  struct Values: Decodable {
    let voxels: Int
    let used: Int
    let mean, median, p05, p25, p75, p95, min, max: Double
    let sd: Double?
    let itkCount: Int
    let itkMean, itkSigma, itkMin, itkMax: Double
  }
  struct Slice: Decodable {
    let voxels: Int
    let used: Int
    let mean, median, sd: Double?
  }

  /// Relative tolerance 1e-6 of the value; the contract asks for 1e-4. A standard deviation is also
  /// allowed 1e-9 of the mean, where all values are alike.
  private func near(_ value: Double?, _ expected: Double?, beside mean: Double = 0) -> Bool {
    guard let value, let expected else { return value == nil && expected == nil }
    return abs(value - expected) <= 1e-6 * abs(expected) + 1e-9 * abs(mean)
  }

  @Test func equalNumPyAndSimpleITK() throws {
    try Reference.with("statistics", of: Case.self) { cases, reference in
      for (number, item) in cases.enumerated() {
        let grid = item.mask.grid
        let image = try LabelImage(grid: grid, values: try reference.labels("mask\(number)"))
        let map = Volume(grid: grid, values: try reference.values("values\(number)"))
        let rates = Volume(grid: grid, values: map.values.map { $0 * 100 })
        let result = try measure(
          try RegionSet([image], on: grid), fatFraction: map, r2star: rates,
          quality: Volume(grid: grid, repeating: 0), options: MeasurementOptions(perSlice: true))
        #expect(result.regions.map(\.label) == [1, 2, 3, 4, 5])
        for region in result.regions {
          let expected = try #require(item.regions["\(region.label)"])
          check(region, expected)
        }
        check(result.regions[0].slices, item.slices)
      }
    }
  }

  private func check(_ region: RegionStatistics, _ expected: Values) {
    #expect(region.voxels == expected.voxels && region.voxelsUsed == expected.used)
    guard let summary = region.fatFraction, let rates = region.r2star else {
      Issue.record("no statistics")
      return
    }
    #expect(near(summary.mean.value, expected.mean))
    #expect(near(summary.median.value, expected.median))
    #expect(near(summary.standardDeviation?.value, expected.sd, beside: expected.mean))
    #expect(near(summary.p05.value, expected.p05))
    #expect(near(summary.p25.value, expected.p25))
    #expect(near(summary.p75.value, expected.p75))
    #expect(near(summary.p95.value, expected.p95))
    #expect(summary.minimum.value == expected.min && summary.maximum.value == expected.max)
    #expect(near(rates.mean.value, expected.mean * 100))
    #expect(region.voxelsUsed == expected.itkCount)
    #expect(near(summary.mean.value, expected.itkMean))
    #expect(summary.minimum.value == expected.itkMin && summary.maximum.value == expected.itkMax)
    // SimpleITK works in one pass: its sigma loses digits where the spread is small.
    if let sd = summary.standardDeviation?.value, sd > 1e-3 {
      #expect(near(sd, expected.itkSigma))
    }
  }

  private func check(_ slices: [SliceStatistics], _ expected: [Slice]) {
    let filled = expected.enumerated().filter { $0.element.voxels > 0 }
    #expect(slices.map(\.slice) == filled.map(\.offset))
    for (slice, (_, other)) in zip(slices, filled) {
      #expect(slice.voxels == other.voxels && slice.voxelsUsed == other.used)
      #expect(near(slice.mean?.value, other.mean))
      #expect(near(slice.median?.value, other.median))
      #expect(near(slice.standardDeviation?.value, other.sd, beside: other.mean ?? 0))
      #expect(abs(slice.volumeMillilitres - Double(other.voxels) * 0.01125) < 1e-9)
    }
  }
}
