import KernelTypes

/// The state of a fit at one (psi, R2*): the variable projection of the signal model.
private struct Projection {
  /// Water and fat that fit best at this (psi, R2*).
  var water = Complex()
  var fat = Complex()
  /// Sum of squared residuals.
  var residual = Lanes()
  /// Im and Re of (t m)^H r: the steps of psi and of R2* go along these.
  var slopePsi = Lanes()
  var slopeR2star = Lanes()
  /// |q|^2, q the part of t m that water and fat cannot follow.
  var curvature = Lanes()
  /// Inverse of A^H A.
  var inverse = Gram()
  /// A^+ (t m).
  var v1 = Complex()
  var v2 = Complex()
}

/// Fits water, fat, field map and R2* in sixteen voxels by variable projection.
///
///     s_k = (W + F c_k) exp((i 2 pi psi - R2*) t_k),  W, F complex and independent
///
/// The model is holomorphic in (W, F, omega) with 2 pi omega = 2 pi psi + i R2*, so the two real
/// parameters psi and R2* are one complex one: with m the model, r the residual (orthogonal to
/// water and fat) and q the part of t m orthogonal to water and fat, the Gauss-Newton step is
///
///     d R2* = -Re(q^H r) / |q|^2,   d psi = Im(q^H r) / (2 pi |q|^2),   q^H r = (t m)^H r.
///
/// A step that does not lower the residual is halved. The Cramér-Rao covariance of (W, F), with psi
/// and R2* unknown, is 2 sigma^2 ((A^H A)^-1 + v v^H / |q|^2), v = A^+ (t m).
///
/// - Parameters:
///   - signal: one block, shape (echo, 2, 16).
///   - start: psi in Hz and R2* in 1/s, shape (2, 16).
///   - plan: the protocol.
///   - result: out, shape (`FitRow.allCases.count`, 16).
public func fitSignal(
  signal: UnsafePointer<Float>, start: UnsafePointer<Float>, plan: FitPlan,
  result: UnsafeMutablePointer<Float>
) {
  let lower = Lanes(repeating: plan.r2starMinimum)
  let upper = Lanes(repeating: plan.r2starMaximum)
  let energy = energy(signal, plan)
  var psi = load(start)
  var r2 = lesser(greater(load(start + laneCount), lower), upper)
  var best = Projection()
  var trial = Projection()
  project(signal, energy, psi, r2, plan, &best)
  var scale = Lanes(repeating: 1)
  var converged = Lanes()
  for _ in 0..<plan.iterations {
    // The factor 1 / |q|^2 of the step; a voxel that carries no information does not move.
    let inverse = scale / greater(best.curvature, Lanes(repeating: 1e-30))
    let stepPsi = best.slopePsi * inverse * Float(0.159_154_943)
    let stepR2 = -best.slopeR2star * inverse
    let newPsi = psi + clamp(stepPsi, 40)
    let newR2 = lesser(greater(r2 + clamp(stepR2, 300), lower), upper)
    let small =
      (magnitude(newPsi - psi) .< Lanes(repeating: 5e-3))
      .& (magnitude(newR2 - r2) .< Lanes(repeating: 2e-2))
    project(signal, energy, newPsi, newR2, plan, &trial)
    let better = trial.residual .<= best.residual
    psi.replace(with: newPsi, where: better)
    r2.replace(with: newR2, where: better)
    if all(better) { swap(&best, &trial) } else { best.replace(with: trial, where: better) }
    scale = (scale * 0.35).replacing(with: Lanes(repeating: 1), where: better)
    converged.replace(with: 1, where: small)
    if all(converged .> 0.5) { break }
  }
  emit(best, psi, r2, converged, result)
}

/// sum |s|^2.
@_transparent
private func energy(_ signal: UnsafePointer<Float>, _ plan: FitPlan) -> Lanes {
  var sum = Lanes()
  for row in 0..<(plan.echoes * 2) {
    let value = load(signal + row * laneCount)
    sum = madd(value, value, sum)
  }
  return sum
}

@_transparent
private func magnitude(_ x: Lanes) -> Lanes { greater(x, -x) }

@_transparent
private func clamp(_ x: Lanes, _ limit: Float) -> Lanes {
  lesser(greater(x, Lanes(repeating: -limit)), Lanes(repeating: limit))
}

