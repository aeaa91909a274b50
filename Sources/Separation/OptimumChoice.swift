import Volumes

/// Which of its two optima each voxel of magnitudes takes.
///
/// Voxels of like magnitudes form a region (`TissueRegions`), whose pooled magnitudes say one fat
/// fraction (`FractionLikelihood`); each voxel takes the optimum nearer to that. Where the optima lie
/// within 20 points of each other, as they do near 50 %, a voxel takes its own likelier one.
///
/// What the model does not describe (motion, several decays, another fat spectrum) is common to a
/// region. With rho the excess of the region's residuals over noise, in noise variances,
///
///     rho = max(0, chi^2_red - 1 - 3 sqrt(2 / (d N))),
///
/// chi^2_red the mean over the region's N voxels of the better optimum's |residual|^2 / (d sigma^2),
/// d = n - 3 for n echoes. rho = 0 where residuals are noise within three standard deviations.
///
/// A voxel whose optima lie further apart is ambiguous
/// - where its region prefers its fraction to all that differ by 20 points with less than 5 nats;
/// - where its own likelihoods speak for the choice with less than 5 nats, and a neighbouring region
///   that would choose otherwise would suit it but 5 nats less, or the optima lie together in most of
///   the region's voxels, so that they cross;
/// - where they speak against the choice and its magnitudes are unlike its region's.
struct OptimumChoice {
  /// 0 the water-rich, 1 the fat-rich, shape (voxel).
  private(set) var optimum: [UInt8]
  /// Shape (voxel).
  private(set) var isAmbiguous: [Bool]

  /// Most nats that one voxel gives: where motion spoils echoes, gaps are large and say little.
  private static let most = 12.0
  /// Gap below which a region is not decided, nats.
  private static let leastGap = 5.0

  /// - Parameters:
  ///   - fits: the water-rich and the fat-rich optimum, shape (voxel, 2).
  ///   - neighbours: shape (voxel, 6), -1 where there is none.
  ///   - signal: magnitudes, shape (voxel, echo).
  ///   - noiseSD: of one real channel, in the signal's unit.
  ///   - r2star: bounds, 1/s.
  init(
    _ fits: [RicianFit], neighbours: Buffer<Int32>, signal: Buffer<Float>, plan: FlatProtocol,
    noiseSD: Double, r2star: ClosedRange<Double>
  ) {
    let count = fits.count / 2
    let gaps = (0..<count).map { fits[2 * $0 + 1].cost - fits[2 * $0].cost }
    let differ = (0..<count).map { i in
      fits[2 * i + 1].fraction - fits[2 * i].fraction >= RegionFraction.leastDifference
        && gaps[i].isFinite
    }
    let regions = TissueRegions(
      neighbours: neighbours, signal: signal, echoes: plan.count,
      evidence: (0..<count).map {
        differ[$0] ? Float(max(-Self.most, min(Self.most, gaps[$0]))) : 0
      }, noiseSD: Float(noiseSD))
    let pooled = PooledRegions(
      regions.region, fits, differ: differ, signal: signal, plan: plan, noiseSD: noiseSD)
    let decided = pooled.fractions(
      FractionLikelihood(plan, noiseSD: noiseSD, r2star: r2star))
    /// The optimum of a voxel that is nearer to the fat fraction of another's region.
    func choice(_ i: Int, inRegionOf j: Int) -> UInt8 {
      let fraction = decided[pooled.number[j]].fraction
      let off = (0..<2).map { abs(fits[2 * i + $0].fraction - fraction) }
      return off[0] <= off[1] ? 0 : 1
    }
    let optimum = (0..<count).map { i in
      differ[i] ? choice(i, inRegionOf: i) : gaps[i] >= 0 ? 0 : 1
    }
    self.optimum = optimum
    isAmbiguous = (0..<count).map { i in
      guard differ[i] else { return false }
      if decided[pooled.number[i]].gap < Self.leastGap { return true }
      let own = (optimum[i] == 0 ? gaps[i] : -gaps[i]) / (1 + pooled.excess[pooled.number[i]])
      if own >= Self.leastGap { return false }
      if own < 0, regions.isOutlier(i) { return true }
      if 2 * pooled.differing[pooled.number[i]] < pooled.voxels[pooled.number[i]] { return true }
      let lead = regions.lead(of: i) { choice(i, inRegionOf: $0) != optimum[i] }
      return Double(lead) < Self.leastGap
    }
  }
}

/// What the voxels of each region have in common.
private struct PooledRegions {
  /// Number of the region of each voxel, shape (voxel).
  let number: [Int]
  /// Number of voxels, shape (region).
  private(set) var voxels: [Double]
  /// Of these, those whose optima lie apart, shape (region).
  private(set) var differing: [Double]
  /// Mean squared magnitudes, shape (region, echo).
  private(set) var squares: [[Double]]
  /// rho, shape (region).
  private(set) var excess: [Double]

  /// - Parameter region: of each voxel, named by one of its voxels.
  init(
    _ region: [Int32], _ fits: [RicianFit], differ: [Bool], signal: Buffer<Float>,
    plan: FlatProtocol,
    noiseSD: Double
  ) {
    var names = [Int](repeating: -1, count: region.count)
    var regions = 0
    number = region.map { name in
      if names[Int(name)] < 0 {
        names[Int(name)] = regions
        regions += 1
      }
      return names[Int(name)]
    }
    let echoes = plan.count
    voxels = [Double](repeating: 0, count: regions)
    squares = [[Double]](repeating: [Double](repeating: 0, count: echoes), count: regions)
    differing = voxels
    var residual = voxels
    for (i, r) in number.enumerated() {
      voxels[r] += 1
      if differ[i] { differing[r] += 1 }
      for k in 0..<echoes {
        let m = Double(signal[i * echoes + k])
        squares[r][k] += m * m
      }
      let better = fits[2 * i].cost <= fits[2 * i + 1].cost ? fits[2 * i] : fits[2 * i + 1]
      residual[r] += better.residual
    }
    let freedom = Double(echoes - 3)
    excess = voxels
    for r in 0..<regions {
      let n = voxels[r]
      for k in 0..<echoes { squares[r][k] /= n }
      let reduced = residual[r] / (n * freedom * noiseSD * noiseSD)
      // Three echoes leave no residual.
      excess[r] =
        freedom > 0 ? max(0, reduced - 1 - 3 * (2 / (freedom * n)).squareRoot()) : 0
    }
  }

  /// Shape (region).
  func fractions(_ likelihood: FractionLikelihood) -> [RegionFraction] {
    let out = Buffer<RegionFraction>(voxels.count, zero: RegionFraction())
    inParallel(voxels.count, piece: 16) { range in
      for r in range {
        out[r] = likelihood.fraction(squares: squares[r], voxels: voxels[r], excess: excess[r])
      }
    }
    return voxels.indices.map { out[$0] }
  }
}
