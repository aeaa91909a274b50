import Faults
import Foundation
import KernelTypes
import Volumes

/// A standard deviation of PDFF, 5 points, above which a voxel by itself counts as unmeasurable. Up to
/// there it is held to what errors really are; far beyond, errors are no longer Gaussian.
let unmeasurableSD = 0.05

/// How far from one half a PDFF may lie: 150 points, so within -100...200 %. Beyond that |W + F| is less than
/// half of the stronger of the two, and a ratio to next to nothing says nothing; one such voxel would
/// decide the mean of a region.
private let farthestFraction: Float = 1.5

extension ComplexSeparation {
  /// Turns fits into maps on the scan's grid.
  ///
  /// - Parameter fits: shape (block, `FitRow`, 16).
  func maps(
    _ fits: Buffer<Float>, voxels: SignalVoxels, noiseSD: Double, conjugated: Bool,
    spectrumName: String
  ) -> SeparatedMaps {
    let plan = mapPlan(noiseSD: noiseSD)
    let kernels = settings.kernels
    let fraction = MapRow.fatFraction.rawValue * laneCount
    var bits = quality
    let maps = bits.withUnsafeMutableBufferPointer { bits in
      nonisolated(unsafe) let bits = bits
      return arrays(MapRow.allCases.count, of: series.grid.count) { planes in
        nonisolated(unsafe) let planes = planes
        inParallel(series.grid.count, piece: 1 << 17) { range in
          for plane in planes {
            (plane + range.lowerBound).update(repeating: .nan, count: range.count)
          }
        }
        inParallel(voxels.blocks, piece: 256) { range in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: planes.count * laneCount) {
            rows in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: laneCount) { marks in
              for block in range {
                kernels.fatFractions(
                  fits.pointer + block * FitRow.allCases.count * laneCount, plan,
                  rows.baseAddress!, marks.baseAddress!)
                let first = block * laneCount
                for lane in 0..<min(laneCount, voxels.count - first) {
                  let at = Int(voxels.indices[first + lane])
                  for plane in planes.indices { planes[plane][at] = rows[plane * laneCount + lane] }
                  bits[at] |= UInt16(truncatingIfNeeded: marks[lane])
                  if abs(rows[fraction + lane] - 0.5) > farthestFraction {
                    planes[MapRow.fatFraction.rawValue][at] = .nan
                    planes[MapRow.fatFractionSD.rawValue][at] = .nan
                    bits[at] |= Quality.unmeasurable.rawValue
                  }
                }
              }
            }
          }
        }
      }
    }
    func volume(_ row: MapRow) -> Volume<Float> {
      Volume(grid: series.grid, values: maps[row.rawValue])
    }
    return SeparatedMaps(
      fatFraction: volume(.fatFraction), fatFractionSD: volume(.fatFractionSD),
      r2star: volume(.r2star), fieldMap: volume(.fieldMap), water: volume(.water),
      fat: volume(.fat), quality: Volume(grid: series.grid, values: bits),
      method: MethodRecord(
        name: "complex multi-echo, joint R2*, field map by minimum cuts, variable projection",
        fatSpectrum: spectrumName, precession: conjugated ? "-" : "+", noiseSD: noiseSD,
        instructionSet: settings.kernels.name),
      notices: notices)
  }

  private func mapPlan(noiseSD: Double) -> MapPlan {
    let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
    let degrees = Double(2 * series.echoTimes.count - 6)
    var plan = MapPlan()
    plan.noiseVariance = Float(noiseSD * noiseSD)
    plan.waterFactor = Float(1 / weights.water)
    plan.fatFactor = Float(1 / weights.fat)
    plan.r2starMinimum = Float(settings.r2starMinimum.value)
    plan.r2starMaximum = Float(settings.r2starMaximum.value)
    plan.unmeasurableSD = Float(unmeasurableSD)
    if degrees > 0 {
      plan.poorResidual = Float(noiseSD * noiseSD * (degrees + 6 * (2 * degrees).squareRoot()))
    }
    plan.notConverged = Int32(Quality.notConverged.rawValue)
    plan.r2starAtBound = Int32(Quality.r2starAtBound.rawValue)
    plan.phasesDiffer = Int32(Quality.phasesDiffer.rawValue)
    plan.unmeasurable = Int32(Quality.unmeasurable.rawValue)
    plan.poorFit = Int32(Quality.poorFit.rawValue)
    return plan
  }
}

/// Some arrays that `body` fills whole, without their being filled with anything before.
private func arrays(
  _ number: Int, of count: Int, _ body: ([UnsafeMutablePointer<Float>]) -> Void
) -> [[Float]] {
  func next(_ pointers: [UnsafeMutablePointer<Float>]) -> [[Float]] {
    guard pointers.count < number else {
      body(pointers)
      return []
    }
    var rest: [[Float]] = []
    let mine = [Float](count: count) { memory in
      if let base = memory.baseAddress { rest = next(pointers + [base]) }
    }
    return [mine] + rest
  }
  return next([])
}
