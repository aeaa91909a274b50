import Volumes

/// Which of its two optima each voxel of magnitudes takes.
///
/// The optima are ordered by their fat fraction; the gap of a voxel is the cost of the fat-rich less
/// that of the water-rich, nats, at most 12 either way. Gaps are summed over regions of like
/// magnitudes (`TissueRegions`), and the sum's sign decides for the region. Where the optima lie
/// within 20 points of each other, as they do near 50 %, they may cross inside a tissue: such voxels
/// give no evidence and take their own likelier optimum.
///
/// Noise averages out in a sum; what the model does not describe (motion, several decays, another fat
/// spectrum) is common to a region and does not. With rho the excess of the region's residuals over
/// noise, in noise variances, N voxels know no more than
///
///     sum of gaps / (1 + N rho),   rho = max(0, chi^2_red - 1 - 3 sqrt(2 / (d N))),
///
/// chi^2_red the mean over the region of the better optimum's |residual|^2 / (d sigma^2), d = n - 3
/// for n echoes. rho = 0 where residuals are noise within three standard deviations.
///
/// A voxel whose optima lie further apart is ambiguous
/// - where its region's sum, so reduced, is below 5 nats;
/// - where its own gap speaks for the choice with less than 5 nats and the region may not speak for
///   it: a neighbouring region that decides otherwise would suit it but 5 nats less, or the optima
///   lie together in most of the region's voxels, so that they cross;
/// - where its own gap speaks against the choice and its magnitudes are unlike its region's.
struct OptimumChoice {
  /// 0 the water-rich, 1 the fat-rich, shape (voxel).
  private(set) var optimum: [UInt8]
  /// Shape (voxel).
  private(set) var isAmbiguous: [Bool]

  /// Most nats that one voxel gives: where motion spoils echoes, gaps are large and say little.
  private static let most = 12.0
  /// Least difference of the fat fractions of two answers.
  private static let leastDifference = 0.2
  /// Sum of a region's gaps below which it is not decided, nats.
  private static let leastSum = 5.0

  /// - Parameters:
  ///   - fits: the water-rich and the fat-rich optimum, shape (voxel, 2).
  ///   - neighbours: shape (voxel, 6), -1 where there is none.
  ///   - signal: magnitudes, shape (voxel, echo).
  ///   - noiseSD: of one real channel, in the signal's unit.
  init(
    _ fits: [RicianFit], neighbours: Buffer<Int32>, signal: Buffer<Float>, echoes: Int,
    noiseSD: Double
  ) {
    let count = fits.count / 2
    let differ = (0..<count).map { i in
      let (water, fat) = (fits[2 * i], fits[2 * i + 1])
      return fat.fraction - water.fraction >= Self.leastDifference
        && (fat.cost - water.cost).isFinite
    }
    let gaps = (0..<count).map { i -> Float in
      let gap = fits[2 * i + 1].cost - fits[2 * i].cost
      return differ[i] ? Float(max(-Self.most, min(Self.most, gap))) : 0
    }
    let regions = TissueRegions(
      neighbours: neighbours, signal: signal, echoes: echoes, evidence: gaps,
      noiseSD: Float(noiseSD))
    let sums = regions.total(gaps)
    let voxels = regions.total([Float](repeating: 1, count: count))
    let differing = regions.total(differ.map { $0 ? 1 : 0 })
    let isWater = sums.map { $0 >= 0 }
    optimum = (0..<count).map { i in
      (differ[i] ? isWater[i] : fits[2 * i].cost <= fits[2 * i + 1].cost) ? 0 : 1
    }
    let excess = Self.excess(regions, fits, voxels: voxels, echoes: echoes, noiseSD: noiseSD)
    isAmbiguous = (0..<count).map { i in
      guard differ[i] else { return false }
      if abs(sums[i]) < Self.leastSum * (1 + voxels[i] * excess[i]) { return true }
      let own = Double(isWater[i] ? gaps[i] : -gaps[i]) / (1 + excess[i])
      if own >= Self.leastSum { return false }
      if own < 0, regions.isOutlier(i) { return true }
      return differing[i] < voxels[i] / 2
        || Double(regions.lead(of: i) { isWater[$0] != isWater[i] }) < Self.leastSum
    }
  }

  /// rho of each voxel's region, shape (voxel).
  private static func excess(
    _ regions: TissueRegions, _ fits: [RicianFit], voxels: [Double], echoes: Int, noiseSD: Double
  ) -> [Double] {
    let freedom = Double(echoes - 3)
    guard freedom > 0 else { return [Double](repeating: 0, count: voxels.count) }
    let unit = freedom * noiseSD * noiseSD
    let reduced = regions.total(
      voxels.indices.map { i in
        let better = fits[2 * i].cost <= fits[2 * i + 1].cost ? fits[2 * i] : fits[2 * i + 1]
        return Float(better.residual / unit)
      })
    return zip(reduced, voxels).map { sum, n in
      max(0, sum / n - 1 - 3 * (2 / (freedom * n)).squareRoot())
    }
  }
}
