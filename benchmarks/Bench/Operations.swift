import KernelTypes

/// Floating-point operations that an algorithm needs for one voxel: additions, multiplications and
/// divisions, a multiply-add counting two. Comparisons, selections, moves and what is computed again
/// count nothing, so that a share of the peak says how much of the machine does needed work.
enum Operations {
  /// exp((i 2 pi psi - R2*) t) for one t: polynomials of degree 9, 8 (sine, cosine) and 6, with
  /// their reductions, and the products.
  static let phasor = 23 + 20 + 4

  /// The candidate search: products conj(s_m) s_k of all pairs (6 each) and |s|^2 (3 an echo) once;
  /// for each R2* their weighted sums by lag (8 a pair, 2 an echo) and at each sample of the field
  /// map one complex-by-real sum over lags (4 a lag).
  static func search(_ plan: SearchPlan) -> Double {
    let once = 6 * plan.pairs + 3 * plan.echoes
    let perDecay = 8 * plan.pairs + 2 * plan.echoes + plan.samples * 4 * plan.lags
    return Double(once + plan.decays * perDecay)
  }

  /// One variable projection of the fit, with the Gauss-Newton step that follows from it.
  ///
  /// Each echo: its phasor (6 by recurrence, else `phasor`), u = conj(g) s (6), A^H s (2 + 8),
  /// A^H (t s) (4 + 8), w = |g|^2 (3) and the twelve sums of w t^j {1, c, |c|^2}, j = 0, 1, 2, by
  /// constants (23). Once: the inverse of A^H A (10), (W, F) (20), the residual (8), A^H (t m) and
  /// A^H (t^2 m) (40), |t m|^2 (7), A^+ (t m) (20), |q|^2 (8), the gradient (22), the step (6).
  static func projection(_ plan: FitPlan) -> Double {
    let even = plan.evenSpacing > 0
    let phasors = even ? 2 * phasor + 6 * (plan.echoes - 1) : phasor * plan.echoes
    return Double(phasors + plan.echoes * (6 + 10 + 12 + 3 + 23) + 141)
  }

  /// The fit of a voxel that needs `projections` of them: |s|^2 (4 an echo) once, and at the end the
  /// covariance of (W, F) (25).
  static func fit(_ plan: FitPlan, projections: Double) -> Double {
    Double(4 * plan.echoes + 25) + projections * projection(plan)
  }
}
