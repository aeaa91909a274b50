import Foundation

/// What tissue is like, for and against one solution of a region of three echoes.
///
/// Three echoes are explained by a map and by its exchanged solution alike, without a residual. Which
/// is right only what is known of tissue tells. Voxels are pooled by thirds of the map's fat fraction:
/// water, mixed and fat. Noise differs from voxel to voxel; a wrong spectrum, several decays or echoes
/// out of phase err alike all over, by e_0 = 2 % of the signal. So a mean over N voxels that is weighed
/// by their information I_i has the variance
///
///     (sigma^2 + N e_0^2) / sum_i I_i.
///
/// **One phase.** Water and fat are excited by one pulse: the angle phi by which F leads W at TE = 0 is
/// alike all over a third and near 0, normal with tau = 0.5 rad. With kappa the mean of
/// F conj(W) / (|W| + |F|)^2 over its standard deviation, and a fat content that may be any,
///
///     p(kappa) = integral dphi p(phi) exp(-y^2 / 2) Phi(x),   x + i y = kappa exp(-i phi).
///
/// Pure water or fat, whose other part is noise, says nothing; mixed voxels do.
///
/// **R2\*** lies between 0 and 150/s, in one of a hundred (iron) up to 1500/s. With r the mean of a
/// third and s its standard deviation,
///
///     p(r) = (Phi((150 - r) / s) - Phi(-r / s)) / 150,  and so on.
///
/// **The field** of the exchanged solution lies fat's frequency beside the map's (`SwapShift`). With d
/// by how much the mean of a third misses that, beyond the slack,
///
///     ln p(d) = -d^2 / (2 (sd^2 + 2 (s / 2 pi)^2)),
///
/// sd that of a step to a neighbour, and both solutions' fields as uncertain as their R2*.
///
/// Phase and R2* of one third in a thousand are anything: motion and flow bend them.
struct TissueEvidence {
  private struct Third {
    var energy = 0.0
    var decayInformation = 0.0
    var crossInformation = 0.0
    /// Sums of what is measured times its information.
    var decay = 0.0
    var off = 0.0
    var cross = SIMD2<Double>()

    mutating func add(_ other: Third) {
      energy += other.energy
      decayInformation += other.decayInformation
      crossInformation += other.crossInformation
      decay += other.decay
      off += other.off
      cross += other.cross
    }
  }
  private var thirds = [Third](repeating: Third(), count: 3)

  /// Model error alike all over a region, as a share of the signal's root mean square. Nothing shows it.
  static let modelError = 0.02
  /// Standard deviation of the angle between water and fat at TE = 0, rad: in mixed voxels of eight
  /// real scans of four echoes and more its median lies between 0.1 and 0.7, spread by 0.2 to 0.6.
  static let phaseSD = 0.5
  /// 1/s: R2* of tissue, of tissue with iron, and how often that is.
  static let usualDecay = 150.0
  static let mostDecay = 1500.0
  static let ironShare = 0.01
  /// How often phase and R2* are anything.
  static let oddShare = 0.001
  /// The angles over which the integral is taken, and the share of each. A degree resolves kappa,
  /// which the model's error keeps below some 50.
  private static let angles = {
    let angles = stride(from: -180.0, to: 180, by: 1).map { $0 * Double.pi / 180 }
    let weights = angles.map { exp(-$0 * $0 / (2 * phaseSD * phaseSD)) }
    let all = weights.reduce(0, +)
    return zip(angles, weights).map { phi, weight in
      (
        turn: SIMD2(cos(phi), -sin(phi)),
        share: (1 - oddShare) * weight / all + oddShare / Double(angles.count)
      )
    }
  }()

  /// - Parameters:
  ///   - third: of the map's fat fraction, 0 to 2.
  ///   - noise: variance of one real channel.
  ///   - energy: sum over echoes of |s|^2.
  ///   - off: by how much the field misses where it ought to lie, Hz.
  mutating func add(
    _ solution: VoxelSolution, third: Int, noise: Double, energy: Double, off: Double
  ) {
    thirds[third].energy += energy
    thirds[third].decayInformation += solution.decayInformation
    thirds[third].crossInformation += solution.crossInformation
    thirds[third].decay += solution.decayInformation * solution.r2star
    thirds[third].off += solution.decayInformation * off
    thirds[third].cross +=
      solution.crossInformation * (solution.cross - solution.crossBias * noise)
  }

  mutating func add(_ other: TissueEvidence) {
    for (k, third) in other.thirds.enumerated() { thirds[k].add(third) }
  }

  /// ln p, up to what is alike for both solutions; nats.
  func nats(noise: Double, _ shift: SwapShift) -> Double {
    thirds.reduce(0) { sum, third in
      guard third.decayInformation > 0 else { return sum }
      let variance = noise + Self.modelError * Self.modelError * third.energy / 3
      let decay = variance / third.decayInformation
      let field = shift.penalty(
        off: Float(third.off / third.decayInformation),
        variance: Float(decay / (2 * Double.pi * Double.pi)))
      return sum + Self.phase(third.cross / (third.crossInformation * variance).squareRoot())
        + Self.decay(third.decay / third.decayInformation, sd: decay.squareRoot())
        - Double(field)
    }
  }

  /// ln of the integral over phi.
  static func phase(_ kappa: SIMD2<Double>) -> Double {
    let sum = angles.reduce(0.0) { sum, angle in
      let u = product(kappa, angle.turn)
      return sum + angle.share * exp(-u.y * u.y / 2) * cumulative(u.x)
    }
    return log(sum)
  }

  /// ln p(r) + ln 150.
  static func decay(_ r: Double, sd: Double) -> Double {
    func share(_ most: Double) -> Double { cumulative((most - r) / sd) - cumulative(-r / sd) }
    let usual = (1 - ironShare - oddShare) * share(usualDecay)
    return log(usual + ironShare * share(mostDecay) * usualDecay / mostDecay + oddShare)
  }
}

/// Phi: the standard normal distribution.
private func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }
