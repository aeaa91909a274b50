import KernelTypes

extension ComplexSeparation {
  /// The fit that maps and exchanged solutions are compared by. Three echoes can be fitted without a
  /// residual anywhere; there, that R2* is that of tissue is all that tells one from the other.
  func alarmPlan(_ tables: KernelTables) -> FitPlan {
    var plan = tables.fit
    if plan.echoes == 3 {
      plan.r2starMinimum = max(plan.r2starMinimum, 0)
      plan.r2starMaximum = max(plan.r2starMinimum, min(plan.r2starMaximum, 150))
    }
    return plan
  }

  /// Fits some voxels: what is left over, and the field map.
  func refit(
    _ signal: PackedSignal, _ plan: FitPlan, _ some: [Int32], psi: [Float], r2star: [Float]
  ) -> [(residual: Float, psi: Float)] {
    let part = signal.part(some)
    let rows = FitRow.allCases.count
    let kernels = settings.kernels
    let out = Buffer<Float>(part.blocks * 32, zero: 0)
    let last = some.count - 1
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
        for (place, block) in range.enumerated() {
          for lane in 0..<16 {
            let fit = fits + place * rows * 16 + lane
            out[block * 32 + lane] = fit[FitRow.residual.rawValue * 16]
            out[block * 32 + 16 + lane] = fit[FitRow.fieldMap.rawValue * 16]
          }
        }
      }
    }
    return some.indices.map { i in
      let at = i / 16 * 32 + i % 16
      return (out[at], out[at + 16])
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
