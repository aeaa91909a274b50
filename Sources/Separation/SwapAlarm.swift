import Foundation
import KernelTypes
import Volumes

/// Says for every connected region of smooth field how probable it is that fat and water are
/// exchanged there, from the maps and the signal.
///
/// A first look compares the candidates of the search, which cost nothing more. Where that leaves
/// room for doubt, the exchanged solution is fitted. Three echoes are judged by `tissueGaps`.
package struct SwapAlarm {
  let voxels: SignalVoxels
  /// Trust in each voxel, 0...1, shape (voxel).
  let trust: Buffer<Float>
  /// Shape (voxel, 3, 4): psi in Hz, cost in nats, R2* in 1/s.
  let candidates: Buffer<Float>
  /// sum over echoes of |s|^2, shape (voxel).
  let energy: [Float]
  /// The maps in question: Hz, 1/s, fraction, and the residual of their fit, shape (voxel).
  let fieldMap: [Float]
  let r2star: [Float]
  let fatFraction: [Float]
  let residual: [Float]
  let shift: SwapShift
  let tables: KernelTables
  /// Variance of the noise of one real channel.
  let noise: Double
  /// Fits of some voxels, started at psi and R2*.
  let refit: (_ voxels: [Int32], _ psi: [Float], _ r2star: [Float]) -> [AlarmFit]
  /// Of three echoes, which leave no residual to tell solutions apart.
  let exact: ExactSolutions?

  var echoes: Int { tables.search.echoes }
  /// Most nats that a single voxel says: one that flows or moves does not decide for a region.
  let most: Float = 25
  /// Regions with less than this many nats at first sight are fitted.
  private let doubt = 40.0
  /// Below this step, Hz, the field alone does not tell where a swap ends.
  private let leastStep: Float = 100

  /// Every region, and which region a voxel lies in, shape (voxel): regions of smooth field, and
  /// within them tissues whose border looks like that of a swap.
  package func judge() -> (regions: [SwapRegion], ofVoxel: Buffer<Int32>) {
    let (smooth, tissues) = parts()
    func region(_ members: ArraySlice<Int32>, gap: Double, borderPairs: Int = 0) -> SwapRegion {
      SwapRegion(
        voxels: members.count, place: voxels.middle(of: members), gap: gap,
        borderPairs: borderPairs)
    }
    let gaps: ([ArraySlice<Int32>]) -> [Double]
    if let exact {
      gaps = { tissueGaps($0, exact) }
    } else {
      let costs = compareCandidates()
      gaps = { look(at: $0, costs).map(gap) }
    }
    var regions = gaps((0..<smooth.count).map { smooth[$0] }).enumerated().map { r, gap in
      region(smooth[r], gap: gap)
    }
    let ofVoxel = smooth.ofVoxel
    let bordered = tissues.looksSwapped()
    guard !bordered.isEmpty else { return (regions, ofVoxel) }
    for (r, gap) in zip(bordered, gaps(bordered.map { tissues[$0] })) {
      for i in tissues[r] { ofVoxel[Int(i)] = Int32(regions.count) }
      regions.append(region(tissues[r], gap: gap, borderPairs: tissues.borders[r].swaps))
    }
    return (dropEmpty(regions, ofVoxel), ofVoxel)
  }

  /// Without the regions that a later one took every voxel of; the others are numbered again.
  private func dropEmpty(_ regions: [SwapRegion], _ ofVoxel: Buffer<Int32>) -> [SwapRegion] {
    var left = [Int](repeating: 0, count: regions.count)
    for i in 0..<ofVoxel.count { left[Int(ofVoxel[i])] += 1 }
    var renamed: [Int32] = []
    var kept: [SwapRegion] = []
    for r in regions.indices {
      renamed.append(Int32(kept.count))
      if left[r] > 0 { kept.append(regions[r]) }
    }
    for i in 0..<ofVoxel.count { ofVoxel[i] = renamed[Int(ofVoxel[i])] }
    return kept
  }

  /// Regions of smooth field, and with tissues told apart, which are the same where the field alone does
  /// not tell where a swap ends. Each is grown voxel by voxel, one beside the other.
  private func parts() -> (smooth: FieldRegions, tissues: FieldRegions) {
    // Found again: kept from the inference, they would lie beside fits and maps.
    let neighbours = voxels.neighbours()
    guard shift.step >= leastStep else {
      let tissues = parts(neighbours, tissues: true)
      return (tissues, tissues)
    }
    var found: [FieldRegions?] = [nil, nil]
    found.withUnsafeMutableBufferPointer { found in
      nonisolated(unsafe) let (found, alarm) = (found, self)
      inParallel(2, piece: 1) { range in
        for k in range { found[k] = alarm.parts(neighbours, tissues: k == 1) }
      }
    }
    guard let smooth = found[0], let tissues = found[1] else { preconditionFailure("both ran") }
    return (smooth, tissues)
  }

  private func parts(_ neighbours: Buffer<Int32>, tissues: Bool) -> FieldRegions {
    FieldRegions(
      neighbours: neighbours, trust: trust, fieldMap: fieldMap, fatFraction: fatFraction,
      shift: shift, tissues: tissues)
  }

  private func gap(_ evidence: SwapEvidence) -> Double {
    evidence.gap(noise: noise, echoes: echoes, degrees: 2 * echoes - 6)
  }

  /// The evidence of regions: by the candidates, and where that leaves doubt by fits.
  private func look(at regions: [ArraySlice<Int32>], _ costs: Buffer<VoxelCosts>)
    -> [SwapEvidence]
  {
    var evidence = regions.map { members in
      nonisolated(unsafe) let alarm = self
      return inPieces(members.count, piece: 1 << 14) { range in
        alarm.sum(members.dropFirst(range.lowerBound).prefix(range.count), costs)
      }.reduce(into: SwapEvidence()) { $0.add($1) }
    }
    refine(&evidence, regions)
    return evidence
  }

  private func sum(_ members: ArraySlice<Int32>, _ costs: Buffer<VoxelCosts>) -> SwapEvidence {
    var sum = SwapEvidence()
    sum.voxels = members.count
    for i in members.lazy.map(Int.init) {
      sum.energy += Double(energy[i])
      sum.residual += Double(costs[i].map)
      if fatFraction[i] > 0.5 { sum.fatRich += 1 }
      let excess = SIMD2<Double>(costs[i].excess)
      sum.exchanged += SIMD2(costs[i].exchanged)
      sum.excess += excess
      sum.square += excess * excess
    }
    return sum
  }

  /// Replaces the candidates' residuals by those of fits where the first look leaves doubt.
  private func refine(_ evidence: inout [SwapEvidence], _ parts: [ArraySlice<Int32>]) {
    let doubtful = evidence.indices.filter { gap(evidence[$0]) < doubt }
    let first = evidence
    for r in doubtful {
      evidence[r].residual = parts[r].reduce(0) { $0 + Double(residual[Int($1)]) }
    }
    for s in 0..<(shift.isOne ? 1 : 2) {
      // A shift that is far behind stays behind.
      let close = doubtful.filter {
        first[$0].excess[s] <= first[$0].excess.min() + 20 * noise
      }
      let fits = fitShifted(close.flatMap { parts[$0] }, by: shift.shifts[s])
      var next = 0
      for r in close {
        let some = fits[next..<next + parts[r].count]
        next += some.count
        evidence[r].exchanged[s] = some.reduce(0) { $0 + Double($1.left) }
        evidence[r].excess[s] = some.reduce(0) { $0 + Double($1.excess) }
        evidence[r].square[s] = some.reduce(0) { $0 + Double($1.excess) * Double($1.excess) }
      }
    }
    guard shift.isOne else { return }
    for r in doubtful {
      evidence[r].exchanged[1] = evidence[r].exchanged[0]
      evidence[r].excess[1] = evidence[r].excess[0]
      evidence[r].square[1] = evidence[r].square[0]
    }
  }

  /// The exchanged solution of some voxels after a fit: its residual, and what that is more than the
  /// map's.
  private func fitShifted(_ members: [Int32], by shifted: Float) -> [(left: Float, excess: Float)] {
    zip(members.lazy.map(Int.init), fits(of: members, shifted: shifted)).map { i, fit in
      let scale = 2 * searchVariance(i)
      let more = fit.residual - residual[i] + penalty(fit.psi, fieldMap[i] + shifted) * scale
      return (fit.residual, max(-most * scale, min(most * scale, more)))
    }
  }

  /// Fits of some voxels, started at the candidates next to the shifted field.
  func fits(of members: [Int32], shifted: Float) -> [AlarmFit] {
    let starts = members.map {
      Int($0) * 12 + candidate(Int($0), near: fieldMap[Int($0)] + shifted).k
    }
    return refit(members, starts.map { candidates[$0] }, starts.map { candidates[$0 + 8] })
  }
}
