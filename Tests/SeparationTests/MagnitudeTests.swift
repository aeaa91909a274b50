import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

@Suite struct BesselTests {
  /// x, ln I0(x), I1(x) / I0(x) by SciPy's i0e and i1e.
  static let known: [(Double, Double, Double)] = [
    (0, 0, 0), (0.01, 2.49998437518e-05, 0.00499993750104),
    (0.5, 0.0615497191855, 0.242499612581), (1, 0.235914358507, 0.446389965897),
    (2, 0.823993541483, 0.697774657964), (3.7, 2.16775199914, 0.850906424954),
    (3.8, 2.25306790735, 0.855366224399), (5, 3.30468177582, 0.893383137044),
    (10, 7.94297208312, 0.948599825955), (50, 47.1275755019, 0.989948967378),
    (700, 695.805699998, 0.999285458818), (5000, 4994.82248987, 0.999899994999),
  ]

  @Test(arguments: known)
  func equalSciPy(_ known: (x: Double, logI0: Double, ratio: Double)) {
    #expect(abs(logBesselI0(known.x) - known.logI0) < 1e-6)
    #expect(abs(besselRatio(known.x) - known.ratio) < 1e-6)
  }
}

@Suite struct MagnitudeTests {
  static let echoes = protocols[2]

  private func fit(_ voxel: Voxel, fatRich: Bool, sigma: Double = 5) -> RicianFit {
    let signal = Self.echoes.signal(voxel).map { Float($0.magnitude) }
    return signal.withUnsafeBufferPointer {
      RicianFit(
        $0, FlatProtocol(Self.echoes.plan), sigma: sigma, fatRich: fatRich, r2starMaximum: 1500)
    }
  }

  /// On noise-free data the likelier of both optima is the truth. Points.
  @Test(arguments: [5.0, 10, 20, 30, 40, 60, 70, 80, 90, 95], [20.0, 60, 200])
  func bothOptimaAreFound(_ percent: Double, _ r2star: Double) {
    let voxel = Voxel(pdff: percent / 100, r2star: r2star, psi: 40)
    let (water, fat) = (fit(voxel, fatRich: false), fit(voxel, fatRich: true))
    let best = water.cost < fat.cost ? water : fat
    // A Rician likelihood at SNR 200 pulls magnitudes by sigma^2 / (2 M).
    #expect(abs(100 * best.fraction - percent) < 0.2, "\(100 * best.fraction)")
    #expect(abs(best.r2star - r2star) < 1)
  }

  /// Points of the liver's median, percent of tissue that is exchanged.
  @Test(arguments: [("liver-3t", 0.5, 0.02), ("liver-1.5t", 0.5, 0.1), ("noise", 1, 1.5)])
  func phantomsAreMeasured(_ name: String, _ points: Double, _ exchanged: Double) throws {
    let phantom = try make(try recipe(name, [64, 64, 12]))
    let series = MagnitudeSeries(
      grid: phantom.grid, echoTimes: phantom.scan.echoTimes,
      magnitude: zip(phantom.scan.real, phantom.scan.imaginary).map { hypot($0, $1) })
    let maps = try separate(
      magnitude: series, frequency: phantom.imagingFrequency, settings: SeparationSettings())
    let score = try score(
      fatFraction: maps.fatFraction, r2star: maps.r2star, against: phantom.truth.scored)
    let liver = try #require(score[.liver])
    let fat = try #require(score[.subcutaneousFat])
    print("magnitudes \(name)\n\(score.table())")
    #expect(abs(try #require(liver.pdff.medianError)) < points)
    #expect(liver.missed20Percent < 1)
    #expect(fat.missed20Percent < 1)
    // Percent of all tissue, in which fat and water are exchanged.
    #expect(score.allTissue.missed20Percent < exchanged)
    #expect(maps.notices.contains { $0.code == "magnitude-only" })
    #expect(abs((maps.method.noiseSD ?? 0) / phantom.noiseSD - 1) < 0.02)
  }

  @Test func twoMagnitudesAreRefused() {
    let grid = cube(2)
    let series = MagnitudeSeries(
      grid: grid, echoTimes: [Seconds(0.001), Seconds(0.002)],
      magnitude: Array(repeating: 1, count: 16))
    let refusal = #expect(throws: SeparationError.self) {
      try separate(magnitude: series, frequency: Hertz(1e8), settings: SeparationSettings())
    }
    #expect(refusal?.code == .tooFewEchoes)
  }
}

func cube(_ n: Int) -> VoxelGrid {
  VoxelGrid(
    nx: n, ny: n, nz: n, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
}

@Suite struct TwoEchoTests {
  @Test(arguments: [("liver-3t", [1.15, 2.3], 4.0), ("liver-1.5t", [2.3, 4.6], 7)])
  func fatAndWaterAreNotExchanged(_ name: String, _ times: [Double], _ points: Double) throws {
    var recipe = try recipe(name, [64, 64, 12])
    recipe.echoTimesMs = times
    let phantom = try make(recipe)
    let maps = try separate(
      twoEchoes: phantom.scan, frequency: phantom.imagingFrequency,
      settings: SeparationSettings())
    let score = try score(fatFraction: maps.fatFraction, against: phantom.truth.scored)
    let liver = try #require(score[.liver])
    print("two echoes \(name): \(liver.pdff), off by 20: \(score.allTissue.missed20Percent)")
    #expect(score.allTissue.missed20Percent < 1, "\(score.table())")
    // R2* is taken as 0: biased, in points.
    #expect(abs(try #require(liver.pdff.medianError)) < points)
    #expect(maps.notices.contains { $0.code == "two-echoes" })
    #expect(maps.fatFractionSD == nil && maps.r2star == nil)
  }
}
