import Foundation
import Reports
import Scans
import Separation
import TestSupport
import Testing
import Volumes

@Suite struct EchoFitTests {
  private let frequency = Hertz(megahertz: 127.74)
  private let times = (0..<6).map { Seconds(milliseconds: 1.2 + 1.1 * Double($0)) }
  private let grid = VoxelGrid(
    nx: 3, ny: 1, nz: 1, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))

  private func method(_ precession: String?) -> MethodRecord {
    var method = MethodRecord(name: "t")
    method.precession = precession
    method.options = AppliedOptions(SeparationSettings(), of: .complexEchoes)
    return method
  }

  /// s(t) = (W + F c(t)) exp(i 2 pi psi t) exp(-R2* t), written out here by itself.
  private func signal(water: Double, fat: Double, psi: Double, r2star: Double, reversed: Bool)
    -> [SIMD2<Float>]
  {
    let peaks = [
      (0.60, 0.048), (-0.39, 0.039), (-1.94, 0.004), (-2.60, 0.128), (-3.40, 0.693),
      (-3.80, 0.087),
    ]
    let sum = peaks.reduce(0) { $0 + $1.1 }
    return times.map { time in
      var (re, im) = (0.0, 0.0)
      let t = time.value
      for (shift, amplitude) in [(0.0, water)] + peaks.map({ ($0.0, fat * $0.1 / sum) }) {
        let angle = 2 * Double.pi * (shift * 127.74 + psi) * t + 0.7
        re += amplitude * cos(angle)
        im += amplitude * sin(angle)
      }
      let decay = exp(-r2star * t)
      return SIMD2(Float(re * decay), Float((reversed ? -im : im) * decay))
    }
  }

  /// Noise-free echoes are met to single precision, with either sign of phase and a wrapped field map.
  @Test(arguments: ["+", "-"])
  func theModelMeetsItsOwnEchoes(precession: String) throws {
    let model = try #require(
      EchoModel(method(precession), echoTimes: times, frequency: frequency, grid: grid))
    let echoes = signal(
      water: 300, fat: 100, psi: 43, r2star: 60, reversed: precession == "-")
    for wrap in [0, 1 / 1.1e-3, -1 / 1.1e-3] {
      let fit = model.fit(
        complex: echoes, voxel: 1, fieldMap: Hertz(43 + wrap), r2star: PerSecond(60))
      #expect(try #require(fit.residual) < 1e-3)
      // |W + F c(0)| = 400.
      #expect(abs(model.magnitude(of: fit, at: Seconds(0)) - 400) < 0.01)
    }
    let wrong = model.fit(complex: echoes, voxel: 1, fieldMap: Hertz(143), r2star: PerSecond(60))
    #expect(try #require(wrong.residual) > 20)
  }

  /// Magnitudes with the right fraction are met; their size is found.
  @Test func magnitudesAreMet() throws {
    let model = try #require(
      EchoModel(method(nil), echoTimes: times, frequency: frequency, grid: grid))
    let echoes = signal(water: 300, fat: 100, psi: 43, r2star: 60, reversed: false).map {
      ($0 * $0).sum().squareRoot()
    }
    let fit = model.fit(
      magnitude: echoes, fatFraction: FatFraction(0.25), r2star: PerSecond(60))
    #expect(try #require(fit.residual) < 1e-3)
    #expect(abs(model.magnitude(of: fit, at: Seconds(0)) - 400) < 0.01)
  }

  /// Noise alone leaves its own standard deviation: 2000 voxels, so 2 per cent.
  @Test func noiseLeavesItself() throws {
    let model = try #require(
      EchoModel(method("+"), echoTimes: times, frequency: frequency, grid: grid))
    var random = SeededGenerator(seed: 6)
    func normal() -> Float {
      let u = Double.random(in: 1e-12..<1, using: &random)
      let v = Double.random(in: 0..<1, using: &random)
      return Float(5 * (-2 * log(u)).squareRoot() * cos(2 * .pi * v))
    }
    let clean = signal(water: 300, fat: 100, psi: 43, r2star: 60, reversed: false)
    var squares = 0.0
    for _ in 0..<2000 {
      let echoes = clean.map { $0 + SIMD2(normal(), normal()) }
      let fit = model.fit(complex: echoes, voxel: 0, fieldMap: Hertz(43), r2star: PerSecond(60))
      let residual = try #require(fit.residual)
      squares += residual * residual
    }
    // psi and R2* are held at the truth here, not fitted: 8 spare numbers where 6 are counted.
    #expect(abs((squares / 2000 * 6 / 8).squareRoot() - 5) < 0.1)
  }

  @Test func twoUnknownsAndThreeEchoesLeaveNothingToSee() throws {
    let model = try #require(
      EchoModel(method("+"), echoTimes: Array(times[..<3]), frequency: frequency, grid: grid))
    let echoes = Array(
      signal(water: 300, fat: 100, psi: 43, r2star: 60, reversed: false)[..<3])
    let fit = model.fit(complex: echoes, voxel: 0, fieldMap: Hertz(43), r2star: PerSecond(60))
    #expect(fit.residual == nil)
    #expect(
      EchoModel(MethodRecord(name: "t"), echoTimes: times, frequency: frequency, grid: grid) == nil)
  }

  /// Echoes that are put by are the scan's, voxel by voxel.
  @Test func sampledEchoesAreTheScans() throws {
    let count = grid.count
    let real = (0..<(2 * count)).map { Float($0) }
    let imaginary = real.map { -10 * $0 }
    let signal = DixonScan.Signal.complex(
      EchoSeries(
        grid: grid, echoTimes: Array(times[..<2]), real: real, imaginary: imaginary))
    let sample = try #require(EchoSample(signal, voxels: [0, 2]))
    #expect(sample.complex(1) == [SIMD2(2, -20), SIMD2(5, -50)])
    #expect(sample.place(of: 2) == 1 && sample.place(of: 1) == nil && sample.place(of: 9) == nil)
    let map = Volume<Float>(grid: grid, repeating: 0)
    #expect(EchoSample(.pdff(map), voxels: [0]) == nil)
  }
}
