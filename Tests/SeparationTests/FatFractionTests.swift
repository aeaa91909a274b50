import Foundation
import Separation
import TestSupport
import Testing
import Volumes

@Suite struct FatFractionTests {
  static func fraction(
    _ water: Complex, _ fat: Complex, variance: Double = 100, cross: Complex = Complex(0)
  ) -> VoxelFatFraction {
    VoxelFatFraction(
      water: SIMD2(water.re, water.im), fat: SIMD2(fat.re, fat.im),
      covariance: (variance, variance, SIMD2(cross.re, cross.im)))
  }

  /// True 20 %, by hand: 1 - 0.8 / |0.8 + 0.2 exp(i angle)|, percent.
  @Test(arguments: [(0.0, 20.0), (0.3, 19.4), (1.0, 13.4)])
  func magnitudeDiscriminationByHand(_ angle: Double, _ percent: Double) {
    // A large variance: the angle is not certain.
    let value = Self.fraction(Complex(0.8), Complex(phase: angle) * 0.2)
    #expect(abs(100 * value.value - percent) < 0.05)
    #expect(!value.phasesDiffer)
    // And of the fatty side.
    let mirrored = Self.fraction(Complex(phase: angle) * 0.2, Complex(0.8))
    #expect(abs(100 * (1 - mirrored.value) - percent) < 0.05)
  }

  @Test func aCertainAngleIsSaidAndAllowedFor() {
    for angle in [0.3, 1.0, 3.0] {
      let value = Self.fraction(Complex(0.8), Complex(phase: angle) * 0.2, variance: 1e-6)
      #expect(value.phasesDiffer)
      #expect(abs(value.value - 0.2) < 1e-12)
    }
    #expect(!Self.fraction(Complex(0.8), Complex(phase: 0.05) * 0.2, variance: 1e-8).phasesDiffer)
  }

  @Test(arguments: [0.0, 0.1, 0.35, 0.5001, 0.8, 1.0])
  func commonPhaseAndScaleDoNotMatter(_ pdff: Double) {
    for (phase, scale) in [(0.0, 1.0), (2.5, 1e-3), (-1.2, 4e4)] {
      let turn = Complex(phase: phase) * scale
      let value = Self.fraction(
        turn * (1 - pdff), turn * pdff, variance: 1e-4 * scale * scale)
      #expect(abs(value.value - pdff) < 1e-12)
      let plain = Self.fraction(Complex(1 - pdff), Complex(pdff), variance: 1e-4)
      #expect(abs(value.standardDeviation / plain.standardDeviation - 1) < 1e-9)
    }
  }

  @Test func nothingIsNoCrash() {
    #expect(!Self.fraction(Complex(0), Complex(0)).value.isInfinite)
  }

  /// 0 % fat, noise 0.03 of water a channel in both: -0.06 points, where |F| / (|W| + |F|) reads
  /// +3.6 (Liu 2007).
  @Test func biasAtZero() {
    var generator = SeededGenerator(seed: 21)
    let count = 200_000
    var (sum, naive) = (0.0, 0.0)
    for _ in 0..<count {
      let w = Complex(1) + normalPair(&generator) * 0.03
      let f = normalPair(&generator) * 0.03
      sum += Self.fraction(w, f, variance: 2 * 0.0009).value
      naive += f.magnitude / (w.magnitude + f.magnitude)
    }
    // Four standard errors: 4 * 3 points / sqrt(200000) = 0.027.
    #expect(abs(100 * sum / Double(count) + 0.06) < 0.027 + 0.01)
    #expect(abs(100 * naive / Double(count) - 3.6) < 0.1)
  }

  /// Where |W| and |F| cross, values jump by the noise across S0, squared: the standard deviation
  /// counts it. W and F of circular noise that leaves F / S0 a standard deviation of `sigma`.
  @Test(arguments: [0.02, 0.05], [0.44, 0.47, 0.5, 0.53])
  func theSwitchIsCounted(_ sigma: Double, _ pdff: Double) {
    var generator = SeededGenerator(seed: 22)
    let scale = sigma / ((1 - pdff) * (1 - pdff) + pdff * pdff).squareRoot()
    let count = 100_000
    var z: [Double] = []
    for _ in 0..<count {
      let value = Self.fraction(
        Complex(1 - pdff) + normalPair(&generator) * scale,
        Complex(pdff) + normalPair(&generator) * scale, variance: 2 * scale * scale)
      z.append((value.value - pdff) / value.standardDeviation)
    }
    z.sort()
    let mean = z.reduce(0, +) / Double(count)
    let square = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(abs(square.squareRoot() - 1) < 0.02, "\(square.squareRoot())")
    let away = z.map { abs($0 - z[count / 2]) }.sorted()
    // Without the switch's part 1.064 at 50 % and sigma 0.05.
    #expect(abs(1.4826 * away[count / 2] - 1) < 0.045, "\(1.4826 * away[count / 2])")
    let spread = (z[count * 8413 / 10_000] - z[count * 1587 / 10_000]) / 2
    #expect(abs(spread - 1) < 0.03, "\(spread)")
  }

