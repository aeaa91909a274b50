import Foundation
import KernelTypes
import Separation
import TestSupport
import Testing
import Volumes

func evenly(_ count: Int, from first: Double, by step: Double) -> [Double] {
  (0..<count).map { first + step * Double($0) }
}

/// Protocols of 3 to 16 echoes, even and uneven.
let protocols: [Echoes] = [
  Echoes(milliseconds: [1.6, 3.8, 6.0], tesla: 1.5),
  Echoes(milliseconds: [1.2, 3.2, 5.2, 7.2, 9.2, 11.2], tesla: 1.5),
  Echoes(milliseconds: [1.15, 2.3, 3.45, 4.6, 5.75, 6.9]),
  Echoes(milliseconds: [1.1, 2.1, 3.4, 4.5, 6.1, 7.3]),
  Echoes(milliseconds: evenly(8, from: 1.1, by: 1)),
  Echoes(milliseconds: evenly(12, from: 1.1, by: 1.1), tesla: 2.895),
  Echoes(milliseconds: evenly(15, from: 1.0, by: 0.8) + [12.95]),
]

/// What single precision leaves, as noise of one channel: the residual is a difference of energies,
/// good to 2e-7 of them, and below that the fit cannot see whether a step was for the better.
func rounding(_ signal: [Complex]) -> Double {
  (2e-7 * signal.reduce(0) { $0 + $1.square }).squareRoot()
}

@Suite struct FitKernelTests {
  /// PDFF 0...100 %, R2* 0...800, field to +-200 Hz.
  static let voxels: [Voxel] = [0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1].flatMap { pdff in
    [0.0, 30, 100, 300, 800].enumerated().map { place, r2star in
      Voxel(
        pdff: pdff, r2star: r2star, psi: -200 + 97 * Double(place) + 40 * pdff,
        phase: 5 * pdff - 2)
    }
  }

  /// Starts off the truth by 8 Hz and a fifth of R2*.
  static let starts = voxels.map { (psi: $0.psi + 8, r2star: $0.r2star * 0.8 + 10) }

  @Test(arguments: protocols)
  func cleanSignalsAreRecovered(_ echoes: Echoes) {
    let results = fit(simulate(Self.voxels, echoes), tables(echoes), start: Self.starts)
    for (voxel, result) in zip(Self.voxels, results) {
      let bound = echoes.covariance(voxel)
      let noise = rounding(echoes.signal(voxel))
      func tolerance(_ parameter: Int) -> Double {
        4 * noise * bound[parameter][parameter].squareRoot()
      }
      let water = (result.water - voxel.water).magnitude
      let fat = (result.fat - voxel.fat).magnitude
      let what = "\(echoes.times.count) echoes, \(voxel)"
      #expect(water < 0.1 + tolerance(0) + tolerance(1), "\(what) water \(water)")
      #expect(fat < 0.1 + tolerance(2) + tolerance(3), "\(what) fat \(fat)")
      // The fit stops at 0.03 /s in both, 5e-3 Hz and 3e-2 1/s.
      #expect(abs(result[.fieldMap] - voxel.psi) < 0.01 + tolerance(4), "\(what)")
      #expect(abs(result[.r2star] - voxel.r2star) < 0.05 + tolerance(5), "\(what)")
      #expect(result[.residual] < 1e-5 * 1e6, "\(what)")
    }
  }

  /// The vector loop against descent on the projected residual in Double.
  @Test(arguments: protocols.filter { $0.times.count > 3 })
  func noisyFitsEqualTheScalarReference(_ echoes: Echoes) {
    let voxels = Self.voxels.filter { $0.r2star < 400 }
    let signals = simulate(voxels, echoes, noise: 20, seed: 5)
    let starts = voxels.map { (psi: $0.psi, r2star: $0.r2star) }
    let results = fit(signals, tables(echoes), start: starts)
    for (i, result) in results.enumerated() {
      let known = echoes.fit(signals[i], psi: voxels[i].psi, r2star: voxels[i].r2star)
      let bound = echoes.covariance(known)
      // A fiftieth of the noise's own spread: the stopping rule and single precision.
      func tolerance(_ parameter: Int) -> Double {
        0.02 * 20 * bound[parameter][parameter].squareRoot()
      }
      if known.r2star < -50 { continue }  // the bound on R2* acts
      #expect((result.water - known.water).magnitude < 0.1 + tolerance(0) + tolerance(1))
      #expect((result.fat - known.fat).magnitude < 0.1 + tolerance(2) + tolerance(3))
      #expect(abs(result[.fieldMap] - known.psi) < 0.01 + tolerance(4))
      #expect(abs(result[.r2star] - known.r2star) < 0.05 + tolerance(5))
      let residual = echoes.project(signals[i], psi: known.psi, r2star: known.r2star).residual
      // Cancellation in single precision: 1e-6 of the energy; the minimum is flat.
      let energy = signals[i].reduce(0) { $0 + $1.square }
      #expect(abs(result[.residual] - residual) < 2e-6 * energy + 1e-3 * residual)
    }
  }

