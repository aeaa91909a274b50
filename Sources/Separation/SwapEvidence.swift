import Foundation

/// What the signal says for and against an exchange of fat and water in one region.
///
/// With R_i the squared residual of voxel i of N, the log-likelihood of the map exceeds that of the
/// solution exchanged by one shift of the field by
///
///     S = sum_i d_i nats,   d_i = (R_i,exchanged - R_i,map) / (2 V)
///     V = sigma^2 + min(N, 50) e^2 + min(N, 250) e_0^2
///
/// Noise differs from voxel to voxel and is averaged out by a sum; what the model cannot follow is
/// not. e^2 is the variance of what the better of the two leaves beyond noise, less one standard
/// error: motion and flow, alike over some 50 voxels. e_0 is 1 % of the signal: a wrong spectrum or
/// several decays, alike all over a tissue; beyond 250 voxels a region is taken to hold more than one.
///
/// A log-likelihood ratio of Gaussian data has a variance of twice its mean. Both solutions are the
/// best of several minima, and noise moves them apart by more than that; so does flow. The voxels
/// show it: where their spread exceeds twice their mean, S is worth less by that factor,
///
///     gap = S / max(1, sum_i (d_i - S / N)^2 / (2 |S|)).
///
/// Fat taken for water lies at a lower field, water taken for fat at a higher one. With f the share of
/// voxels in which the map says more fat than water, the shifts' gaps are put together as
///
///     gap = -ln((1 - f) exp(-gap_up) + f exp(-gap_down)).
struct SwapEvidence {
  var voxels = 0
  /// sum over voxels and echoes of |s|^2.
  var energy = 0.0
  /// Residual of the map.
  var residual = 0.0
  /// Residual of the exchanged solution, for each shift of the field.
  var exchanged = SIMD2<Double>()
  /// That less the map's, no voxel with more than it may say, for each shift.
  var excess = SIMD2<Double>()
  /// Sum over voxels of the square of that, for each shift.
  var square = SIMD2<Double>()
  /// Voxels in which the map says more fat than water.
  var fatRich = 0

  /// Model error alike all over a tissue, as a share of the signal's root mean square.
  static let commonError = 0.01
  /// Number of voxels over which what the model cannot follow is alike.
  static let patch = 50.0
  /// Number of voxels of one tissue.
  static let tissue = 250.0

  mutating func add(_ other: SwapEvidence) {
    voxels += other.voxels
    energy += other.energy
    residual += other.residual
    exchanged += other.exchanged
    excess += other.excess
    square += other.square
    fatRich += other.fatRich
  }

  /// V, for noise of the given variance of one real channel.
  ///
  /// - Parameter degrees: real data of a voxel that its fit leaves over.
  func variance(noise: Double, echoes: Int, degrees: Int) -> Double {
    let count = Double(voxels)
    let common = Self.commonError * Self.commonError * energy / (count * Double(echoes))
    let data = count * Double(degrees)
    let best = min(residual, exchanged[0], exchanged[1])
    let beyond = max(0, best / data - noise * (1 + (2 / data).squareRoot()))
    return noise + min(count, Self.patch) * beyond + min(count, Self.tissue) * common
  }

  /// Nats by which the map is likelier than the exchanged solution.
  func gap(noise: Double, echoes: Int, degrees: Int) -> Double {
    guard voxels > 0 else { return 0 }
    let scale = 2 * variance(noise: noise, echoes: echoes, degrees: degrees)
    let gaps = (0..<2).map { s in
      let sum = excess[s] / scale
      let spread = square[s] / (scale * scale) - sum * sum / Double(voxels)
      return sum / max(1, spread / max(1e-9, 2 * abs(sum)))
    }
    return Self.gap(up: gaps[0], down: gaps[1], fatRich: fatRich, of: voxels)
  }

  /// Nats against either shift, of which the map's fat says the one.
  static func gap(up: Double, down: Double, fatRich: Int, of voxels: Int) -> Double {
    // Noise may turn a voxel over: neither shift is left out.
    let share = (Double(fatRich) + 0.05) / (Double(voxels) + 0.1)
    let least = min(up, down)
    return least - log((1 - share) * exp(least - up) + share * exp(least - down))
  }
}

/// What the alarm says of one connected region.
public struct SwapRegion: Sendable, Hashable {
  public enum Verdict: String, Sendable { case right, ambiguous, suspected }

  /// Number of voxels.
  public var voxels: Int
  /// A voxel in the middle of the slice that holds most of the region: index in the grid, x fastest.
  public var place: Int
  /// Nats by which the signal is likelier under the map than with fat and water exchanged.
  public var gap: Double
  /// Pairs of neighbours along the region's border that look like the border of a swap; 0 where they
  /// are too few to say anything.
  public var borderPairs: Int

  /// Nats within which the data do not decide: the probability lies between 0.7 and 99.3 %.
  public static let ambiguity = 5.0
  /// Nats that such a pair weighs against the map.
  public static let borderWeight = 0.5

  public init(voxels: Int, place: Int, gap: Double, borderPairs: Int = 0) {
    self.voxels = voxels
    self.place = place
    self.gap = gap
    self.borderPairs = borderPairs
  }

  /// Log-odds that fat and water are right, at even odds beforehand.
  public var margin: Double { gap - Self.borderWeight * Double(borderPairs) }
  /// Probability that fat and water are exchanged, at even odds beforehand: 1 / (1 + exp(margin)).
  public var probability: Double { 1 / (1 + exp(margin)) }
  public var verdict: Verdict {
    margin >= Self.ambiguity ? .right : margin > -Self.ambiguity ? .ambiguous : .suspected
  }
}
