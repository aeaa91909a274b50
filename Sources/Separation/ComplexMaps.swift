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

/// What becomes of fits: maps, and for each voxel what a fit left over, shape (voxel).
struct FittedMaps {
  var maps: SeparatedMaps
  var residual: [Float]
  /// Everything that the fits said, shape (block, `FitRow`, 16), where it was asked for.
  var fits: Buffer<Float>?
}

extension ComplexSeparation {
  /// Fits every voxel from its chosen candidate, and turns the fits into maps on the scan's grid while
  /// they lie in the cache.
  ///
  /// - Parameters:
  ///   - candidates: shape (voxel, 3, 4).
  ///   - choice: shape (voxel); nil for the first candidate of each.
  ///   - keepsFits: whether the fits are handed back.
  func fittedMaps(
    _ signal: PackedSignal, _ tables: KernelTables, start candidates: Buffer<Float>,
    choice: Buffer<UInt8>?, voxels: SignalVoxels, noiseSD: Double, conjugated: Bool,
    spectrumName: String, keepsFits: Bool = false
  ) -> FittedMaps {
    let plan = mapPlan(noiseSD: noiseSD)
    let rows = FitRow.allCases.count * laneCount
    let fits = keepsFits ? Buffer<Float>(unwritten: signal.blocks * rows) : nil
    let piece = 64
    var bits = quality
    var planes: [[Float]] = []
    let residual = [Float](count: voxels.count) { residual in
      nonisolated(unsafe) let residual = residual
      planes = bits.withUnsafeMutableBufferPointer { bits in
        nonisolated(unsafe) let bits = bits
        return arrays(MapRow.allCases.count, of: series.grid.count) { planes in
          nonisolated(unsafe) let planes = planes
          inParallel(series.grid.count, piece: 1 << 17) { range in
            for plane in planes {
              (plane + range.lowerBound).update(repeating: .nan, count: range.count)
            }
          }
          inParallel(signal.blocks, piece: piece) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: piece * rows) { own in
              guard let own = own.baseAddress else { return }
              let fits = fits.map { $0.pointer + range.lowerBound * rows } ?? own
              settings.kernels.fit(
                signal, tables.fit, from: candidates, blocks: range, into: fits
              ) { $0 < signal.voxels ? Int(choice?[$0] ?? 0) : 0 }
              for block in range {
                let at = fits + (block - range.lowerBound) * rows
                put(at, plan, block, voxels, planes, bits)
                let left = at + FitRow.residual.rawValue * laneCount
                for lane in 0..<min(laneCount, voxels.count - block * laneCount) {
                  residual[block * laneCount + lane] = left[lane]
                }
              }
            }
          }
        }
      }
    }
    func volume(_ row: MapRow) -> Volume<Float> {
      Volume(grid: series.grid, values: planes[row.rawValue])
    }
    let maps = SeparatedMaps(
      fatFraction: volume(.fatFraction), fatFractionSD: volume(.fatFractionSD),
      r2star: volume(.r2star), fieldMap: volume(.fieldMap), water: volume(.water),
      fat: volume(.fat), quality: Volume(grid: series.grid, values: bits),
      method: MethodRecord(
        name: "complex multi-echo, joint R2*, field map by minimum cuts, variable projection",
        fatSpectrum: spectrumName, precession: conjugated ? "-" : "+", noiseSD: noiseSD,
        instructionSet: settings.kernels.name),
      notices: notices)
    return FittedMaps(maps: maps, residual: residual, fits: fits)
  }

  /// Puts the maps of a block into their places.
  ///
  /// - Parameters:
  ///   - fit: of the block, shape (`FitRow`, 16).
  ///   - planes: of each `MapRow`, shape (x, y, z); and so the bits.
  private func put(
    _ fit: UnsafePointer<Float>, _ plan: MapPlan, _ block: Int, _ voxels: SignalVoxels,
    _ planes: [UnsafeMutablePointer<Float>], _ bits: UnsafeMutableBufferPointer<UInt16>
  ) {
    let fraction = MapRow.fatFraction.rawValue
    withUnsafeTemporaryAllocation(of: Float.self, capacity: planes.count * laneCount) { rows in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: laneCount) { marks in
        settings.kernels.fatFractions(fit, plan, rows.baseAddress!, marks.baseAddress!)
        let first = block * laneCount
        for lane in 0..<min(laneCount, voxels.count - first) {
          let at = Int(voxels.indices[first + lane])
          for plane in planes.indices { planes[plane][at] = rows[plane * laneCount + lane] }
          bits[at] |= UInt16(truncatingIfNeeded: marks[lane])
          if abs(rows[fraction * laneCount + lane] - 0.5) > farthestFraction {
            planes[fraction][at] = .nan
            planes[MapRow.fatFractionSD.rawValue][at] = .nan
            bits[at] |= Quality.unmeasurable.rawValue
          }
        }
      }
    }
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