  /// One Gauss-Newton step lowers the residual and points down its gradient.
  @Test func stepDescendsTheGradient() {
    let echoes = protocols[2]
    let voxels = Self.voxels
    let signals = simulate(voxels, echoes, noise: 5, seed: 6)
    let all = tables(echoes)
    var plan = all.fit
    plan.iterations = 1
    let rows = FitRow.allCases.count
    let packed = pack(signals)
    let (out, begin) = (Buffer<Float>(rows * 16, zero: 0), Buffer<Float>(32, zero: 0))
    for (psiOff, r2Off) in [(2.0, 0.0), (-2, 0), (0, 8), (0, -8), (1, 4)] {
      for block in 0..<(voxels.count / 16) {
        for lane in 0..<16 {
          let voxel = voxels[block * 16 + lane]
          begin[lane] = Float(voxel.psi + psiOff)
          begin[16 + lane] = Float(voxel.r2star + r2Off)
        }
        Kernels.best.fitSignal(
          1, packed.pointer + block * echoes.times.count * 32, begin.pointer, plan, out.pointer)
        for lane in 0..<16 {
          let signal = signals[block * 16 + lane]
          let (p, r) = (Double(begin[lane]), Double(begin[16 + lane]))
          func f(_ p: Double, _ r: Double) -> Double {
            echoes.project(signal, psi: p, r2star: r).residual
          }
          let slope = (
            (f(p + 1e-3, r) - f(p - 1e-3, r)) / 2e-3, (f(p, r + 1e-2) - f(p, r - 1e-2)) / 2e-2
          )
          let step = (
            Double(out[FitRow.fieldMap.rawValue * 16 + lane]) - p,
            Double(out[FitRow.r2star.rawValue * 16 + lane]) - r
          )
          let descent = slope.0 * step.0 + slope.1 * step.1
          if step.0 == 0, step.1 == 0 { continue }
          #expect(descent < 0, "voxel \(block * 16 + lane): \(slope) \(step)")
          #expect(f(p + step.0, r + step.1) <= f(p, r) * (1 + 1e-5))
        }
      }
    }
  }

  /// Covariance rows against the inverse of the Fisher information from a numeric Jacobian.
  @Test(arguments: protocols)
  func covarianceIsTheCramerRaoBound(_ echoes: Echoes) {
    let voxels = Self.voxels.filter { $0.r2star <= 300 }
    let results = fit(
      simulate(voxels, echoes), tables(echoes),
      start: voxels.map { (psi: $0.psi, r2star: $0.r2star) })
    for (voxel, result) in zip(voxels, results) {
      let c = echoes.covariance(voxel)
      let water = c[0][0] + c[1][1]
      let fat = c[2][2] + c[3][3]
      // E[dW conj(dF)].
      let cross = Complex(c[0][2] + c[1][3], c[1][2] - c[0][3])
      // Relative to the largest: single precision after inverting A^H A.
      let tolerance = 5e-3
      let what = "\(echoes.times.count) echoes, \(voxel)"
      #expect(abs(result[.varianceWater] / water - 1) < tolerance, "\(what)")
      #expect(abs(result[.varianceFat] / fat - 1) < tolerance, "\(what)")
      let found = Complex(result[.covarianceReal], result[.covarianceImaginary])
      #expect((found - cross).magnitude < tolerance * (water * fat).squareRoot(), "\(what)")
    }
  }

  @Test(arguments: Kernels.available.map(\.name), protocols)
  func instructionSetsAgree(_ name: String, _ echoes: Echoes) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    let signals = simulate(Self.voxels, echoes, noise: 10, seed: 3)
    let known = fit(signals, tables(echoes), start: Self.starts, kernels: .baseline)
    let results = fit(signals, tables(echoes), start: Self.starts, kernels: kernels)
    var (converged, expected) = (0, 0)
    for (i, (a, b)) in zip(known, results).enumerated() where a[.converged] == 1 {
      let bound = echoes.covariance(Self.voxels[i])
      // A hundredth of noise's spread, and rounding: it differs by fused multiply-add, and so may
      // the iteration at which the fit stops. Each lies within four of it around the minimum.
      let noise = 0.01 * 10 + 8 * rounding(signals[i])
      func tolerance(_ parameter: Int) -> Double {
        noise * bound[parameter][parameter].squareRoot()
      }
      #expect((a.water - b.water).magnitude < 0.05 + tolerance(0))
      #expect((a.fat - b.fat).magnitude < 0.05 + tolerance(2))
      #expect(abs(a[.fieldMap] - b[.fieldMap]) < 0.005 + tolerance(4))
      #expect(abs(a[.r2star] - b[.r2star]) < 0.02 + tolerance(5))
      converged += b[.converged] == 1 ? 1 : 0
      expected += 1
    }
    // At the edge of rounding one may stop a step later than it may take.
    #expect(converged >= expected - 2, "\(expected - converged) of \(expected)")
  }
}