/// Variable projection at one (psi, R2*).
@inline(never)
private func project(
  _ signal: UnsafePointer<Float>, _ energy: Lanes, _ psi: Lanes, _ r2: Lanes, _ plan: FitPlan,
  _ p: inout Projection
) {
  // Sums over echoes of w {1, c, |c|^2} {1, t, t^2} with w = |g|^2, of u = conj(g) s and conj(c) u,
  // and of t times these.
  var (a, b, d) = (Gram(), Gram(), Gram())
  var (y1, y2, x1, x2) = (Complex(), Complex(), Complex(), Complex())
  var turn = decayingTurn(psi, r2, plan.echoTimes[0])
  let step = plan.evenSpacing > 0 ? decayingTurn(psi, r2, plan.evenSpacing) : Complex()
  for k in 0..<plan.echoes {
    if k > 0 {
      turn = plan.evenSpacing > 0 ? turn * step : decayingTurn(psi, r2, plan.echoTimes[k])
    }
    let s = Complex(
      re: load(signal + k * 2 * laneCount), im: load(signal + (k * 2 + 1) * laneCount))
    let m = plan.moments + k * FitPlan.momentCount
    let u = s.timesConjugate(turn)
    y1.re += u.re
    y1.im += u.im
    y2.addConjugate(m[0], m[1], u)
    x1.re = madd(Lanes(repeating: m[3]), u.re, x1.re)
    x1.im = madd(Lanes(repeating: m[3]), u.im, x1.im)
    x2.addConjugate(m[4], m[5], u)
    let w = turn.square
    a.w += w
    a.add(w, m)
    b.w = madd(Lanes(repeating: m[3]), w, b.w)
    b.add(w, m + 4)
    d.w = madd(Lanes(repeating: m[7]), w, d.w)
    d.add(w, m + 8)
  }
  // The determinant of A^H A cancels; what is left of it is bounded from below.
  let product = a.w * a.f
  let determinant = msub(a.c.im, a.c.im, msub(a.c.re, a.c.re, product))
  let inverse =
    1 / greater(determinant, madd(product, Lanes(repeating: 1e-6), Lanes(repeating: 1e-30)))
  p.inverse.w = a.f * inverse
  p.inverse.f = a.w * inverse
  p.inverse.c = Complex(re: -a.c.re * inverse, im: -a.c.im * inverse)
  // (W, F) = (A^H A)^-1 A^H s, |r|^2 = |s|^2 - Re((W, F)^H A^H s).
  (p.water, p.fat) = p.inverse.times(y1, y2)
  p.residual = energy - p.water.dot(y1, p.fat.dot(y2))
  // A^H (t m) = B (W, F); |t m|^2 = (W, F)^H D (W, F); q^H q = |t m|^2 - (t m)^H A v.
  let (m1, m2) = b.times(p.water, p.fat)
  let (n1, n2) = d.times(p.water, p.fat)
  (p.v1, p.v2) = p.inverse.times(m1, m2)
  p.curvature = p.water.dot(n1, p.fat.dot(n2)) - p.v1.dot(m1, p.v2.dot(m2))
  // (t m)^H r = (W, F)^H (A^H t s - B (W, F)).
  let r1 = Complex(re: x1.re - m1.re, im: x1.im - m1.im)
  let r2 = Complex(re: x2.re - m2.re, im: x2.im - m2.im)
  p.slopeR2star = p.water.dot(r1, p.fat.dot(r2))
  p.slopePsi = p.water.across(r1, p.fat.across(r2))
}

/// exp((i 2 pi psi - R2*) t).
@_transparent
private func decayingTurn(_ psi: Lanes, _ r2: Lanes, _ time: Float) -> Complex {
  let (c, s) = unitCircle(psi * time)
  let e = exponential(-r2 * time)
  return Complex(re: c * e, im: s * e)
}

/// Sixteen complex numbers.
private struct Complex {
  var re = Lanes()
  var im = Lanes()

  @_transparent
  var square: Lanes { madd(re, re, im * im) }

