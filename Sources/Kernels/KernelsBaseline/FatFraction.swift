import KernelTypes

/// The maps of sixteen voxels from their fit.
///
/// With w = W / S0, f = F / S0 and u = S0 / |S0| for S0 = W + F, PDFF by magnitude discrimination
/// (Liu 2007, 10.1002/mrm.21301) and its gradient, d PDFF = Re(conj(a) dW + conj(b) dF) / |S0|, are
///
///     1 - |w|,           a = u |w| - w / |w|,     b = u |w|            where |w| >= |f|,
///     |f|,               a = -u |f|,              b = f / |f| - u |f|  elsewhere,
///     |f| / (|w| + |f|), a = -w |f| / (|w| T^2),  b = f |w| / (|f| T^2), T = |w| + |f|
///
/// where W and F differ in phase by more than noise explains. The variance of that is
/// (|a|^2 C11 + |b|^2 C22 + 2 Re(conj(a) b C12)) sigma^2 / (2 |S0|^2); the step at one half adds to
/// it. Derivations stand with the scalar form in `Separation`, `VoxelFatFraction`.
///
/// - Parameters:
///   - fit: of one block, shape (`FitRow`, 16).
///   - maps: out, shape (`MapRow`, 16).
///   - bits: out, shape (16).
public func fatFractions(
  fit: UnsafePointer<Float>, plan: MapPlan, maps: UnsafeMutablePointer<Float>,
  bits: UnsafeMutablePointer<Int32>
) {
  func row(_ row: FitRow) -> Lanes { load(fit + row.rawValue * laneCount) }
  func put(_ lanes: Lanes, _ row: MapRow) { store(lanes, maps + row.rawValue * laneCount) }
  let (kw, kf) = (plan.waterFactor, plan.fatFactor)
  let (wr, wi) = (row(.waterReal) * kw, row(.waterImaginary) * kw)
  let (fr, fi) = (row(.fatReal) * kf, row(.fatImaginary) * kf)
  let tiny = Lanes(repeating: .leastNormalMagnitude)
  let (water2, fat2) = (square(wr, wi), square(fr, fi))
  put(squareRoot(water2), .water)
  put(squareRoot(fat2), .fat)
  put(row(.r2star), .r2star)
  put(row(.fieldMap), .fieldMap)

  let inverse = 1 / greater(squareRoot(square(wr + fr, wi + fi)), tiny)
  var f = Fractions(
    wr: wr * inverse, wi: wi * inverse, fr: fr * inverse, fi: fi * inverse,
    ur: (wr + fr) * inverse, ui: (wi + fi) * inverse)
  let scale = inverse * inverse * plan.noiseVariance
  f.c11 = row(.varianceWater) * (kw * kw) * scale
  f.c22 = row(.varianceFat) * (kf * kf) * scale
  f.c12r = row(.covarianceReal) * (kw * kf) * scale
  f.c12i = row(.covarianceImaginary) * (kw * kf) * scale
  let (value, deviation, differ) = f.discriminate()
  put(value, .fatFraction)
  put(deviation, .fatFractionSD)

  let residual = row(.residual)
  let (lower, upper) = (
    Lanes(repeating: plan.r2starMinimum), Lanes(repeating: plan.r2starMaximum)
  )
  let atBound = (row(.r2star) .<= lower) .| (row(.r2star) .>= upper)
  let poor =
    (residual - plan.poorResidual) .> greater((water2 + fat2) * plan.poorShare, Lanes())
  let known = deviation .< Lanes(repeating: plan.unmeasurableSD)
  var out = SIMD16<Int32>(repeating: 0)
  mark(&out, plan.notConverged, row(.converged) .<= 0.5)
  mark(&out, plan.r2starAtBound, atBound)
  mark(&out, plan.phasesDiffer, differ)
  mark(&out, plan.unmeasurable, .!known)
  mark(&out, plan.poorFit, poor)
  UnsafeMutableRawPointer(bits).storeBytes(of: out, as: SIMD16<Int32>.self)
}

