import KernelTypes

/// The state of a fit at one (psi, R2*): the variable projection of the signal model.
private struct Projection {
  /// Water and fat that fit best at this (psi, R2*).
  var wr = Lanes()
  var wi = Lanes()
  var fr = Lanes()
  var fi = Lanes()
  /// Sum of squared residuals.
  var residual = Lanes()
  /// (t m)^H r.
  var gr = Lanes()
  var gi = Lanes()
  /// |q|^2, q the part of t m that water and fat cannot follow.
  var curvature = Lanes()
  /// Inverse of A^H A: (i11, i22, i12 complex).
  var i11 = Lanes()
  var i22 = Lanes()
  var i12r = Lanes()
  var i12i = Lanes()
  /// A^+ (t m).
  var v1r = Lanes()
  var v1i = Lanes()
  var v2r = Lanes()
  var v2i = Lanes()
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
  var psi = load(start)
  var r2 = lesser(greater(load(start + laneCount), lower), upper)
  var best = project(signal, psi, r2, plan)
  var scale = Lanes(repeating: 1)
  var converged = Lanes()
  for _ in 0..<plan.iterations {
    // The factor 1 / |q|^2 of the step; a voxel that carries no information does not move.
    let inverse = scale / greater(best.curvature, Lanes(repeating: 1e-30))
    let stepPsi = best.gi * inverse * Float(0.159_154_943)
    let stepR2 = -best.gr * inverse
    let newPsi = psi + clamp(stepPsi, 40)
    let newR2 = lesser(greater(r2 + clamp(stepR2, 300), lower), upper)
    let small =
      (magnitude(newPsi - psi) .< Lanes(repeating: 5e-3))
      .& (magnitude(newR2 - r2) .< Lanes(repeating: 2e-2))
    let trial = project(signal, newPsi, newR2, plan)
    let better = trial.residual .<= best.residual
    psi.replace(with: newPsi, where: better)
    r2.replace(with: newR2, where: better)
    best.replace(with: trial, where: better)
    scale = (scale * 0.35).replacing(with: Lanes(repeating: 1), where: better)
    converged.replace(with: 1, where: small)
    if all(converged .> 0.5) { break }
  }
  emit(best, psi, r2, converged, result)
}

@inline(__always)
private func magnitude(_ x: Lanes) -> Lanes { greater(x, -x) }

@inline(__always)
private func clamp(_ x: Lanes, _ limit: Float) -> Lanes {
  lesser(greater(x, Lanes(repeating: -limit)), Lanes(repeating: limit))
}

