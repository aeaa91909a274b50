import Foundation
import Volumes

/// Joins voxels of like magnitudes into regions, in which evidence is summed.
///
/// Two regions a and b of n_a and n_b voxels may be one tissue where their mean magnitudes differ by
/// no more than noise and a tissue's own spread explain:
///
///     d = sum_k (mu_ak - mu_bk)^2 / (2 v)  <  d_0 = (n + 3 sqrt(2 n)) / 2
///     v = sigma^2 (1 / n_a + 1 / n_b) + tau^2 mean_k (mu_ak^2 + mu_bk^2) / 2
///
/// With n echoes, d of one tissue is half a chi-squared of n degrees of freedom, and d_0 its mean and
/// three standard deviations. Neighbours are taken in order of likeness (statistical region merging:
/// Nock and Nielsen 2004, 10.1109/TPAMI.2004.110).
///
/// Nothing here knows of water and fat but the evidence, a number per voxel in nats: a region with
/// less than 30 of them joins a neighbour under 3 d_0.
struct TissueRegions {
  private let neighbours: Buffer<Int32>
  private let echoes: Int
  private let noiseVariance: Float
  /// Magnitudes, shape (voxel, echo).
  private let signal: Buffer<Float>
  /// Evidence of one voxel, nats, shape (voxel).
  private let evidence: [Float]
  /// What has been joined: a region is told by its root.
  private let sets: DisjointSets
  /// Of each root: number of voxels, summed evidence, mean magnitudes (voxel, echo).
  private let size: Buffer<Float>
  private let sum: Buffer<Float>
  private let mean: Buffer<Float>
  /// Region of each voxel, named by one of its voxels.
  private(set) var region: [Int32] = []

  /// tau^2: a tissue's own spread, 2 % of the signal.
  private let spread: Float = 0.02 * 0.02
  /// Evidence with which a region stands for itself, nats.
  private let strong: Float = 30
  /// How much less alike a weak region and its neighbour may be.
  private let loosely: Float = 3
  /// What a neighbour of the same region is worth to a voxel at a border, nats.
  private let company: Float = 2
  /// d_0.
  private let limit: Float

  /// - Parameters:
  ///   - neighbours: shape (voxel, 6), -1 where there is none.
  ///   - signal: magnitudes, shape (voxel, echo).
  ///   - evidence: for one answer (positive) against the other, nats, shape (voxel).
  ///   - noiseSD: of one real channel, in the signal's unit.
  init(
    neighbours: Buffer<Int32>, signal: Buffer<Float>, echoes: Int, evidence: [Float],
    noiseSD: Float
  ) {
    let count = evidence.count
    self.neighbours = neighbours
    self.signal = signal
    self.echoes = echoes
    self.evidence = evidence
    noiseVariance = noiseSD * noiseSD
    sets = DisjointSets(count: count)
    size = Buffer(count, zero: 1)
    sum = Buffer(evidence, zero: 0)
    mean = Buffer(count * echoes, zero: 0)
    mean.pointer.update(from: signal.pointer, count: count * echoes)
    let n = Float(echoes)
    limit = (n + 3 * (2 * n).squareRoot()) / 2
    let pairs = pairsByLikeness()
    for (i, j) in pairs { join(i, j) { _, _, d in d() < limit } }
    for (i, j) in pairs {
      join(i, j) { a, b, d in
        min(abs(sum[a]), abs(sum[b])) < strong && d() < loosely * limit
      }
    }
    region = (0..<count).map { Int32(sets.root(of: $0)) }
    for _ in 0..<6 {
      let moved = settleBorders()
      takeMeans()
      if moved == 0 { break }
    }
  }

  /// By how many nats the voxel's own region suits it better than the best of those at its side for
  /// which `isRival` says so of one of their voxels; infinity where there is none.
  func lead(of i: Int, over isRival: (Int) -> Bool) -> Float {
    var best = Float.infinity
    for direction in 0..<6 {
      let j = Int(neighbours[i * 6 + direction])
      if j >= 0, region[j] != region[i], isRival(j) { best = min(best, cost(of: i, in: region[j])) }
    }
    return best - cost(of: i, in: region[i])
  }

  /// Whether a voxel's magnitudes lie outside of what its region explains, d_0.
  func isOutlier(_ i: Int) -> Bool { distance(of: i, to: region[i]) > limit }

