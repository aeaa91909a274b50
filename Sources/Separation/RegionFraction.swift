import Foundation

/// The fat fraction that a region's pooled magnitudes say.
struct RegionFraction: BitwiseCopyable {
  /// The likeliest, 0...1.
  var fraction = 0.0
  /// Nats by which it is likelier than any that differs by `leastDifference` or more.
  var gap = 0.0

  /// Least difference of the fat fractions of two answers.
  static let leastDifference = 0.2
}

/// The likelihood of a region's fat fraction from its mean squared magnitudes.
///
/// Every voxel's own fit maximises its likelihood over three unknowns. The more flexible optimum gains
/// more by that, in each voxel anew, and a sum over thousands of voxels adds it up until it outweighs
/// the data (Neyman and Scott 1948, Econometrica 16:1). A region has the three unknowns once: its mean
/// squared magnitudes, less the noise's, are free of Rician bias,
///
///     p_k = mean_i m_ik^2 - 2 sigma^2
///     E p_k = A ((1 - f)^2 + 2 f (1 - f) Re c_k + f^2 |c_k|^2) exp(-2 R2* t_k) = A g_k
///
/// and with N voxels and P_k = max(0, p_k) their variance is
///
///     V_k = 4 sigma^2 P_k (1 / N + rho) + 4 sigma^4 / N + 4 e^2 P_k^2.
///
/// What the model cannot follow is common to a region and no mean takes it away: rho of it is seen in
/// the voxels' residuals, in noise variances, and e is 1 % of the signal, as in the swap alarm
/// (`SwapEvidence`). A is linear: minus the log-likelihood of f is half of
///
///     min over R2* of  sum_k p_k^2 / V_k - (sum_k p_k g_k / V_k)^2 / sum_k g_k^2 / V_k.
struct FractionLikelihood: Sendable {
  /// g_k, shape (fraction, echo, R2* / 16, 16).
  private let models: [SIMD16<Float>]
  private let echoes: Int
  private let noiseVariance: Double

  private static let fractions = 101
  private static let rates = 96
  private static let blocks = rates / 16
  /// e.
  private static let modelError = 0.01

  /// - Parameters:
  ///   - noiseSD: sigma, of one real channel, in the signal's unit.
  ///   - r2star: bounds, 1/s; below 0 is noise of a voxel, which a region does not have.
  init(_ plan: FlatProtocol, noiseSD: Double, r2star: ClosedRange<Double>) {
    echoes = plan.count
    noiseVariance = noiseSD * noiseSD
    let decays = Self.decays(plan, Self.steps(over: r2star))
    models = (0..<Self.fractions).flatMap { at in
      let f = Double(at) / Double(Self.fractions - 1)
      return (0..<plan.count).flatMap { k in
        let square =
          (1 - f) * (1 - f) + 2 * f * (1 - f) * plan.fatReal[k] + f * f * plan.fatSquare[k]
        return decays[k].map { $0 * Float(square) }
      }
    }
  }

  /// R2* in steps of 5/s where it is small, of 3 % where it is large, 1/s.
  private static func steps(over bounds: ClosedRange<Double>) -> [Double] {
    let unit = 5 / 0.03
    let first = asinh(max(0, bounds.lowerBound) / unit)
    let last = asinh(max(0, bounds.upperBound) / unit)
    return (0..<rates).map { unit * sinh(first + (last - first) * Double($0) / Double(rates - 1)) }
  }

  /// exp(-2 R2* t_k), shape (echo, R2* / 16, 16).
  private static func decays(_ plan: FlatProtocol, _ rates: [Double]) -> [[SIMD16<Float>]] {
    plan.times.map { time in
      (0..<blocks).map { block in
        SIMD16((0..<16).map { Float(exp(-2 * rates[block * 16 + $0] * time)) })
      }
    }
  }

  /// - Parameters:
  ///   - squares: mean squared magnitudes, shape (echo).
  ///   - voxels: N.
  ///   - excess: rho.
  func fraction(squares: [Double], voxels: Double, excess: Double) -> RegionFraction {
    let costs = profile(squares: squares, voxels: voxels, excess: excess)
    let step = 1 / Double(Self.fractions - 1)
    let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
    let apart = Int((RegionFraction.leastDifference / step).rounded())
    let others = costs.indices.lazy.filter { abs($0 - best) >= apart }.map { costs[$0] }
    let gap = Double((others.min() ?? costs[best]) - costs[best])
    return RegionFraction(fraction: Double(best) * step, gap: gap.isFinite ? gap : 0)
  }

  /// Minus the log-likelihood of every fat fraction, nats, shape (fraction).
  private func profile(squares: [Double], voxels: Double, excess: Double) -> [Float] {
    let p = squares.map { $0 - 2 * noiseVariance }
    // In units of the strongest echo, so that nothing leaves the range of Float.
    let unit = max(p.max() ?? 0, noiseVariance, .leastNormalMagnitude)
    let noise = noiseVariance / unit
    let weights = p.map { p -> Float in
      let power = max(0, p / unit)
      return Float(
        1
          / (4 * noise * power * (1 / voxels + excess) + 4 * noise * noise / voxels
            + 4 * Self.modelError * Self.modelError * power * power))
    }
    let weighted = zip(p, weights).map { Float($0 / unit) * $1 }
    let energy = zip(p, weighted).reduce(Float(0)) { $0 + Float($1.0 / unit) * $1.1 }
    return (0..<Self.fractions).map { fraction in
      var explained = SIMD16<Float>()
      for block in 0..<Self.blocks {
        var (along, square) = (SIMD16<Float>(), SIMD16<Float>())
        for k in 0..<echoes {
          let g = models[(fraction * echoes + k) * Self.blocks + block]
          along += weighted[k] * g
          square += weights[k] * (g * g)
        }
        along.replace(with: 0, where: along .< 0)
        let part = along * along / square
        explained.replace(with: part, where: part .> explained)
      }
      return (energy - explained.max()) / 2
    }
  }
}