@_transparent
private func mark(
  _ bits: inout SIMD16<Int32>, _ bit: Int32, _ mask: SIMDMask<SIMD16<Int32>>
) {
  bits.replace(with: bits | bit, where: mask)
}

@_transparent
private func square(_ re: Lanes, _ im: Lanes) -> Lanes { madd(re, re, im * im) }

/// Water and fat in units of |S0|, the direction of S0, and their covariance in units of |S0|^2.
private struct Fractions {
  var wr: Lanes
  var wi: Lanes
  var fr: Lanes
  var fi: Lanes
  var ur: Lanes
  var ui: Lanes
  var c11 = Lanes()
  var c22 = Lanes()
  var c12r = Lanes()
  var c12i = Lanes()

  /// PDFF, its standard deviation, and where the phases of water and fat differ.
  @_transparent
  func discriminate() -> (value: Lanes, deviation: Lanes, differ: SIMDMask<SIMD16<Int32>>) {
    let tiny = Lanes(repeating: 1e-18)
    let (w2, f2) = (square(wr, wi), square(fr, fi))
    let (w, f) = (squareRoot(w2), squareRoot(f2))
    let differ = phasesDiffer(w2, f2)
    let total = greater(w + f, tiny)
    let byWater = w .>= f
    // Gradients, first for |F| the smaller, then where it is not, then where phases differ.
    let (pw, pf) = (1 / greater(w, tiny), 1 / greater(f, tiny))
    let larger = w.replacing(with: -f, where: .!byWater)
    var (ar, ai) = (ur * larger, ui * larger)
    var (br, bi) = (ar, ai)
    ar = ar.replacing(with: ar - wr * pw, where: byWater)
    ai = ai.replacing(with: ai - wi * pw, where: byWater)
    br = br.replacing(with: br + fr * pf, where: .!byWater)
    bi = bi.replacing(with: bi + fi * pf, where: .!byWater)
    let share = 1 / total
    let (ga, gb) = (-f * share * share * pw, w * share * share * pf)
    ar.replace(with: wr * ga, where: differ)
    ai.replace(with: wi * ga, where: differ)
    br.replace(with: fr * gb, where: differ)
    bi.replace(with: fi * gb, where: differ)
    let value = f.replacing(with: 1 - w, where: byWater).replacing(with: f * share, where: differ)
    // Re(conj(a) b C12).
    let cross = (ar * br + ai * bi) * c12r - (ar * bi - ai * br) * c12i
    let variance = Float(0.5) * (square(ar, ai) * c11 + square(br, bi) * c22 + 2 * cross)
    let plain = squareRoot(greater(variance, Lanes()))
    return (
      value, plain.replacing(with: plain * spread(value, plain), where: .!differ), differ
    )
  }

  /// Whether fat's part across water's direction is over four of its standard deviations and the sine
  /// of the angle over 0.1.
  @_transparent
  private func phasesDiffer(_ w2: Lanes, _ f2: Lanes) -> SIMDMask<SIMD16<Int32>> {
    let across = fi * wr - fr * wi
    // conj(C12) conj(f) w = conj(C12) (dot - i across).
    let dot = fr * wr + fi * wi
    let cross = c12r * dot - c12i * across
    let variance = Float(0.5) * (c22 * w2 + c11 * f2 - 2 * cross)
    return (across * across .> f2 * w2 * Float(0.01))
      .& (across * across .> greater(variance, Lanes()) * 16)
  }

  /// (1 + 2 sigma phi(u) / max(p, 1 - p))^(1/2), u = (p - 1/2) / sigma.
  @_transparent
  private func spread(_ p: Lanes, _ sigma: Lanes) -> Lanes {
    let u = (p - 0.5) / greater(sigma, Lanes(repeating: 1e-18))
    let density = exponential(u * u * Float(-0.5)) * Float(0.398_942_28)
    return squareRoot(1 + 2 * sigma * density / greater(p, 1 - p))
  }
}