  /// Pairs of neighbours, the likest first, to a quarter of a nat; in raster order among equals.
  private func pairsByLikeness() -> [(Int, Int)] {
    let levels = 1024
    var level: [UInt16] = []
    var first = [Int](repeating: 0, count: levels + 1)
    func eachPair(_ body: (Int, Int) -> Void) {
      for i in 0..<evidence.count {
        for direction in [1, 3, 5] {
          let j = Int(neighbours[i * 6 + direction])
          if j >= 0 { body(i, j) }
        }
      }
    }
    eachPair { i, j in
      var square: Float = 0
      for k in 0..<echoes {
        let d = signal[i * echoes + k] - signal[j * echoes + k]
        square += d * d
      }
      // Written so that NaN is the least alike.
      let nats = square / (4 * noiseVariance)
      let place = nats < 255 ? Int(nats * 4) : levels - 1
      level.append(UInt16(place))
      first[place + 1] += 1
    }
    for place in 0..<levels { first[place + 1] += first[place] }
    var pairs = [(Int, Int)](repeating: (0, 0), count: level.count)
    var next = 0
    eachPair { i, j in
      let place = Int(level[next])
      pairs[first[place]] = (i, j)
      first[place] += 1
      next += 1
    }
    return pairs
  }

  /// d of two regions, given by their roots.
  private func distance(_ a: Int, _ b: Int) -> Float {
    let (p, q) = (mean.pointer + a * echoes, mean.pointer + b * echoes)
    var (difference, energy): (Float, Float) = (0, 0)
    for k in 0..<echoes {
      difference += (p[k] - q[k]) * (p[k] - q[k])
      energy += p[k] * p[k] + q[k] * q[k]
    }
    let noise = noiseVariance * (1 / size[a] + 1 / size[b])
    return difference / (2 * (noise + spread * energy / Float(2 * echoes)))
  }

  /// Makes the regions of two voxels one if they are two and `mayJoin` says so of their roots and
  /// distance.
  private func join(_ i: Int, _ j: Int, if mayJoin: (Int, Int, () -> Float) -> Bool) {
    let roots = (sets.root(of: i), sets.root(of: j))
    guard roots.0 != roots.1, mayJoin(roots.0, roots.1, { distance(roots.0, roots.1) })
    else { return }
    let (a, b) = (min(roots.0, roots.1), max(roots.0, roots.1))
    let total = size[a] + size[b]
    for k in 0..<echoes {
      mean[a * echoes + k] =
        (size[a] * mean[a * echoes + k] + size[b] * mean[b * echoes + k]) / total
    }
    size[a] = total
    sum[a] += sum[b]
    sets.join(a, b)
  }

  /// Lets every voxel at a border go to the region that it fits best: minus its log-likelihood under
  /// the region's mean, less what its neighbours there are worth. Returns how many went.
  private mutating func settleBorders() -> Int {
    var moved = 0
    for i in region.indices {
      let own = region[i]
      var best = (region: own, cost: Float.nan)
      for direction in 0..<6 {
        let j = Int(neighbours[i * 6 + direction])
        guard j >= 0, region[j] != own else { continue }
        if best.cost.isNaN { best.cost = cost(of: i, in: own) }
        let there = cost(of: i, in: region[j])
        if there < best.cost { best = (region[j], there) }
      }
      if best.region != own {
        region[i] = best.region
        moved += 1
      }
    }
    return moved
  }

  /// d of one voxel, without noise in the region's mean.
  private func distance(of i: Int, to candidate: Int32) -> Float {
    let centre = mean.pointer + Int(candidate) * echoes
    var (difference, energy): (Float, Float) = (0, 0)
    for k in 0..<echoes {
      let d = signal[i * echoes + k] - centre[k]
      difference += d * d
      energy += centre[k] * centre[k]
    }
    return difference / (2 * (noiseVariance + spread * energy / Float(echoes)))
  }

  private func cost(of i: Int, in candidate: Int32) -> Float {
    var cost = distance(of: i, to: candidate)
    for direction in 0..<6 {
      let j = Int(neighbours[i * 6 + direction])
      if j >= 0, region[j] == candidate { cost -= company }
    }
    return cost
  }

  /// Mean magnitudes of the regions as they are now.
  private func takeMeans() {
    for i in region.indices {
      size[i] = 0
      for k in 0..<echoes { mean[i * echoes + k] = 0 }
    }
    for (i, r) in region.enumerated() {
      let r = Int(r)
      size[r] += 1
      // Running means: sums of millions of magnitudes would lose digits.
      for k in 0..<echoes {
        mean[r * echoes + k] += (signal[i * echoes + k] - mean[r * echoes + k]) / size[r]
      }
    }
  }
}