/// Variable projection at one (psi, R2*).
@inline(__always)
private func project(
  _ signal: UnsafePointer<Float>, _ psi: Lanes, _ r2: Lanes, _ plan: FitPlan
) -> Projection {
  // Weighted sums S_j = sum_k w_k t_k^j {1, c_k, |c_k|^2}, w_k = exp(-2 R2* t_k), and A^H s,
  // A^H (t s).
  var (a11, a12r, a12i, a22) = (Lanes(), Lanes(), Lanes(), Lanes())
  var (b11, b12r, b12i, b22) = (Lanes(), Lanes(), Lanes(), Lanes())
  var (d11, d12r, d12i, d22) = (Lanes(), Lanes(), Lanes(), Lanes())
  var (y1r, y1i, y2r, y2i) = (Lanes(), Lanes(), Lanes(), Lanes())
  var (x1r, x1i, x2r, x2i) = (Lanes(), Lanes(), Lanes(), Lanes())
  var energy = Lanes()
  var turn = Rotation(psi, r2, plan)
  for k in 0..<plan.echoes {
    let t = plan.echoTimes[k]
    let c = (re: Lanes(repeating: plan.fat[k * 2]), im: Lanes(repeating: plan.fat[k * 2 + 1]))
    let (gr, gi) = turn.factor(k, psi, r2, plan)
    let sr = load(signal + k * 2 * laneCount)
    let si = load(signal + (k * 2 + 1) * laneCount)
    energy = madd(sr, sr, madd(si, si, energy))
    // u = conj(g) s
    let ur = madd(gr, sr, gi * si)
    let ui = msub(gi, sr, gr * si)
    let cur = madd(c.re, ur, c.im * ui)
    let cui = msub(c.im, ur, c.re * ui)
    y1r += ur
    y1i += ui
    y2r += cur
    y2i += cui
    let time = Lanes(repeating: t)
    x1r = madd(time, ur, x1r)
    x1i = madd(time, ui, x1i)
    x2r = madd(time, cur, x2r)
    x2i = madd(time, cui, x2i)
    let w = madd(gr, gr, gi * gi)
    let (wcr, wci) = (w * c.re, w * c.im)
    let wcc = madd(wcr, c.re, wci * c.im)
    a11 += w
    a12r += wcr
    a12i += wci
    a22 += wcc
    b11 = madd(time, w, b11)
    b12r = madd(time, wcr, b12r)
    b12i = madd(time, wci, b12i)
    b22 = madd(time, wcc, b22)
    let time2 = Lanes(repeating: t * t)
    d11 = madd(time2, w, d11)
    d12r = madd(time2, wcr, d12r)
    d12i = madd(time2, wci, d12i)
    d22 = madd(time2, wcc, d22)
  }
  var p = Projection()
  let determinant = a11 * a22 - (a12r * a12r + a12i * a12i)
  let inverse = 1 / greater(determinant, a11 * a22 * 1e-6 + 1e-30)
  p.i11 = a22 * inverse
  p.i22 = a11 * inverse
  p.i12r = -a12r * inverse
  p.i12i = -a12i * inverse
  // (W, F) = (A^H A)^-1 A^H s; the matrix's lower element is the conjugate of the upper.
  (p.wr, p.wi, p.fr, p.fi) = p.solve(y1r, y1i, y2r, y2i)
  // |r|^2 = |s|^2 - Re((W, F)^H A^H s)
  let explained = p.wr * y1r + p.wi * y1i + p.fr * y2r + p.fi * y2i
  p.residual = energy - explained
  // A^H (t m): B (W, F); |t m|^2 = (W, F)^H D (W, F).
  let (p1r, p1i, p2r, p2i) = p.apply(b11, b12r, b12i, b22)
  let (q1r, q1i, q2r, q2i) = p.apply(d11, d12r, d12i, d22)
  let total = p.wr * q1r + p.wi * q1i + p.fr * q2r + p.fi * q2i
  (p.v1r, p.v1i, p.v2r, p.v2i) = p.solve(p1r, p1i, p2r, p2i)
  p.curvature = total - (p.v1r * p1r + p.v1i * p1i + p.v2r * p2r + p.v2i * p2i)
  // (t m)^H r = (t m)^H s - |.|: (W, F)^H (A^H t s) - (W, F)^H B (W, F).
  let mtm = p.wr * p1r + p.wi * p1i + p.fr * p2r + p.fi * p2i
  p.gr = p.wr * x1r + p.wi * x1i + p.fr * x2r + p.fi * x2i - mtm
  p.gi = p.wr * x1i - p.wi * x1r + p.fr * x2i - p.fi * x2r
  return p
}

/// exp((i 2 pi psi - R2*) t_k), by recurrence for even echoes.
private struct Rotation {
  var r: Lanes
  var i: Lanes
  var stepR = Lanes()
  var stepI = Lanes()

  @inline(__always)
  init(_ psi: Lanes, _ r2: Lanes, _ plan: FitPlan) {
    (r, i) = Rotation.at(plan.echoTimes[0], psi, r2)
    if plan.evenSpacing > 0 { (stepR, stepI) = Rotation.at(plan.evenSpacing, psi, r2) }
  }

  @inline(__always)
  static func at(_ time: Float, _ psi: Lanes, _ r2: Lanes) -> (Lanes, Lanes) {
    let (c, s) = unitCircle(psi * time)
    let e = exponential(-r2 * time)
    return (c * e, s * e)
  }

