import Faults
import Foundation
import KernelTypes
import Volumes

/// A standard deviation of PDFF, 5 points, above which a voxel by itself counts as unmeasurable. Up to
/// there it is held to what errors really are; far beyond, errors are no longer Gaussian.
let unmeasurableSD = 0.05

extension ComplexSeparation {
  /// Turns fits into maps on the scan's grid.
  func maps(
    _ fits: Buffer<Float>, voxels: SignalVoxels, noiseSD: Double, conjugated: Bool,
    spectrumName: String
  ) -> SeparatedMaps {
    let count = series.grid.count
    let planes = (0..<6).map { _ in Buffer<Float>(count, zero: .nan) }
    let bits = Buffer<UInt16>(quality, zero: 0)
    let variance = noiseSD * noiseSD
    let degrees = Double(2 * series.echoTimes.count - 6)
    let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
    let (lower, upper) = (
      Float(settings.r2starMinimum.value), Float(settings.r2starMaximum.value)
    )
    voxels.indices.withUnsafeBufferPointer { indices in
      nonisolated(unsafe) let indices = indices
      inParallel(voxels.count, piece: 1 << 14) { range in
        for i in range {
          let fit = VoxelFit(fits, i)
          let at = Int(indices[i])
          let w = fit.water / weights.water
          let f = fit.fat / weights.fat
          let pdff = VoxelFatFraction(
            water: w, fat: f,
            covariance: (
              fit.varianceWater * variance / (weights.water * weights.water),
              fit.varianceFat * variance / (weights.fat * weights.fat),
              fit.covariance * (variance / (weights.water * weights.fat))
            ))
          planes[0][at] = Float(pdff.value)
          planes[1][at] = Float(pdff.standardDeviation)
          planes[2][at] = fit.r2star
          planes[3][at] = fit.fieldMap
          planes[4][at] = Float((w * w).sum().squareRoot())
          planes[5][at] = Float((f * f).sum().squareRoot())
          var q = Quality()
          if !fit.converged { q.insert(.notConverged) }
          if fit.r2star >= upper || fit.r2star <= lower { q.insert(.r2starAtBound) }
          if pdff.phasesDiffer { q.insert(.phasesDiffer) }
          if !(pdff.standardDeviation < unmeasurableSD) { q.insert(.unmeasurable) }
          let unexplained = fit.residual - variance * (degrees + 6 * (2 * degrees).squareRoot())
          let signalSquare = (w * w).sum() + (f * f).sum()
          if degrees > 0, unexplained > 0.01 * signalSquare { q.insert(.poorFit) }
          bits[at] |= q.rawValue
        }
      }
    }
    func volume(_ plane: Int) -> Volume<Float> {
      Volume(
        grid: series.grid,
        values: Array(UnsafeBufferPointer(start: planes[plane].pointer, count: count)))
    }
    return SeparatedMaps(
      fatFraction: volume(0), fatFractionSD: volume(1), r2star: volume(2), fieldMap: volume(3),
      water: volume(4), fat: volume(5),
      quality: Volume(
        grid: series.grid,
        values: Array(UnsafeBufferPointer(start: bits.pointer, count: count))),
      method: MethodRecord(
        name: "complex multi-echo, joint R2*, field map by minimum cuts, variable projection",
        fatSpectrum: spectrumName, precession: conjugated ? "-" : "+", noiseSD: noiseSD,
        instructionSet: settings.kernels.name),
      notices: notices)
  }
}

/// One voxel of a fit's result.
private struct VoxelFit {
  let water: SIMD2<Double>
  let fat: SIMD2<Double>
  let fieldMap: Float
  let r2star: Float
  let residual: Double
  let varianceWater: Double
  let varianceFat: Double
  let covariance: SIMD2<Double>
  let converged: Bool

  @inline(__always)
  init(_ fits: Buffer<Float>, _ voxel: Int) {
    let base = voxel / 16 * FitRow.allCases.count * 16 + voxel % 16
    func row(_ row: FitRow) -> Float { fits[base + row.rawValue * 16] }
    water = SIMD2(Double(row(.waterReal)), Double(row(.waterImaginary)))
    fat = SIMD2(Double(row(.fatReal)), Double(row(.fatImaginary)))
    fieldMap = row(.fieldMap)
    r2star = row(.r2star)
    residual = Double(row(.residual))
    varianceWater = Double(row(.varianceWater))
    varianceFat = Double(row(.varianceFat))
    covariance = SIMD2(Double(row(.covarianceReal)), Double(row(.covarianceImaginary)))
    converged = row(.converged) > 0.5
  }
}