  /// Standard deviation by the covariance against differences of the value, any covariance, with the
  /// switch's part.
  @Test func standardDeviationIsTheGradients() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let w = normalPair(&generator)
      let f = normalPair(&generator)
      for variance in [1e-9, 1e3] {
        let value = Self.fraction(
          w, f, variance: variance, cross: Complex(0.3, -0.2) * variance)
        // Gradient by Re and Im of W and F; circular noise: Var Re = Var Im = variance / 2.
        let h = 1e-6
        func at(_ dw: Complex, _ df: Complex) -> Double {
          Self.fraction(w + dw, f + df, variance: variance).value
        }
        func slope(_ dw: Complex, _ df: Complex) -> Double {
          (at(dw * h, df * h) - at(dw * -h, df * -h)) / (2 * h)
        }
        let (zero, one, i) = (Complex(0), Complex(1), Complex(0, 1))
        let g = [slope(one, zero), slope(i, zero), slope(zero, one), slope(zero, i)]
        // E[dW conj dF] = c: E[Re Re] = E[Im Im] = Re c / 2, E[Im_W Re_F] = -E[Re_W Im_F] = Im c / 2.
        let (cr, ci) = (0.3 * variance / 2, -0.2 * variance / 2)
        let c = [
          [variance / 2, 0, cr, -ci], [0, variance / 2, ci, cr], [cr, ci, variance / 2, 0],
          [-ci, cr, 0, variance / 2],
        ]
        var square = 0.0
        for a in 0..<4 { for b in 0..<4 { square += g[a] * g[b] * c[a][b] } }
        let sigma = square.squareRoot()
        let u = (value.value - 0.5) / sigma
        let density = exp(-u * u / 2) / (2 * Double.pi).squareRoot()
        let part = 2 * sigma * density / max(value.value, 1 - value.value)
        let known = sigma * (value.phasesDiffer ? 1 : (1 + part).squareRoot())
        // Central differences; the gradient jumps where |W| = |F|.
        if abs(w.magnitude - f.magnitude) < 1e-4 || (w + f).magnitude < 1e-2 { continue }
        #expect(abs(value.standardDeviation / known - 1) < 1e-4)
      }
    }
  }
}

/// PDFFsd against what noise does: robust standard deviation of (PDFF - truth) / PDFFsd.
@Suite struct UncertaintyTests {
  @Test(arguments: [20.0, 60], [0.0, 10, 50, 95])
  func zScoresAreStandard(_ snr: Double, _ percent: Double) {
    let echoes = Echoes(milliseconds: [1.2, 2.8, 4.4, 6.0, 7.6, 9.2])
    for r2star in [30.0, 150] {
      let voxel = Voxel(pdff: percent / 100, r2star: r2star, psi: 35)
      let voxels = Array(repeating: voxel, count: 4000)
      let noise = 1000 / snr
      let results = fit(
        simulate(voxels, echoes, noise: noise, seed: 77), tables(echoes, noise: noise),
        start: voxels.map { (psi: $0.psi, r2star: $0.r2star) })
      let variance = noise * noise
      let z = results.map { r -> Double in
        let value = VoxelFatFraction(
          water: SIMD2(r.water.re, r.water.im), fat: SIMD2(r.fat.re, r.fat.im),
          covariance: (
            r[.varianceWater] * variance, r[.varianceFat] * variance,
            SIMD2(r[.covarianceReal], r[.covarianceImaginary]) * variance
          ))
        return (value.value - percent / 100) / value.standardDeviation
      }.sorted()
      // Half the distance of the 15.87th and 84.13th percentile.
      let spread = (z[4000 * 8413 / 10_000] - z[4000 * 1587 / 10_000]) / 2
      #expect(spread > 0.9 && spread < 1.1, "SNR \(snr), \(percent) %, R2* \(r2star): \(spread)")
    }
  }
}
