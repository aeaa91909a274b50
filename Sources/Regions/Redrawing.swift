import Foundation
import Volumes

/// What is known of a PDFF map's noise.
public struct MapNoise: Sendable {
  /// PDFF's standard deviation by noise, a fraction, shape (x, y, z); NaN where it is not known.
  public let standardDeviation: Volume<Float>
  /// Between voxels.
  public let correlation: NoiseCorrelation

  public init(standardDeviation: Volume<Float>, correlation: NoiseCorrelation) {
    self.standardDeviation = standardDeviation
    self.correlation = correlation
  }
}

/// A region as drawn, and with its contour one voxel further in and out.
///
/// A redrawn region goes the same way as the drawn one: the same erosion in mm, the same exclusions.
struct Redrawing {
  let drawn: [Int]
  /// nil where it leaves fewer than a quarter of the drawn region's used voxels: what is left of a thin
  /// region says little about it.
  let eroded: [Int]?
  /// nil where fewer than a quarter of the voxels that join have a value (nothing was separated
  /// there, or all is air): the region cannot grow into what was not measured.
  let dilated: [Int]?

  init(of region: Region, used: [Int], maps: MeasuredMaps, options: MeasurementOptions) {
    let neighbours = Neighbourhood.finest(of: region.grid)
    func kept(_ region: Region) -> [Int] {
      region.eroded(byMillimetres: options.erodeMillimetres).voxels
    }
    func usable(_ voxels: [Int]) -> [Int] {
      voxels.filter {
        maps.reason($0, quality: Quality(rawValue: maps.quality.values[$0]), options: options)
          == nil
      }
    }
    drawn = used
    let inner = usable(kept(region.erodedByOneVoxel(neighbours)))
    eroded = !inner.isEmpty && 4 * inner.count >= used.count ? inner : nil
    let outer = kept(region.dilatedByOneVoxel(neighbours))
    let usableOuter = usable(outer)
    let (joining, withValue) = (
      outer.count - kept(region).count, usableOuter.count - used.count
    )
    dilated = joining > 0 && 4 * withValue >= joining ? usableOuter : nil
  }

  /// Variance of a statistic by the contour: one standard deviation of a contour is one voxel.
  ///
  ///     s^2 = sum_k (m_k - mean m)^2 / 2   over the eroded, drawn and dilated region,
  ///     s^2 = (m_k - m)^2                  where only one of the two can be had
  ///
  /// less what noise alone makes of it: the three do not have all their voxels in common.
  /// - Parameters:
  ///   - statistic: of some voxels.
  ///   - byNoise: expected of s^2 by noise.
  /// - Returns: nil where the region can be moved neither way.
  func variance(byNoise: Double, _ statistic: ([Int]) -> Double) -> Double? {
    guard sets.count > 1 else { return nil }
    // The drawn region's is taken off first, so that equal ones leave nothing of rounding.
    let here = statistic(drawn)
    let values = sets.map { statistic($0) - here }
    let sum = values.reduce(0, +)
    let squares = values.reduce(0) { $0 + $1 * $1 }
    return max(0, scale * (squares - sum * sum / Double(sets.count)) - byNoise)
  }

  /// What noise makes of the variance of the means: the same form of their variances and of the
  /// variance of their sum.
  func noiseOfMeans(_ noise: NoiseUncertainty) -> Double {
    let sums = sets.compactMap { noise.mean($0) }
    guard sets.count > 1, sums.count == sets.count else { return 0 }
    let own = sums.reduce(0) { $0 + noise.noise.covariance($1, $1) }
    var together: [Int: Double] = [:]
    for sum in sums {
      for (voxel, weight) in zip(sum.voxels, sum.weights) { together[voxel, default: 0] += weight }
    }
    let voxels = together.keys.sorted()
    let all = CorrelatedNoise.Sum(voxels: voxels, weights: voxels.map { together[$0] ?? 0 })
    return scale * (own - noise.noise.covariance(all, all) / Double(sets.count))
  }

  private var sets: [[Int]] { [eroded, drawn, dilated].compactMap { $0 } }

  /// 1/2 of the squares around the mean of three; of two it is twice those, (m_k - m)^2.
  private var scale: Double { sets.count == 3 ? 0.5 : 2 }
}

extension RegionUncertainty {
  /// The parts that a scan itself tells: noise and re-drawing.
  init(of region: Region, used: [Int], maps: MeasuredMaps, options: MeasurementOptions) {
    self = .unknown
    guard !used.isEmpty else { return }
    func values(_ voxels: [Int]) -> [Float] { voxels.map { maps.fatFraction.values[$0] } }
    func medianValue(_ voxels: [Int]) -> Double {
      percentile(0.5, ofSorted: values(voxels).sorted())
    }
    let noise = maps.noise.map {
      NoiseUncertainty(
        noise: CorrelatedNoise(grid: region.grid, correlation: $0.correlation),
        standardDeviation: $0.standardDeviation, fatFraction: maps.fatFraction,
        center: medianValue(used))
    }
    let ofMean = noise.flatMap { noise in noise.mean(used).map { noise.noise.variance($0) } }
    let ofMedian = noise.flatMap {
      $0.medianVariance(used, values: values(used), median: medianValue(used))
    }
    let redrawing = Redrawing(of: region, used: used, maps: maps, options: options)
    let byNoise = noise.map { redrawing.noiseOfMeans($0) } ?? 0
    // The median's noise relates to the mean's in the redrawn regions as in the drawn one.
    let share = ofMean.map { $0 > 0 ? (ofMedian ?? 0) / $0 : 1 } ?? 1
    func part(_ variance: Double?) -> FatFraction? { variance.map { FatFraction($0.squareRoot()) } }
    mean = StandardUncertainty(
      noise: part(ofMean),
      redrawing: part(redrawing.variance(byNoise: byNoise) { Moments(values($0)).mean }))
    median = StandardUncertainty(
      noise: part(ofMedian),
      redrawing: part(redrawing.variance(byNoise: share * byNoise, medianValue)))
  }
}
