import Foundation
import Separation
import TestSupport
import Testing
import Volumes

/// How noise is correlated, read from the scan.
@Suite struct NoiseCorrelationTests {
  static let echoes = Echoes(milliseconds: evenly(6, from: 1.15, by: 1.15), tesla: 3)

  private func measured(_ vials: Vials) throws -> NoiseCorrelation {
    let maps = try separate(
      complex: vials.series, frequency: vials.frequency, settings: SeparationSettings())
    return try #require(maps.method.noiseCorrelation)
  }

  @Test func independentNoiseHasNone() throws {
    let vials = Vials(echoes: Self.echoes, tesla: 3, snr: 25, slices: 4, seed: 3)
    #expect(try measured(vials).isNone)
  }

  /// Noise of an image zero-filled to 3/2 of its size along x and to twice its size along y:
  /// sin(pi k / f) / (pi k / f), f = 3/2 and 2. Tolerance: 0.03, from the vials' own background and
  /// from what fits of a scan without background leave.
  @Test(arguments: [false, true]) func zeroFillingIsSeen(masked: Bool) throws {
    let vials = Vials(
      echoes: Self.echoes, tesla: 3, snr: 25, slices: 4, seed: 3, filling: [1.5, 2], masked: masked)
    let found = try measured(vials)
    for (axis, factor) in [1.5, 2].enumerated() {
      for k in 1...8 {
        let argument = Double.pi * Double(k) / factor
        let value = found.axes[axis].count >= k ? found.axes[axis][k - 1] : 0
        #expect(
          abs(value - sin(argument) / argument) < 0.03, "axis \(axis), \(k) voxels: \(value)")
      }
    }
    #expect(found.axes[2].isEmpty)
  }

  /// The same from magnitudes. Tolerance: 0.05, since few fits have much left over.
  @Test func magnitudesShowItToo() throws {
    let vials = Vials(
      echoes: Self.echoes, tesla: 3, snr: 40, slices: 4, seed: 3, filling: [1, 2])
    let series = vials.series
    let maps = try separate(
      magnitude: MagnitudeSeries(
        grid: series.grid, echoTimes: series.echoTimes,
        magnitude: zip(series.real, series.imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }),
      frequency: vials.frequency, settings: SeparationSettings())
    let found = try #require(maps.method.noiseCorrelation)
    #expect(found.axes[0].allSatisfy { abs($0) < 0.05 })
    for (k, value) in [0.637, 0, -0.212, 0, 0.127].enumerated() {
      let seen = found.axes[1].count > k ? found.axes[1][k] : 0
      #expect(abs(seen - value) < 0.05, "\(k + 1) voxels: \(seen)")
    }
  }
}
