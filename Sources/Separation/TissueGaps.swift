import KernelTypes

extension SwapAlarm {
  /// Nats for the map of each region of three echoes, by what tissue is like.
  func tissueGaps(_ regions: [ArraySlice<Int32>]) -> [Double] {
    guard let exact else { return [] }
    // The maps' R2* is held within bounds, which tissue is about to be asked of.
    let everyone = regions.flatMap { $0 }
    let maps = refit(
      everyone, everyone.map { fieldMap[Int($0)] }, everyone.map { r2star[Int($0)] })
    let exchanged = (0..<(shift.isOne ? 1 : 2)).map {
      fits(of: everyone, shifted: shift.shifts[$0])
    }
    var next = 0
    return regions.map { members in
      let some = next..<next + members.count
      next = some.upperBound
      let own = exact.at(maps[some], of: members)
      let thirds = (0..<members.count).map { TissueEvidence.third(of: own[$0]) }
      func nats(_ solutions: Buffer<VoxelSolution>, off: (Int, Int) -> Float) -> Double {
        var tissue = TissueEvidence()
        for (at, i) in members.lazy.map(Int.init).enumerated() {
          tissue.add(
            solutions[at], third: thirds[at], noise: noise, energy: Double(energy[i]),
            off: Double(off(at, i)))
        }
        return tissue.nats(noise: noise, shift)
      }
      let map = nats(own) { _, _ in 0 }
      let gaps = exchanged.indices.map { s in
        map
          - nats(exact.at(exchanged[s][some], of: members)) { at, i in
            shift.wrapped(exchanged[s][some.lowerBound + at].psi - fieldMap[i] - shift.shifts[s])
          }
      }
      return SwapEvidence.gap(
        up: gaps[0], down: gaps[gaps.count - 1],
        fatRich: members.count { fatFraction[Int($0)] > 0.5 }, of: members.count)
    }
  }
}
