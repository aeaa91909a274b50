import Faults
import Foundation
import KernelTypes
import Volumes

extension ComplexSeparation {
  /// Refuses echo times that cannot separate, warns of those that separate badly, before anybody
  /// reads a number: by the bound of one voxel of 10 % fat at SNR 40, R2* 40 /s.
  mutating func checkEchoes() throws(SeparationError) {
    let n = series.echoTimes.count
    guard n >= 3 else { throw SeparationError(.tooFewEchoes, "\(n) complex echoes") }
    guard n <= 32 else { throw SeparationError(.tooManyEchoes, "\(n)") }
    if n == 3 { notices.append(Notice(SeparationNotice.threeEchoes)) }
    if let correction = settings.t1Correction { notices.append(correction.notice) }
    let bound = typicalBound()
    let points = (bound * 1000).rounded() / 10
    if !(bound < 1) {
      throw SeparationError(
        .echoesCannotSeparate, "a voxel of 10 % fat at SNR 40 would err by over 100 points")
    }
    if bound > 0.05 {
      notices.append(
        Notice(
          SeparationNotice.imprecise,
          "a voxel of 10 % fat at SNR 40 errs by \(points) points (one standard deviation)"))
    }
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
    settings.kernels.fitSignal(signal.pointer, start.pointer, tables.fit, rows.pointer)
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
