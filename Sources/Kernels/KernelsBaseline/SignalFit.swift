import KernelTypes

/// Fits water, fat, field map and R2* by variable projection, sixteen voxels at a time.
///
///     s_k = (W + F c_k) exp((i 2 pi psi - R2*) t_k),  W, F complex and independent
///
/// The model is holomorphic in (W, F, omega) with i omega = i 2 pi psi - R2*, so the two real
/// parameters psi and R2* are one complex one: with m the model, r the residual (orthogonal to
/// water and fat) and q the part of t m orthogonal to water and fat, the Gauss-Newton step is
///
///     d R2* = -Re(q^H r) / |q|^2,   d psi = Im(q^H r) / (2 pi |q|^2),   q^H r = (t m)^H r,
///
/// and |q|^2 (d omega)^2 is what it lowers the residual by. A step that does not lower it is halved
/// twice; one within rounding of the energy counts as lowering it. The fit stops where the next step
/// would gain less than a thousandth of the noise's variance, 3 % of a standard deviation of psi and
/// R2*, or is below 0.03 rad/s. That last step is taken to first order, d(W, F) = -i v d omega with
/// v = A^+ (t m), without projecting again: errors are then of the order of the step after it.
///
/// The Cramér-Rao covariance of (W, F), with psi and R2* unknown, is
/// 2 sigma^2 ((A^H A)^-1 + v v^H / |q|^2).
///
/// - Parameters:
///   - blocks: how many blocks of sixteen.
///   - signal: shape (block, echo, 2, 16).
///   - start: psi in Hz and R2* in 1/s, shape (block, 2, 16).
///   - plan: the protocol.
///   - result: out, shape (block, `FitRow.allCases.count`, 16).
public func fitSignal(
  blocks: Int, signal: UnsafePointer<Float>, start: UnsafePointer<Float>, plan: FitPlan,
  result: UnsafeMutablePointer<Float>
) {
  guard blocks > 0 else { return }
  Descent.withFour(plan) { descent in
    if plan.evenSpacing > 0 {
      fitBlocks(descent, blocks, signal, start, plan, isEven: true, result)
    } else {
      fitBlocks(descent, blocks, signal, start, plan, isEven: false, result)
    }
  }
}

/// Four blocks are under way at a time, each at another station of a step: what one station waits for,
/// another has long computed, and four short chains of operations run beside each other.
///
/// - Parameter isEven: whether echoes are evenly spaced; a literal, so that one branch is left.
@_transparent
private func fitBlocks(
  _ descent: (Int) -> UnsafeMutablePointer<Descent>, _ blocks: Int,
  _ signal: UnsafePointer<Float>, _ start: UnsafePointer<Float>, _ plan: FitPlan, isEven: Bool,
  _ result: UnsafeMutablePointer<Float>
) {
  var (first, second, third, fourth) = (descent(0), descent(1), descent(2), descent(3))
  var (ahead, left) = (0, blocks)
  while true {
    if first.pointee.isDone {
      let block = first.pointee.block
      if block >= 0 {
        emit(first, plan, result + block * FitRow.allCases.count * laneCount)
        left -= 1
        if left == 0 { return }
      }
      first.pointee.block = -1
      if ahead < blocks {
        first.pointee.begin(
          ahead, signal + ahead * plan.echoes * 2 * laneCount, start + ahead * 2 * laneCount, plan)
        ahead += 1
      }
    }
    fourth.pointee.step(plan)
    third.pointee.project()
    second.pointee.sum(plan, isEven: isEven)
    first.pointee.turn(plan, isEven: isEven)
    (first, second, third, fourth) = (fourth, first, second, third)
  }
}

/// Takes the last step and writes a block's result, with W and F at TE = 0.
@inline(never)
private func emit(
  _ descent: UnsafePointer<Descent>, _ plan: FitPlan, _ out: UnsafeMutablePointer<Float>
) {
  let (p, here, next) = (descent.pointee.best, descent.pointee.here, descent.pointee.next)
  func put(_ lanes: Lanes, _ row: FitRow) { store(lanes, out + row.rawValue * laneCount) }
  let isSmall = descent.pointee.isSmall .> 0.5
  let (psi, r2) = (choose(isSmall, next.psi, here.psi), choose(isSmall, next.r2, here.r2))
  let (turn, fall) = ((psi - here.psi) * Float(6.283_185_3), r2 - here.r2)
  // d(W, F) = -v (i 2 pi d psi - d R2*).
  func stepped(_ a: Complex, _ v: Complex) -> Complex {
    Complex(
      re: madd(v.im, turn, madd(v.re, fall, a.re)), im: msub(v.re, turn, madd(v.im, fall, a.im)))
  }
  let gained = Float(2) * (p.slopePsi * turn - p.slopeR2star * fall)
  let residual = madd(p.curvature, turn * turn + fall * fall, p.residual - gained)
  // From the first echo to TE = 0.
  let first = plan.echoTimes[0]
  let (c, s) = unitCircle(quarters: psi * (-4 * first))
  let growth = exponential(r2 * first)
  let back = Complex(re: c * growth, im: s * growth)
  let (water, fat) = (stepped(p.water, p.v1) * back, stepped(p.fat, p.v2) * back)
  put(water.re, .waterReal)
  put(water.im, .waterImaginary)
  put(fat.re, .fatReal)
  put(fat.im, .fatImaginary)
  put(psi, .fieldMap)
  put(r2, .r2star)
  put(greater(residual, Lanes()), .residual)
  // A^+ (t m) for t from TE = 0.
  func whole(_ v: Complex, _ a: Complex) -> Complex {
    Complex(
      re: madd(Lanes(repeating: first), a.re, v.re), im: madd(Lanes(repeating: first), a.im, v.im))
  }
  let (v1, v2) = (whole(p.v1, p.water), whole(p.v2, p.fat))
  let q = 1 / greater(p.curvature, Lanes(repeating: 1e-30))
  // E[dW conj(dF)] goes with v1 conj(v2).
  let across = v1.timesConjugate(v2)
  let double = Float(2) * growth * growth
  put(double * madd(v1.square, q, p.inverse.w), .varianceWater)
  put(double * madd(v2.square, q, p.inverse.f), .varianceFat)
  put(double * madd(across.re, q, p.inverse.c.re), .covarianceReal)
  put(double * madd(across.im, q, p.inverse.c.im), .covarianceImaginary)
  put(descent.pointee.converged, .converged)
}
