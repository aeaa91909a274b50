import KernelTypes
import Volumes

/// Where the fit of one voxel ended: its residual, field map in Hz, and R2* in 1/s.
struct AlarmFit: BitwiseCopyable {
  var residual: Float
  var psi: Float
  var r2star: Float
}

extension ComplexSeparation {
  /// The fit that maps and exchanged solutions are compared by. Three echoes are fitted without a
  /// residual, by any R2*: whether tissue has it is asked afterwards.
  func alarmPlan(_ tables: KernelTables) -> FitPlan {
    var plan = tables.fit
    if plan.echoes == 3 {
      plan.r2starMaximum = Float(TissueEvidence.mostDecay)
      plan.r2starMinimum = -plan.r2starMaximum
    }
    return plan
  }

  /// Fits some voxels.
  func refit(
    _ signal: PackedSignal, _ plan: FitPlan, _ some: [Int32], psi: [Float], r2star: [Float]
  ) -> [AlarmFit] {
    let part = signal.part(some)
    let rows = FitRow.allCases.count
    let kernels = settings.kernels
    let last = some.count - 1
    return [AlarmFit](count: some.count) { out in
      nonisolated(unsafe) let out = out
      inParallel(part.blocks, piece: 64) { range in
        let count = range.count
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count * (rows + 2) * 16) { memory in
          guard let start = memory.baseAddress else { return }
          let fits = start + count * 32
          for (place, block) in range.enumerated() {
            for lane in 0..<16 {
              start[place * 32 + lane] = psi[min(block * 16 + lane, last)]
              start[place * 32 + 16 + lane] = r2star[min(block * 16 + lane, last)]
            }
          }
          kernels.fitSignal(count, part.block(range.lowerBound), start, plan, fits)
          for i in range.lowerBound * 16..<min(range.upperBound * 16, some.count) {
            let fit = fits + (i / 16 - range.lowerBound) * rows * 16 + i % 16
            func row(_ row: FitRow) -> Float { fit[row.rawValue * 16] }
            out[i] = AlarmFit(residual: row(.residual), psi: row(.fieldMap), r2star: row(.r2star))
          }
        }
      }
    }
  }
}

extension PackedSignal {
  /// Some of the voxels, in the order asked for.
  func part(_ some: [Int32]) -> PackedSignal {
    let out = Buffer<Float>((some.count + 15) / 16 * blockSize, zero: 0)
    for (to, from) in some.lazy.map(Int.init).enumerated() {
      let (source, target) = (block(from / 16), out.pointer + to / 16 * blockSize)
      for row in 0..<(echoes * 2) { target[row * 16 + to % 16] = source[row * 16 + from % 16] }
    }
    return PackedSignal(echoes: echoes, voxels: some.count, values: out)
  }
}
