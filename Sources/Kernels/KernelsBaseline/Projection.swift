import KernelTypes

/// The state of a fit at one (psi, R2*): the variable projection of the signal model, with times tau
/// from the first echo. Shifting the origin of time by t_0 scales water and fat by one number and
/// changes no residual and no step.
struct Projection {
  /// Water and fat at the first echo that fit best at this (psi, R2*).
  var water: Complex
  var fat: Complex
  /// Sum of squared residuals.
  var residual: Lanes
  /// Im and Re of (t m)^H r: the steps of psi and of R2* go along these.
  var slopePsi: Lanes
  var slopeR2star: Lanes
  /// |q|^2, q the part of t m that water and fat cannot follow.
  var curvature: Lanes
  /// Inverse of A^H A.
  var inverse: Gram
  /// A^+ (t m).
  var v1: Complex
  var v2: Complex
}

/// A block's echoes s and conj(c) s, shape (echo, 4); returns sum |s|^2.
@_transparent
func arrange(
  _ signal: UnsafePointer<Float>, _ plan: FitPlan, _ rows: UnsafeMutablePointer<Lanes>
) -> Lanes {
  var energy = Lanes()
  for k in 0..<plan.echoes {
    let s = Complex(
      re: load(signal + k * 2 * laneCount), im: load(signal + (k * 2 + 1) * laneCount))
    let c = plan.moments + k * FitPlan.momentCount
    let fat = Complex(re: Lanes(repeating: c[1]), im: Lanes(repeating: c[2]))
    let other = s.timesConjugate(fat)
    energy = madd(s.re, s.re, madd(s.im, s.im, energy))
    (rows[k * 4], rows[k * 4 + 1]) = (s.re, s.im)
    (rows[k * 4 + 2], rows[k * 4 + 3]) = (other.re, other.im)
  }
  return energy
}

/// Variable projection at one (psi, R2*).
///
/// - Parameter isEven: whether echoes are evenly spaced; a literal, so that one branch is left.
@_transparent
func project(
  _ rows: UnsafePointer<Lanes>, _ energy: Lanes, _ place: Place, _ plan: FitPlan,
  isEven: Bool
) -> Projection {
  let sums =
    isEven ? evenSums(rows, place, plan) : unevenSums(rows, place, plan)
  let (a, b, d) = (sums.a, sums.b, sums.d)
  // The determinant of A^H A cancels; what is left of it is bounded from below.
  let product = a.w * a.f
  let determinant = msub(a.c.im, a.c.im, msub(a.c.re, a.c.re, product))
  let factor =
    1 / greater(determinant, madd(product, Lanes(repeating: 1e-6), Lanes(repeating: 1e-30)))
  let opposite = negated(factor)
  let inverse = Gram(
    w: a.f * factor, f: a.w * factor, c: Complex(re: a.c.re * opposite, im: a.c.im * opposite))
  // (W, F) = (A^H A)^-1 A^H s, |r|^2 = |s|^2 - Re((W, F)^H A^H s).
  let (water, fat) = inverse.times(sums.y1, sums.y2)
  let residual = energy - water.dot(sums.y1, fat.dot(sums.y2))
  // A^H (t m) = B (W, F); |t m|^2 = (W, F)^H D (W, F); q^H q = |t m|^2 - (t m)^H A v.
  let (m1, m2) = b.times(water, fat)
  let (v1, v2) = inverse.times(m1, m2)
  // conj(W) F, of which D has twice the real part.
  let turned = fat.timesConjugate(water)
  let length = madd(
    d.w, water.square, madd(d.f, fat.square, msub(d.c.im, turned.im, d.c.re * turned.re)))
  // (t m)^H r = (W, F)^H (A^H t s - B (W, F)).
  let r1 = Complex(re: sums.x1.re - m1.re, im: sums.x1.im - m1.im)
  let r2 = Complex(re: sums.x2.re - m2.re, im: sums.x2.im - m2.im)
  return Projection(
    water: water, fat: fat, residual: residual, slopePsi: water.across(r1, fat.across(r2)),
    slopeR2star: water.dot(r1, fat.dot(r2)), curvature: v1.without(m1, v2.without(m2, length)),
    inverse: inverse, v1: v1, v2: v2)
}

