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
  // Two projections behind the echoes; lanes lie across cache lines where they may.
  let echoes = plan.echoes * 4 * MemoryLayout<Lanes>.stride
  withUnsafeTemporaryAllocation(
    byteCount: echoes + 2 * MemoryLayout<Projection>.stride + MemoryLayout<Lanes>.stride,
    alignment: 16
  ) { memory in
    guard let base = memory.baseAddress?.alignedUp(toMultipleOf: MemoryLayout<Lanes>.stride)
    else { return }
    let rows = base.assumingMemoryBound(to: Lanes.self)
    let states = (base + echoes).assumingMemoryBound(to: Projection.self)
    let size = FitRow.allCases.count * laneCount
    // Two loops: sums that may come from either branch would go through memory.
    if plan.evenSpacing > 0 {
      for block in 0..<blocks {
        fitRows(
          rows, states, signal + block * plan.echoes * 2 * laneCount, start + block * 2 * laneCount,
          plan, isEven: true, result + block * size)
      }
    } else {
      for block in 0..<blocks {
        fitRows(
          rows, states, signal + block * plan.echoes * 2 * laneCount, start + block * 2 * laneCount,
          plan, isEven: false, result + block * size)
      }
    }
  }
}

/// - Parameters:
///   - rows: room for the echoes, shape (echo, 4).
///   - states: room for two.
@_transparent
private func fitRows(
  _ rows: UnsafeMutablePointer<Lanes>, _ states: UnsafeMutablePointer<Projection>,
  _ signal: UnsafePointer<Float>, _ start: UnsafePointer<Float>, _ plan: FitPlan,
  isEven: Bool, _ result: UnsafeMutablePointer<Float>
) {
  let energy = arrange(signal, plan, rows)
  let (lower, upper) = (
    Lanes(repeating: plan.r2starMinimum), Lanes(repeating: plan.r2starMaximum)
  )
  let one = Lanes(repeating: 1)
  var next = Place(psi: load(start), r2: lesser(greater(load(start + laneCount), lower), upper))
  var here = next
  var (best, trial) = (states, states + 1)
  var scale = one
  var converged = Lanes()
  for step in 0...plan.iterations {
    trial.pointee = project(rows, energy, next, plan, isEven: isEven)
    // What single precision leaves of a difference of energies.
    let better =
      trial.pointee.residual .<= madd(energy, Lanes(repeating: 4e-7), best.pointee.residual)
    swap(&best, &trial)
    if step == 0 || isSetEverywhere(better) {
      here = next
      scale = one
    } else {
      keepBetter(best, trial, better)
      here.psi = choose(better, next.psi, here.psi)
      here.r2 = choose(better, next.r2, here.r2)
      scale = choose(better, one, scale * 0.35)
    }
    // The factor 1 / |q|^2 of the step; a voxel that carries no information does not move.
    let inverse = scale / greater(best.pointee.curvature, Lanes(repeating: 1e-30))
    let turn = clamp(best.pointee.slopePsi * inverse, 251)
    next.psi = madd(turn, Lanes(repeating: 0.159_154_943), here.psi)
    next.r2 = lesser(
      greater(here.r2 - clamp(best.pointee.slopeR2star * inverse, 300), lower), upper)
    let fall = next.r2 - here.r2
    let square = madd(turn, turn, fall * fall)
    let small =
      (square * best.pointee.curvature .< scale * scale * (1e-3 * plan.noiseVariance))
      .| (square .< Lanes(repeating: 1e-3))
    converged = choose(small, one, converged)
    if isSetEverywhere(converged .> 0.5) || step == plan.iterations {
      next = Place(psi: choose(small, next.psi, here.psi), r2: choose(small, next.r2, here.r2))
      break
    }
  }
  emit(best, here, next, converged, plan, result)
}

/// Where on the way a fit is: Hz and 1/s.
struct Place {
  var psi: Lanes
  var r2: Lanes
}

@_transparent
private func clamp(_ x: Lanes, _ limit: Float) -> Lanes {
  lesser(greater(x, Lanes(repeating: -limit)), Lanes(repeating: limit))
}

/// Puts the lanes of an old state back where a new one is no better.
@inline(never)
private func keepBetter(
  _ new: UnsafeMutablePointer<Projection>, _ old: UnsafePointer<Projection>, _ better: LaneMask
) {
  let rows = MemoryLayout<Projection>.size / MemoryLayout<Lanes>.size
  let new = UnsafeMutableRawPointer(new).assumingMemoryBound(to: Lanes.self)
  let old = UnsafeRawPointer(old).assumingMemoryBound(to: Lanes.self)
  for row in 0..<rows { new[row] = choose(better, new[row], old[row]) }
}

/// Takes the last step and writes a block's result, with W and F at TE = 0.
@inline(never)
private func emit(
  _ state: UnsafePointer<Projection>, _ here: Place, _ end: Place, _ converged: Lanes,
  _ plan: FitPlan,
  _ out: UnsafeMutablePointer<Float>
) {
  let p = state.pointee
  func put(_ lanes: Lanes, _ row: FitRow) { store(lanes, out + row.rawValue * laneCount) }
  let (psi, r2) = (end.psi, end.r2)
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
  let (c, s) = unitCircle(psi * -first)
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
  put(converged, .converged)
}
