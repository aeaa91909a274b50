import Calibration
import Documents
import Foundation
import Regions
import Separation
import TestSupport
import Testing
import Volumes

/// Standardised errors of a region's mean and median over simulated scans: (measured - true) / stated
/// standard uncertainty has a standard deviation of 1 where the uncertainty is right.
@Suite struct RegionSimulationTests {
  static let isLong = ProcessInfo.processInfo.environment["PDFF_LONG"] != nil
  static let scans = isLong ? 1000 : 40
  /// 0.1, and in a short run three standard errors of a standard deviation, 1 / sqrt(2 n).
  static let tolerance = 0.1 + (isLong ? 0 : 3 / (2 * Double(scans)).squareRoot())

  struct Outcome {
    var mean: [Double] = []
    var median: [Double] = []
    var parts = SIMD4<Double>()

    func told(_ name: String) {
      guard RegionSimulationTests.isLong else { return }
      let (a, b) = (meanAndDeviation(mean), meanAndDeviation(median))
      let n = Double(mean.count)
      print(
        String(
          format: "| %@ | %d | %.2f | %.2f | %.2f | %.2f | %.3f | %.3f | %.3f |", name, mean.count,
          a.mean, a.deviation, b.mean, b.deviation, parts.x / n, parts.y / n, parts.z / n))
    }
  }

  /// Noise alone: the same tissue and contour in every scan.
  static func noiseAlone(_ tumour: SimulatedTumour, seed: UInt64) throws -> Outcome {
    var random = SeededGenerator(seed: seed)
    let region = SimulatedTumour.region()
    let truth = tumour.truth(region).sorted()
    let (mean, median) = (
      truth.reduce(0, +) / Double(truth.count),
      (truth[truth.count / 2] + truth[(truth.count - 1) / 2]) / 2
    )
    var outcome = Outcome()
    for _ in 0..<scans {
      let measured = try measured(region, try tumour.scan(&random))
      let (uncertainty, pdff) = (measured.uncertainty, try #require(measured.fatFraction))
      let noise = try #require(uncertainty.mean.noise?.percent)
      outcome.mean.append((pdff.mean.percent - mean) / noise)
      outcome.median.append(
        (pdff.median.percent - median) / (try #require(uncertainty.median.noise?.percent)))
      outcome.parts += SIMD4(noise, uncertainty.mean.redrawing?.percent ?? 0, 0, 0)
    }
    return outcome
  }

  private static func measured(_ region: Region, _ maps: SeparatedMaps) throws
    -> RegionStatistics
  {
    try measure(
      RegionSet(grid: region.grid, regions: [region]), fatFraction: maps.fatFraction,
      quality: maps.quality,
      noise: MapNoise(
        standardDeviation: try #require(maps.fatFractionSD),
        correlation: try #require(maps.method.noiseCorrelation))
    ).regions[0]
  }

  @Test(
    arguments: [[], [1.5, 2.0]], isLong ? [SimulatedTumour.Profile.sharp, .rising] : [.sharp])
  func noiseIsRight(filling: [Double], profile: SimulatedTumour.Profile) throws {
    var tumour = SimulatedTumour(profile: profile)
    tumour.filling = filling
    let outcome = try Self.noiseAlone(tumour, seed: 17)
    outcome.told("noise, \(profile), \(filling.isEmpty ? "independent" : "zero-filled")")
    let (mean, median) = (meanAndDeviation(outcome.mean), meanAndDeviation(outcome.median))
    #expect(abs(mean.deviation - 1) < Self.tolerance, "mean: \(mean)")
    #expect(abs(median.deviation - 1) < Self.tolerance, "median: \(median)")
  }

  /// Scanner and contour drawn too: a scanner with its line, a phantom measured on it, a ledger entry
  /// from that; a scan that lies off the line as the phantom's vials do; a contour that is off by a
  /// voxel (one standard deviation).
  static func everything(_ tumour: SimulatedTumour, seed: UInt64) throws -> Outcome {
    var random = SeededGenerator(seed: seed)
    let truth = tumour.truth(SimulatedTumour.region())
    let true0 = truth.reduce(0, +) / Double(truth.count)
    let sorted = truth.sorted()
    let trueMedian = (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
    var outcome = Outcome()
    while outcome.mean.count < scans {
      let (a, b) = (-1 + normal(&random), 0.99 + 0.02 * normal(&random))
      let deviation = 0.4
      let vials = [0.0, 5, 10, 15, 20, 30, 40, 50].flatMap { x in
        (1...2).map {
          Vial(
            referencePercent: x, measuredPercent: a + b * x + deviation * normal(&random),
            measurement: $0)
        }
      }
      // A phantom that the ledger refuses (bent by chance, too far off) is measured again.
      guard let line = try? entry(vials).line else { continue }
      var maps = try tumour.scan(&random)
      let offset = a / 100 + deviation / 100 * normal(&random)
      maps.fatFraction.values = maps.fatFraction.values.map { Float(offset + b * Double($0)) }
      let deviations = maps.fatFractionSD?.values.map { Float(b) * $0 } ?? []
      maps.fatFractionSD?.values = deviations
      let region = SimulatedTumour.region(shift: normal(&random))
      let measured = try measured(region, maps)
      let pdff = try #require(measured.fatFraction)
      let corrected = line.corrected(
        mean: pdff.mean, median: pdff.median, uncertainty: measured.uncertainty)
      let parts = corrected.uncertainty.mean
      outcome.mean.append(
        (corrected.mean.percent - true0) / (try #require(parts.total?.percent)))
      outcome.median.append(
        (corrected.median.percent - trueMedian)
          / (try #require(corrected.uncertainty.median.total?.percent)))
      outcome.parts += SIMD4(
        parts.noise?.percent ?? 0, parts.redrawing?.percent ?? 0, parts.ledger?.percent ?? 0, 0)
    }
    return outcome
  }

  private static func entry(_ vials: [Vial]) throws -> LedgerEntry {
    try LedgerEntry(
      scanner: "A", protocol: "p", measuredOn: try #require(CalendarDay("2026-01-10")),
      temperature: 21, vials: vials, tableSHA256: "", addedAt: "")
  }

  @Test func totalIsRight() throws {
    let outcome = try Self.everything(SimulatedTumour(profile: .rising), seed: 23)
    outcome.told("all, rising")
    let (mean, median) = (meanAndDeviation(outcome.mean), meanAndDeviation(outcome.median))
    #expect(abs(mean.deviation - 1) < Self.tolerance, "mean: \(mean)")
    #expect(abs(median.deviation - 1) < Self.tolerance, "median: \(median)")
  }

  /// A contour that is too large takes in what lies beyond a sharp edge, one that is too small loses
  /// nothing: errors are one-sided, up on average by half of what is stated. They don't spread more than
  /// stated.
  @Test func sharpEdgesAreOneSided() throws {
    let outcome = try Self.everything(SimulatedTumour(profile: .sharp), seed: 29)
    outcome.told("all, sharp")
    let mean = meanAndDeviation(outcome.mean)
    #expect(mean.deviation < 1 + Self.tolerance, "\(mean)")
    #expect(abs(mean.mean - 0.5) < 0.5, "\(mean)")
  }
}