/// Sums over echoes of w {1, c, |c|^2} {1, tau, tau^2} with w = |g|^2, of u = conj(g) s and conj(c) u,
/// and of tau times these; g = exp((i 2 pi psi - R2*) tau).
private struct EchoSums {
  var a: Gram
  var b: Gram
  /// With c doubled.
  var d: Gram
  var y1: Complex
  var y2: Complex
  var x1: Complex
  var x2: Complex
}

/// Evenly spaced echoes: with z = conj(g_1) and rho = |z|^2 the sums are polynomials in z and rho, and
/// those with tau = k spacing are z times the derivative. Horner's rule for both.
@_transparent
private func evenSums(
  _ rows: UnsafePointer<Lanes>, _ place: Place, _ plan: FitPlan
) -> EchoSums {
  let (turn, decay) = decayingTurn(place, plan.evenSpacing)
  let z = Complex(re: turn.re, im: negated(turn.im))
  var row = rows + (plan.echoes - 1) * 4
  var (y1, y2) = (Complex(re: row[0], im: row[1]), Complex(re: row[2], im: row[3]))
  var (x1, x2) = (y1, y2)
  for k in 1..<plan.echoes {
    row -= 4
    if k > 1 {
      x1 = x1.times(z, turn.im, y1)
      x2 = x2.times(z, turn.im, y2)
    }
    y1 = y1.times(z, turn.im, Complex(re: row[0], im: row[1]))
    y2 = y2.times(z, turn.im, Complex(re: row[2], im: row[3]))
  }
  let ahead = Complex(re: z.re * plan.evenSpacing, im: z.im * plan.evenSpacing)
  let (a, b, d) = evenMoments(decay * decay, plan)
  return EchoSums(a: a, b: b, d: d, y1: y1, y2: y2, x1: x1 * ahead, x2: x2 * ahead)
}

/// The sums of w = rho^k times the plan's moments.
@_transparent
private func evenMoments(_ rho: Lanes, _ plan: FitPlan) -> (Gram, Gram, Gram) {
  var row = plan.moments + (plan.echoes - 1) * FitPlan.momentCount
  var (a, b, d) = (Gram(row), Gram(row + 4), Gram(row + 8))
  for _ in 1..<plan.echoes {
    row -= FitPlan.momentCount
    a.raise(rho, row)
    b.raise(rho, row + 4)
    d.raise(rho, row + 8)
  }
  return (a, b, d)
}

/// The same for any echo times.
@_transparent
private func unevenSums(
  _ rows: UnsafePointer<Lanes>, _ place: Place, _ plan: FitPlan
) -> EchoSums {
  let (m, none) = (plan.moments, Complex())
  var sums = EchoSums(
    a: Gram(m), b: Gram(m + 4), d: Gram(m + 8), y1: Complex(re: rows[0], im: rows[1]),
    y2: Complex(re: rows[2], im: rows[3]), x1: none, x2: none)
  for k in 1..<plan.echoes {
    let tau = plan.echoTimes[k] - plan.echoTimes[0]
    let (turn, decay) = decayingTurn(place, tau)
    let (row, m) = (rows + k * 4, plan.moments + k * FitPlan.momentCount)
    let u1 = Complex(re: row[0], im: row[1]).timesConjugate(turn)
    let u2 = Complex(re: row[2], im: row[3]).timesConjugate(turn)
    sums.y1.add(u1, 1)
    sums.y2.add(u2, 1)
    sums.x1.add(u1, tau)
    sums.x2.add(u2, tau)
    let w = decay * decay
    sums.a.add(w, m)
    sums.b.add(w, m + 4)
    sums.d.add(w, m + 8)
  }
  return sums
}

/// exp((i 2 pi psi - R2*) t), and its magnitude.
@_transparent
private func decayingTurn(_ place: Place, _ time: Float) -> (turn: Complex, decay: Lanes) {
  let (c, s) = unitCircle(place.psi * time)
  let e = exponential(place.r2 * -time)
  return (Complex(re: c * e, im: s * e), e)
}
