import KernelTypes

/// What a voxel's candidates say of its map, sums of squared residuals.
struct VoxelCosts: BitwiseCopyable {
  /// Of the map.
  var map: Float = 0
  /// Of the exchanged solution, for each shift of the field.
  var exchanged = SIMD2<Float>()
  /// That less the map's, with the field's penalty and within what one voxel may say.
  var excess = SIMD2<Float>()
}

extension SwapAlarm {
  /// Variance by which the search scaled a voxel's costs.
  @inline(__always)
  func searchVariance(_ i: Int) -> Float { tables.search.variance(energy: energy[i]) }

  /// Nats for a field away from where the exchanged solution lies.
  @inline(__always)
  func penalty(_ psi: Float, _ aim: Float) -> Float {
    shift.penalty(off: shift.wrapped(psi - aim))
  }

  /// The candidate that suits a field best, its cost, and that with the penalty, nats.
  @inline(__always)
  func candidate(_ i: Int, near aim: Float) -> (k: Int, own: Float, cost: Float) {
    let psi = candidates.pointer + i * 12
    var best = (k: 0, own: Float.infinity, cost: Float.infinity)
    for k in 0..<candidateCount where psi[4 + k] < 9e4 {
      let cost = psi[4 + k] + penalty(psi[k], aim)
      if cost < best.cost { best = (k, psi[4 + k], cost) }
    }
    return best
  }

  /// Every voxel at the candidates next to its map and next to the shifted field, shape (voxel).
  func compareCandidates() -> Buffer<VoxelCosts> {
    let out = Buffer<VoxelCosts>(voxels.count, zero: VoxelCosts())
    nonisolated(unsafe) let alarm = self
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range {
        let scale = 2 * alarm.searchVariance(i)
        let here = alarm.candidate(i, near: alarm.fieldMap[i])
        guard here.cost.isFinite else { continue }
        var costs = VoxelCosts()
        costs.map = here.own * scale
        for s in 0..<2 {
          let there = alarm.candidate(i, near: alarm.fieldMap[i] + alarm.shift.shifts[s])
          let more = max(-alarm.most, min(alarm.most, there.cost - here.cost))
          costs.exchanged[s] = there.own * scale
          costs.excess[s] = more * scale
        }
        out[i] = costs
      }
    }
    return out
  }
}
