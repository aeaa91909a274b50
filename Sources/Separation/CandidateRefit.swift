import Foundation
import KernelTypes
import Volumes

/// What the search's steps in R2* cost: the share of a signal's energy that is left over where its
/// R2* lies halfway between two profiled values. Taken for water; fat's is of the same size.
///
/// At SNR 40 that is a few nats, at SNR 100 it can be thirty: more than what tells water from fat in
/// a pure voxel of fast decay. Vials of 0 and of 100 % at R2* 500 were exchanged as a whole at SNR
/// 100, and at SNR 40 none.
struct DecayLosses {
  /// Profiled R2*, 1/s, and for each the largest share lost in its interval.
  private let decays: [Float]
  private let shares: [Float]

  init(_ echoProtocol: EchoProtocol, decays: [Double], maximum: Double) {
    self.decays = decays.map { Float($0) }
    shares = decays.indices.map { i in
      let projector = echoProtocol.projector(r2star: decays[i])
      let below = i > 0 ? (decays[i - 1] + decays[i]) / 2 : 0
      let above = i + 1 < decays.count ? (decays[i] + decays[i + 1]) / 2 : maximum
      return Float(
        max(
          echoProtocol.left(by: projector, r2star: below),
          echoProtocol.left(by: projector, r2star: above)))
    }
  }

  func share(at r2star: Float) -> Float {
    decays.firstIndex(of: r2star).map { shares[$0] } ?? 0
  }
}

extension EchoProtocol {
  /// Share of the energy of exp(-R2* t) that a projector leaves over.
  fileprivate func left(by projector: [[SIMD2<Double>]], r2star: Double) -> Double {
    let decay = echoTimes.map { exp(-r2star * $0.value) }
    var (kept, all) = (0.0, 0.0)
    for m in decay.indices {
      all += decay[m] * decay[m]
      for k in decay.indices { kept += decay[m] * projector[m][k].x * decay[k] }
    }
    return all > 0 ? max(0, 1 - kept / all) : 0
  }
}

extension ComplexSeparation {
  func decayLosses(_ tables: KernelTables) -> DecayLosses {
    let plan = tables.search
    return DecayLosses(
      echoProtocol, decays: (0..<plan.decays).map { Double(plan.decayValues[$0]) },
      maximum: settings.r2starMaximum.value)
  }

  /// Refits all candidates of a block with continuous psi and R2*, where the search's steps in R2*
  /// leave open which is the best, and puts them in order of cost again.
  ///
  /// - Parameters:
  ///   - signal: one block, shape (echo, 2, 16).
  ///   - candidates: of its voxels, shape (16, 3, 4); in place.
  func refit(
    _ signal: UnsafePointer<Float>, _ tables: KernelTables, _ losses: DecayLosses,
    _ candidates: UnsafeMutablePointer<Float>
  ) {
    let variances = (0..<laneCount).map { variance(signal, lane: $0, tables.search) }
    let isOpen = (0..<laneCount).contains { lane in
      let (energy, variance) = variances[lane]
      let at = candidates + lane * 12
      return (1..<candidateCount).contains { k in
        let loss = energy / (2 * variance) * losses.share(at: at[8 + k])
        return loss > 1 && at[4 + k] - loss < at[4]
      }
    }
    guard isOpen else { return }
    var plan = tables.fit
    plan.iterations = 4
    let (size, rows) = (plan.echoes * 2 * laneCount, FitRow.allCases.count * laneCount)
    let each = size + 2 * laneCount + rows
    withUnsafeTemporaryAllocation(of: Float.self, capacity: candidateCount * each) { scratch in
      // As many blocks of the same signal as there are candidates.
      let signals = scratch.baseAddress!
      let starts = signals + candidateCount * size
      let fits = starts + candidateCount * 2 * laneCount
      for k in 0..<candidateCount {
        (signals + k * size).update(from: signal, count: size)
        let start = starts + k * 2 * laneCount
        for lane in 0..<laneCount {
          start[lane] = candidates[lane * 12 + k]
          start[laneCount + lane] = candidates[lane * 12 + 8 + k]
        }
      }
      settings.kernels.fitSignal(candidateCount, signals, starts, plan, fits)
      for k in 0..<candidateCount {
        for lane in 0..<laneCount {
          func row(_ row: FitRow) -> Float { fits[k * rows + row.rawValue * laneCount + lane] }
          let at = candidates + lane * 12
          // A candidate that is none stays none; one that leaves its minimum stays as it was.
          guard at[4 + k] < 1e5, abs(row(.fieldMap) - at[k]) < 3 * tables.search.sampleStep
          else { continue }
          at[k] = row(.fieldMap)
          at[4 + k] = row(.residual) / (2 * variances[lane].1)
          at[8 + k] = row(.r2star)
        }
      }
    }
    for lane in 0..<laneCount { sortByCost(candidates + lane * 12) }
  }

  /// Energy of a voxel, and the variance that its costs are taken by.
  private func variance(
    _ signal: UnsafePointer<Float>, lane: Int, _ plan: SearchPlan
  ) -> (Float, Float) {
    var energy: Float = 0
    for k in 0..<plan.echoes {
      let (re, im) = (signal[k * 32 + lane], signal[k * 32 + 16 + lane])
      energy += re * re + im * im
    }
    return (energy, plan.variance(energy: energy))
  }

  private func sortByCost(_ voxel: UnsafeMutablePointer<Float>) {
    for i in 1..<candidateCount {
      var k = i
      while k > 0, voxel[4 + k] < voxel[4 + k - 1] {
        for row in [0, 4, 8] {
          let held = voxel[row + k]
          voxel[row + k] = voxel[row + k - 1]
          voxel[row + k - 1] = held
        }
        k -= 1
      }
    }
  }
}
