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
  /// Evenly spaced echoes: the spacing's phasor and its square (1), four complex polynomials in it by
  /// Horner's rule (8 a step: A^H s for each echo but one, A^H (t s) for one less, and its factor 14),
  /// and the twelve sums of w t^j {1, c, |c|^2}, j = 0, 1, 2 (24 a step). Uneven echoes, each but the
  /// first: its phasor, conj(g) s and conj(c) of that (12), their sums and those with t (12), w (1),
  /// the twelve sums (24). Once: the inverse of A^H A (10), (W, F) (20), the residual (8), A^H (t m)
  /// (20), |t m|^2 (19), A^+ (t m) (20), |q|^2 (8), the gradient (18), the step (6).
  static func projection(_ plan: FitPlan) -> Double {
    let steps = plan.echoes - 1
    let sums =
      plan.evenSpacing > 0
      ? phasor + 1 + 14 + steps * (2 * 8 + 24) + (steps - 1) * 2 * 8
      : steps * (phasor + 12 + 12 + 1 + 24)
    return Double(sums + 129)
  }

  /// The fit of a voxel that needs `projections` of them: |s|^2 and conj(c) s (10 an echo) once, and
  /// at the end the last step (25), the way back to TE = 0 (a phasor and 20), and the covariance of
  /// (W, F) (30).
  static func fit(_ plan: FitPlan, projections: Double) -> Double {
    Double(10 * plan.echoes + 25 + phasor + 20 + 30) + projections * projection(plan)
  }
}
