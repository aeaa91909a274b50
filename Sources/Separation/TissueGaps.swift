import KernelTypes

extension SwapAlarm {
  /// Nats for the map of each region of three echoes, by what tissue is like.
  func tissueGaps(_ regions: [ArraySlice<Int32>], _ exact: ExactSolutions) -> [Double] {
    let asked = regions.map(Self.asked)
    let everyone = asked.flatMap { $0 }
    // The maps' R2* is held within bounds, which tissue is about to be asked of.
    let maps = refit(
      everyone, everyone.map { fieldMap[Int($0)] }, everyone.map { r2star[Int($0)] })
    let thirds = mapInParallel(everyone.count) {
      UInt8(exact.solution(maps[$0], of: everyone[$0]).third)
    }
    let shifts = shift.isOne ? [shift.shifts[0]] : shift.shifts
    let solutions =
      [(fits: maps, shift: Float?.none)]
      + shifts.map { (fits: fits(of: everyone, shifted: $0), shift: $0) }
    var next = 0
    return asked.map { members in
      let some = next..<next + members.count
      next = some.upperBound
      let nats = solutions.map { solution in
        evidence(some, of: everyone, thirds, exact, solution.fits, shifted: solution.shift)
          .nats(noise: noise, shift)
      }
      return SwapEvidence.gap(
        up: nats[0] - nats[1], down: nats[0] - nats[nats.count - 1],
        fatRich: members.count { fatFraction[Int($0)] > 0.5 }, of: members.count)
    }
  }

  /// The voxels of a region that are asked: in large ones the model's error, alike in all, decides, and
  /// more voxels say no more.
  private static func asked(_ members: ArraySlice<Int32>) -> [Int32] {
    stride(from: members.startIndex, to: members.endIndex, by: (members.count >> 14) + 1)
      .map { members[$0] }
  }

  /// What tissue is like, of one solution of a region.
  ///
  /// - Parameters:
  ///   - some: the region's place among `everyone`.
  ///   - fits: of everyone.
  ///   - shifted: by how much the solution's field lies beside the map's, Hz; nil for the map.
  private func evidence(
    _ some: Range<Int>, of everyone: [Int32], _ thirds: [UInt8], _ exact: ExactSolutions,
    _ fits: [AlarmFit], shifted: Float?
  ) -> TissueEvidence {
    nonisolated(unsafe) let alarm = self
    return inPieces(some.count, piece: 1 << 12) { range in
      var tissue = TissueEvidence()
      for at in range.lowerBound + some.lowerBound..<range.upperBound + some.lowerBound {
        let i = Int(everyone[at])
        let off = shifted.map { alarm.shift.wrapped(fits[at].psi - alarm.fieldMap[i] - $0) } ?? 0
        tissue.add(
          exact.solution(fits[at], of: everyone[at]), third: Int(thirds[at]), noise: alarm.noise,
          energy: Double(alarm.energy[i]), off: Double(off))
      }
      return tissue
    }.reduce(into: TissueEvidence()) { $0.add($1) }
  }
}
