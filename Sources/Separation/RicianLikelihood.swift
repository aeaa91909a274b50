import Foundation

/// ln I0(x) for x >= 0, by the polynomials of Abramowitz and Stegun 9.8.1 and 9.8.2 (relative error
/// of I0 below 2e-7).
package func logBesselI0(_ x: Double) -> Double {
  if x < 3.75 {
    let y = (x / 3.75) * (x / 3.75)
    return log(
      1 + y
        * (3.5156229 + y
          * (3.0899424 + y
            * (1.2067492 + y
              * (0.2659732
                + y * (0.0360768 + y * 0.0045813)))))
    )
  }
  let y = 3.75 / x
  let p =
    0.39894228 + y
    * (0.01328592 + y
      * (0.00225319 + y
        * (-0.00157565
          + y
          * (0.00916281 + y
            * (-0.02057706 + y
              * (0.02635537 + y
                * (-0.01647633
                  + y * 0.00392377)))))))
  return x - 0.5 * log(x) + log(p)
}

/// I1(x) / I0(x) for x >= 0, by the polynomials of Abramowitz and Stegun 9.8.1 to 9.8.4.
package func besselRatio(_ x: Double) -> Double {
  if x < 3.75 {
    let y = (x / 3.75) * (x / 3.75)
    let i0 =
      1 + y
      * (3.5156229 + y
        * (3.0899424 + y
          * (1.2067492 + y
            * (0.2659732
              + y * (0.0360768 + y * 0.0045813)))))
    let i1 =
      x
      * (0.5 + y
        * (0.87890594 + y
          * (0.51498869 + y
            * (0.15084934
              + y * (0.02658733 + y * (0.00301532 + y * 0.00032411))))))
    return i1 / i0
  }
  let y = 3.75 / x
  let p0 =
    0.39894228 + y
    * (0.01328592 + y
      * (0.00225319 + y
        * (-0.00157565
          + y
          * (0.00916281 + y
            * (-0.02057706 + y
              * (0.02635537 + y
                * (-0.01647633
                  + y * 0.00392377)))))))
  let p1 =
    0.39894228 + y
    * (-0.03988024 + y
      * (-0.00362018 + y
        * (0.00163801
          + y
          * (-0.01031555 + y
            * (0.02282967 + y
              * (-0.02895312 + y
                * (0.01787654
                  - y * 0.00420059)))))))
  return p1 / p0
}

/// Water, fat and R2* of one voxel from magnitudes by maximum Rician likelihood.
///
///     M_k = |W + F c_k| exp(-R2* t_k),  W and F real with one phase
///     -ln L = sum_k M_k^2 / (2 sigma^2) - ln I0(m_k M_k / sigma^2)  + constants
///
/// Fisher scoring with the residual m_k I1/I0 - M_k, damped (MAGORINO: Bray 2022,
/// 10.1002/mrm.29493, fits from both the water-rich and the fat-rich start).
package struct RicianFit: BitwiseCopyable {
  package var water: Double
  package var fat: Double
  package var r2star: Double
  /// Minus the log-likelihood, nats, up to a constant.
  package var cost = Double.infinity
  /// Sum of squared differences between measured and modelled magnitudes, signal unit squared.
  package var residual = 0.0
  /// Inverse of the Fisher information of (W, F).
  var covariance = (water: Double.infinity, fat: Double.infinity, cross: 0.0)
  package var converged = false

  /// - Parameters:
  ///   - signal: magnitudes, shape (echo).
  ///   - echoProtocol: echo times and fat's signal.
  ///   - sigma: noise of one real channel.
  ///   - fatRich: whether to start from fat.
  package init(
    _ signal: UnsafeBufferPointer<Float>, _ echoProtocol: FlatProtocol, sigma: Double,
    fatRich: Bool, r2starMinimum: Double = -50, r2starMaximum: Double
  ) {
    let first = Double(signal.max() ?? 0) * 1.05
    water = fatRich ? 0.05 * first : 0.95 * first
    fat = fatRich ? 0.95 * first : 0.05 * first
    r2star = min(max(40, r2starMinimum), r2starMaximum)
    var damping = 1e-2
    var here = evaluate(signal, echoProtocol, sigma)
    cost = here.cost
    for _ in 0..<40 {
      guard let step = here.solve(damping: damping) else { break }
      var trial = self
      trial.water += step.x
      trial.fat += step.y
      trial.r2star = min(max(trial.r2star + step.z, r2starMinimum), r2starMaximum)
      let there = trial.evaluate(signal, echoProtocol, sigma)
      if there.cost <= cost {
        let gain = cost - there.cost
        (water, fat, r2star, cost, here) =
          (trial.water, trial.fat, trial.r2star, there.cost, there)
        damping = max(damping / 5, 1e-8)
        if gain < 1e-7 {
          converged = true
          break
        }
      } else {
        damping *= 8
        if damping > 1e8 {
          converged = true
          break
        }
      }
    }
    covariance = here.covariance()
    residual = here.residual
  }

  package var fraction: Double { fat / (water + fat) }

  /// Variance of the fraction f = F / (W + F), whose gradient is (-F, W) / (W + F)^2, with weights by
  /// which W and F are divided first.
  func variance(weights: (water: Double, fat: Double) = (1, 1)) -> Double {
    let (w, f) = (water / weights.water, fat / weights.fat)
    let total = (w + f) * (w + f)
    let c = covariance
    return
      (f * f * c.water / (weights.water * weights.water)
      + w * w * c.fat / (weights.fat * weights.fat)
      - 2 * w * f * c.cross / (weights.water * weights.fat)) / (total * total)
  }

  /// Standard deviation of the fraction of a voxel of W + F = 1, by the Cramér-Rao bound.
  static func bound(
    fatFraction: Double, r2star: Double, _ plan: FlatProtocol, sigma: Double
  ) -> Double {
    let fit = RicianFit(
      water: 1 - fatFraction, fat: fatFraction, r2star: r2star, plan, sigma: sigma)
    return max(0, fit.variance()).squareRoot()
  }

  /// The truth, and its covariance.
  private init(
    water: Double, fat: Double, r2star: Double, _ plan: FlatProtocol, sigma: Double
  ) {
    (self.water, self.fat, self.r2star) = (water, fat, r2star)
    let clean = (0..<plan.count).map { k in
      Float(magnitude(k, plan) * exp(-r2star * plan.times[k]))
    }
    covariance = clean.withUnsafeBufferPointer { evaluate($0, plan, sigma).covariance() }
  }

  /// |W + F c_k|.
  private func magnitude(_ k: Int, _ plan: FlatProtocol) -> Double {
    max(
      water * water + 2 * water * fat * plan.fatReal[k] + fat * fat * plan.fatSquare[k], 1e-30
    ).squareRoot()
  }

  private func evaluate(
    _ signal: UnsafeBufferPointer<Float>, _ plan: FlatProtocol, _ sigma: Double
  ) -> NormalEquations {
    var normal = NormalEquations()
    let precision = 1 / (sigma * sigma)
    for k in 0..<plan.count {
      let t = plan.times[k]
      let (cr, cc) = (plan.fatReal[k], plan.fatSquare[k])
      let decay = exp(-r2star * t)
      let magnitude = magnitude(k, plan)
      let m = magnitude * decay
      let measured = Double(signal[k])
      let x = measured * m * precision
      normal.cost += m * m * precision / 2 - logBesselI0(x)
      normal.residual += (measured - m) * (measured - m)
      let slope = SIMD4(
        (water + fat * cr) / magnitude * decay, (water * cr + fat * cc) / magnitude * decay,
        -t * m, 0)
      normal.add(slope: slope, residual: measured * besselRatio(x) - m, weight: precision)
    }
    return normal
  }
}