  /// The factor of echo `k`; called once for each k in order.
  @inline(__always)
  mutating func factor(_ k: Int, _ psi: Lanes, _ r2: Lanes, _ plan: FitPlan) -> (Lanes, Lanes) {
    if k > 0 {
      if plan.evenSpacing > 0 {
        (r, i) = (msub(i, stepI, r * stepR), madd(i, stepR, r * stepI))
      } else {
        (r, i) = Rotation.at(plan.echoTimes[k], psi, r2)
      }
    }
    return (r, i)
  }
}

extension Projection {
  /// (A^H A)^-1 y.
  @inline(__always)
  func solve(_ y1r: Lanes, _ y1i: Lanes, _ y2r: Lanes, _ y2i: Lanes)
    -> (Lanes, Lanes, Lanes, Lanes)
  {
    (
      i11 * y1r + i12r * y2r - i12i * y2i, i11 * y1i + i12r * y2i + i12i * y2r,
      i22 * y2r + i12r * y1r + i12i * y1i, i22 * y2i + i12r * y1i - i12i * y1r
    )
  }

  /// M (W, F) for the Hermitian M = (m11, m12; conj(m12), m22).
  @inline(__always)
  func apply(_ m11: Lanes, _ m12r: Lanes, _ m12i: Lanes, _ m22: Lanes)
    -> (Lanes, Lanes, Lanes, Lanes)
  {
    (
      m11 * wr + m12r * fr - m12i * fi, m11 * wi + m12r * fi + m12i * fr,
      m22 * fr + m12r * wr + m12i * wi, m22 * fi + m12r * wi - m12i * wr
    )
  }

  @inline(__always)
  mutating func replace(with o: Projection, where mask: SIMDMask<SIMD16<Int32>>) {
    wr.replace(with: o.wr, where: mask)
    wi.replace(with: o.wi, where: mask)
    fr.replace(with: o.fr, where: mask)
    fi.replace(with: o.fi, where: mask)
    residual.replace(with: o.residual, where: mask)
    gr.replace(with: o.gr, where: mask)
    gi.replace(with: o.gi, where: mask)
    curvature.replace(with: o.curvature, where: mask)
    i11.replace(with: o.i11, where: mask)
    i22.replace(with: o.i22, where: mask)
    i12r.replace(with: o.i12r, where: mask)
    i12i.replace(with: o.i12i, where: mask)
    v1r.replace(with: o.v1r, where: mask)
    v1i.replace(with: o.v1i, where: mask)
    v2r.replace(with: o.v2r, where: mask)
    v2i.replace(with: o.v2i, where: mask)
  }
}

/// Writes a block's result.
@inline(__always)
private func emit(
  _ p: Projection, _ psi: Lanes, _ r2: Lanes, _ converged: Lanes,
  _ out: UnsafeMutablePointer<Float>
) {
  func put(_ lanes: Lanes, _ row: FitRow) { store(lanes, out + row.rawValue * laneCount) }
  put(p.wr, .waterReal)
  put(p.wi, .waterImaginary)
  put(p.fr, .fatReal)
  put(p.fi, .fatImaginary)
  put(psi, .fieldMap)
  put(r2, .r2star)
  put(greater(p.residual, Lanes()), .residual)
  let q = 1 / greater(p.curvature, Lanes(repeating: 1e-30))
  put(2 * (p.i11 + (p.v1r * p.v1r + p.v1i * p.v1i) * q), .varianceWater)
  put(2 * (p.i22 + (p.v2r * p.v2r + p.v2i * p.v2i) * q), .varianceFat)
  put(2 * (p.i12r + (p.v1r * p.v2r + p.v1i * p.v2i) * q), .covarianceReal)
  put(2 * (p.i12i + (p.v1i * p.v2r - p.v1r * p.v2i) * q), .covarianceImaginary)
  put(converged, .converged)
}
