import Faults
import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

/// sum over echoes of |s|^2 of every voxel.
func energies(_ series: EchoSeries) -> [Float] {
  let count = series.grid.count
  return (0..<count).map { i in
    series.echoTimes.indices.reduce(Float(0)) { sum, k in
      let (re, im) = (series.real[k * count + i], series.imaginary[k * count + i])
      return sum + re * re + im * im
    }
  }
}

/// A recipe on another grid; exported in radians, so that the floor reads what was simulated.
func recipe(_ name: String, _ shape: [Int]) throws -> Recipe {
  var recipe = try Recipe.named(name)
  recipe.shape = shape
  recipe.export.style = .radians
  return recipe
}

/// A scan with zeros where there is no tissue, as masked exports have.
func zeroFilled(_ phantom: Phantom) -> EchoSeries {
  var series = phantom.scan
  let count = series.grid.count
  let tissue = phantom.tissue
  for i in series.real.indices where !tissue[i % count] {
    series.real[i] = 0
    series.imaginary[i] = 0
  }
  return series
}

@Suite struct NoiseEstimateTests {
  /// Of the standard deviation.
  static let tolerance = 0.02

  @Test(arguments: [8.0, 12, 20, 40, 100, 300], ["liver-3t", "three-echo", "eight-echo", "iron"])
  func backgroundTellsTheNoise(_ snr: Double, _ name: String) throws {
    var recipe = try recipe(name, [48, 48, 8])
    recipe.snr = snr
    let phantom = try make(recipe)
    let found = NoiseEstimate.fromBackground(
      energies: energies(phantom.scan), echoes: phantom.scan.echoTimes.count,
      echoEnergy: phantom.scan.energy)
    #expect(abs((found ?? 0) / phantom.noiseSD - 1) < Self.tolerance, "\(found ?? 0)")
  }

  @Test(arguments: ["liver-3t", "noise", "snr-300", "three-echo", "iron"])
  func zeroFilledBackgroundTellsNothing(_ name: String) throws {
    let phantom = try make(try recipe(name, [64, 64, 12]))
    let scan = zeroFilled(phantom)
    let found = NoiseEstimate.fromBackground(
      energies: energies(scan), echoes: scan.echoTimes.count, echoEnergy: scan.energy)
    #expect(found == nil, "\(found ?? 0), true is \(phantom.noiseSD)")
  }

  /// And every voxel of tissue is still measured, with an uncertainty from the residuals.
  @Test(arguments: ["liver-3t", "noise", "iron"])
  func zeroFilledScansAreMeasured(_ name: String) throws {
    let phantom = try make(try recipe(name, [64, 64, 12]))
    let maps = try separate(
      complex: zeroFilled(phantom), frequency: phantom.imagingFrequency,
      settings: SeparationSettings())
    let tissue = phantom.tissue.indices.filter { phantom.tissue[$0] }
    let missing = tissue.count { maps.fatFraction.values[$0].isNaN }
    #expect(missing == 0, "\(missing) of \(tissue.count)")
    // The lower quartile of residuals: twice the tolerance of the background.
    let found = maps.method.noiseSD ?? 0
    #expect(abs(found / phantom.noiseSD - 1) < 2 * Self.tolerance, "\(found / phantom.noiseSD)")
  }

  @Test(arguments: [2, 4, 6, 10, 18])
  func residualsTellTheNoise(_ degrees: Int) {
    var generator = SeededGenerator(seed: 8)
    let residuals = (0..<40_000).map { _ in
      Float((0..<(degrees / 2)).reduce(0.0) { sum, _ in sum + normalPair(&generator).square } * 9)
    }
    let found = NoiseEstimate.fromResiduals(residuals, degreesOfFreedom: degrees)
    #expect(abs((found ?? 0) / 3 - 1) < Self.tolerance)
  }

  @Test func tooLittleTellsNothing() {
    #expect(NoiseEstimate.fromResiduals(Array(repeating: 1, count: 49), degreesOfFreedom: 6) == nil)
    #expect(NoiseEstimate.fromResiduals(Array(repeating: 1, count: 60), degreesOfFreedom: 0) == nil)
    #expect(NoiseEstimate.fromResiduals(Array(repeating: 0, count: 60), degreesOfFreedom: 6) == nil)
    let equal = { (_: Int, _: Int) -> Float in 0.2 }
    #expect(NoiseEstimate.fromBackground(energies: [], echoes: 6, echoEnergy: equal) == nil)
    let odd: [Float] = [.nan, .infinity, 0, -1, 1]
    #expect(NoiseEstimate.fromBackground(energies: odd, echoes: 6, echoEnergy: equal) == nil)
  }

  /// One false voxel in 1e5: Gamma(n), to 0.3 of the decimal exponent.
  @Test(arguments: [2, 3, 6, 12])
  func thresholdPassesOneInAHundredThousand(_ echoes: Int) {
    let x = NoiseEstimate.detectionThreshold(echoes: echoes)
    // P(Gamma(n) > x) = exp(-x) sum_(k < n) x^k / k!.
    var (term, sum) = (1.0, 1.0)
    for k in 1..<echoes {
      term *= x / Double(k)
      sum += term
    }
    #expect(abs(log10(exp(-x) * sum) + 5) < 0.3)
  }

  @Test func nothingButNoiseIsRefused() throws {
    let grid = VoxelGrid(
      nx: 16, ny: 16, nz: 4,
      affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    let zeros = [Float](repeating: 0, count: grid.count * 3)
    let series = EchoSeries(
      grid: grid, echoTimes: [1.0, 2.1, 3.4].map { Seconds(milliseconds: $0) }, real: zeros,
      imaginary: zeros)
    let refusal = #expect(throws: SeparationError.self) {
      try separate(complex: series, frequency: Hertz(128e6), settings: SeparationSettings())
    }
    #expect(refusal?.code == .noSignal)
    let bad = EchoSeries(
      grid: grid, echoTimes: series.echoTimes,
      real: zeros.map { _ in .nan }, imaginary: zeros)
    #expect(throws: SeparationError.self) {
      try separate(complex: bad, frequency: Hertz(128e6), settings: SeparationSettings())
    }
  }
}