/// Normal equations of three parameters.
private struct NormalEquations {
  var cost = 0.0
  var residual = 0.0
  private var rows = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
  private var gradient = SIMD4<Double>()

  mutating func add(slope: SIMD4<Double>, residual: Double, weight: Double) {
    let weighted = slope * weight
    rows.0 += weighted * slope.x
    rows.1 += weighted * slope.y
    rows.2 += weighted * slope.z
    gradient += weighted * residual
  }

  /// (H + damping diag H)^-1 g; nil when singular.
  func solve(damping: Double) -> SIMD3<Double>? {
    let d = 1 + damping
    let a = SIMD3(rows.0.x * d, rows.0.y, rows.0.z)
    let b = SIMD3(rows.1.x, rows.1.y * d, rows.1.z)
    let c = SIMD3(rows.2.x, rows.2.y, rows.2.z * d)
    let determinant = (a * b.crossed(c)).sum()
    guard determinant.isFinite, abs(determinant) > 1e-300 else { return nil }
    let g = SIMD3(gradient.x, gradient.y, gradient.z)
    // Symmetric: rows are columns, and Cramer's rule serves.
    return SIMD3(
      (g * b.crossed(c)).sum(), (a * g.crossed(c)).sum(), (a * b.crossed(g)).sum()) / determinant
  }

  /// Covariance of the first two parameters.
  func covariance() -> (water: Double, fat: Double, cross: Double) {
    let (a, b, c) = (rows.0, rows.1, rows.2)
    let determinant =
      a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x)
      + a.z * (b.x * c.y - b.y * c.x)
    guard determinant > 0 else { return (.infinity, .infinity, 0) }
    return (
      (b.y * c.z - b.z * c.y) / determinant, (a.x * c.z - a.z * c.x) / determinant,
      -(a.y * c.z - a.z * c.y) / determinant
    )
  }
}

extension SIMD3<Double> {
  fileprivate func crossed(_ o: Self) -> Self {
    SIMD3(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x)
  }
}

/// A protocol in plain arrays, for the inner loop.
package struct FlatProtocol: Sendable {
  let count: Int
  let times: [Double]
  let fatReal: [Double]
  let fatSquare: [Double]

  package init(_ echoProtocol: EchoProtocol) {
    count = echoProtocol.echoTimes.count
    times = echoProtocol.echoTimes.map(\.value)
    fatReal = echoProtocol.fat.map(\.real)
    fatSquare = echoProtocol.fat.map { $0.real * $0.real + $0.imaginary * $0.imaginary }
  }
}