  @_transparent
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: msub(a.im, b.im, a.re * b.re), im: madd(a.re, b.im, a.im * b.re))
  }

  /// a conj(b).
  @_transparent
  func timesConjugate(_ b: Complex) -> Complex {
    Complex(re: madd(b.re, re, b.im * im), im: msub(b.im, re, b.re * im))
  }

  /// Adds conj(c) u for a number c.
  @_transparent
  mutating func addConjugate(_ re: Float, _ im: Float, _ u: Complex) {
    let (cr, ci) = (Lanes(repeating: re), Lanes(repeating: im))
    self.re = madd(ci, u.im, madd(cr, u.re, self.re))
    self.im = msub(ci, u.re, madd(cr, u.im, self.im))
  }

  /// Re(conj(a) b), plus a number.
  @_transparent
  func dot(_ b: Complex, _ more: Lanes = Lanes()) -> Lanes {
    madd(re, b.re, madd(im, b.im, more))
  }

  /// Im(conj(a) b), plus a number.
  @_transparent
  func across(_ b: Complex, _ more: Lanes = Lanes()) -> Lanes {
    msub(im, b.re, madd(re, b.im, more))
  }

  @_transparent
  mutating func replace(with o: Complex, where mask: SIMDMask<SIMD16<Int32>>) {
    re.replace(with: o.re, where: mask)
    im.replace(with: o.im, where: mask)
  }
}

/// A Hermitian matrix of water and fat, (w, c; conj(c), f).
private struct Gram {
  var w = Lanes()
  var f = Lanes()
  var c = Complex()

  /// Adds the moments of fat, Re c, Im c and |c|^2, with weight `weight`.
  @_transparent
  mutating func add(_ weight: Lanes, _ m: UnsafePointer<Float>) {
    c.re = madd(Lanes(repeating: m[0]), weight, c.re)
    c.im = madd(Lanes(repeating: m[1]), weight, c.im)
    f = madd(Lanes(repeating: m[2]), weight, f)
  }

  @_transparent
  func times(_ a: Complex, _ b: Complex) -> (Complex, Complex) {
    (
      Complex(
        re: madd(w, a.re, msub(c.im, b.im, c.re * b.re)),
        im: madd(w, a.im, madd(c.im, b.re, c.re * b.im))),
      Complex(
        re: madd(f, b.re, madd(c.im, a.im, c.re * a.re)),
        im: madd(f, b.im, msub(c.im, a.re, c.re * a.im)))
    )
  }

  @_transparent
  mutating func replace(with o: Gram, where mask: SIMDMask<SIMD16<Int32>>) {
    w.replace(with: o.w, where: mask)
    f.replace(with: o.f, where: mask)
    c.replace(with: o.c, where: mask)
  }
}

extension Projection {
  @_transparent
  mutating func replace(with o: Projection, where mask: SIMDMask<SIMD16<Int32>>) {
    water.replace(with: o.water, where: mask)
    fat.replace(with: o.fat, where: mask)
    residual.replace(with: o.residual, where: mask)
    slopePsi.replace(with: o.slopePsi, where: mask)
    slopeR2star.replace(with: o.slopeR2star, where: mask)
    curvature.replace(with: o.curvature, where: mask)
    inverse.replace(with: o.inverse, where: mask)
    v1.replace(with: o.v1, where: mask)
    v2.replace(with: o.v2, where: mask)
  }
}

/// Writes a block's result.
@inline(never)
private func emit(
  _ p: Projection, _ psi: Lanes, _ r2: Lanes, _ converged: Lanes,
  _ out: UnsafeMutablePointer<Float>
) {
  func put(_ lanes: Lanes, _ row: FitRow) { store(lanes, out + row.rawValue * laneCount) }
  put(p.water.re, .waterReal)
  put(p.water.im, .waterImaginary)
  put(p.fat.re, .fatReal)
  put(p.fat.im, .fatImaginary)
  put(psi, .fieldMap)
  put(r2, .r2star)
  put(greater(p.residual, Lanes()), .residual)
  let q = 1 / greater(p.curvature, Lanes(repeating: 1e-30))
  // E[dW conj(dF)] goes with v1 conj(v2).
  let across = p.v1.timesConjugate(p.v2)
  put(2 * madd(p.v1.square, q, p.inverse.w), .varianceWater)
  put(2 * madd(p.v2.square, q, p.inverse.f), .varianceFat)
  put(2 * madd(across.re, q, p.inverse.c.re), .covarianceReal)
  put(2 * madd(across.im, q, p.inverse.c.im), .covarianceImaginary)
  put(converged, .converged)
}
