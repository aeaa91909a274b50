import Faults
import Foundation
import KernelTypes
import Volumes

/// How well echo times separate, by the Cramér-Rao bound, before anybody reads a number.
package struct EchoBound {
  /// Standard deviation of PDFF, as a fraction, of a voxel at SNR 40.
  package var standardDeviation: Double
  /// What the voxel holds, for the notice: "10 % fat".
  var voxel: String

  /// Refuses echo times that cannot separate, warns of those that separate badly.
  func checked() throws(SeparationError) -> Notice? {
    if !(standardDeviation < 1) {
      throw SeparationError(
        .echoesCannotSeparate, "a voxel of \(voxel) at SNR 40 would err by over 100 points")
    }
    guard standardDeviation > 0.05 else { return nil }
    let points = (standardDeviation * 1000).rounded() / 10
    return Notice(
      SeparationNotice.imprecise,
      "a voxel of \(voxel) at SNR 40 errs by \(points) points (one standard deviation)")
  }
}

extension ComplexSeparation {
  /// By the bound of one voxel of 10 % fat at SNR 40, R2* 40 /s.
  mutating func checkEchoes() throws(SeparationError) {
    let n = series.echoTimes.count
    guard n >= 3 else { throw SeparationError(.tooFewEchoes, "\(n) complex echoes") }
    guard n <= 32 else { throw SeparationError(.tooManyEchoes, "\(n)") }
    if n == 3 { notices.append(Notice(SeparationNotice.threeEchoes)) }
    if let correction = settings.t1Correction { notices.append(correction.notice) }
    let bound = EchoBound(standardDeviation: typicalBound(), voxel: "10 % fat")
    notices += [try bound.checked()].compactMap { $0 }
  }

  /// Standard deviation of PDFF, as a fraction, of a voxel of 10 % fat, R2* 40 /s, SNR 40.
  private func typicalBound() -> Double {
    let n = series.echoTimes.count
    let tables = tables(noiseSD: 1.0 / 40)
    let signal = Buffer<Float>(n * 32, zero: 0)
    for (k, time) in series.echoTimes.enumerated() {
      let decay = exp(-40 * time.value)
      let c = echoProtocol.fat[k]
      for lane in 0..<16 {
        signal[k * 32 + lane] = Float((0.9 + 0.1 * c.real) * decay)
        signal[k * 32 + 16 + lane] = Float(0.1 * c.imaginary * decay)
      }
    }
    let start = Buffer<Float>(32, zero: 0)
    for lane in 16..<32 { start[lane] = 40 }
    let rows = Buffer<Float>(FitRow.allCases.count * 16, zero: 0)
    settings.kernels.fitSignal(1, signal.pointer, start.pointer, tables.fit, rows.pointer)
    func row(_ row: FitRow) -> Double { Double(rows[row.rawValue * 16]) }
    let variance = 1.0 / 1600
    return VoxelFatFraction(
      water: SIMD2(0.9, 0), fat: SIMD2(0.1, 0),
      covariance: (
        row(.varianceWater) * variance, row(.varianceFat) * variance,
        SIMD2(row(.covarianceReal), row(.covarianceImaginary)) * variance
      )
    ).standardDeviation
  }
}

extension EchoBound {
  /// The worse of a water-rich and a fat-rich voxel of magnitudes: 10 and 90 % fat, R2* 40 /s.
  ///
  /// With M_k = |W + F c_k| exp(-R2* t_k) and a noise of sigma in every magnitude the Fisher information
  /// of (W, F, R2*) is J^T J / sigma^2, J the slopes of M; the Rician one differs where signal nears
  /// noise only.
  package static func ofMagnitudes(_ plan: FlatProtocol) -> EchoBound {
    [0.1, 0.9].map { fraction in
      EchoBound(
        standardDeviation: RicianFit.bound(
          fatFraction: fraction, r2star: 40, plan, sigma: 1.0 / 40),
        voxel: fraction < 0.5 ? "10 % fat" : "90 % fat")
    }.max { !($1.standardDeviation < $0.standardDeviation) }
      ?? EchoBound(
        standardDeviation: .infinity, voxel: "10 % fat")
  }

  /// A voxel of 10 % fat in two complex echoes, R2* 0 and one phase: the field takes the phase, and
  /// the fraction f is read from L(f) = ln |d_1| - ln |d_2|, d_k = 1 - f + f c_k, so that
  ///
  ///     sd(f) = (|d_1|^-2 + |d_2|^-2)^(1/2) sigma / |dL/df|.
  ///
  /// A slope of nothing means that both echoes see fat alike.
  package static func ofTwoEchoes(_ plan: EchoProtocol) -> EchoBound {
    let f = 0.1
    var (slope, noise) = (0.0, 0.0)
    for (k, c) in plan.fat.prefix(2).enumerated() {
      let d = SIMD2(1 - f + f * c.real, f * c.imaginary)
      let square = (d * d).sum()
      let change = SIMD2(c.real - 1, c.imaginary)
      slope += (k == 0 ? 1 : -1) * (d * change).sum() / square
      noise += 1 / square
    }
    return EchoBound(
      standardDeviation: noise.squareRoot() / 40 / abs(slope), voxel: "10 % fat")
  }
}
