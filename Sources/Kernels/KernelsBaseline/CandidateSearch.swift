import KernelTypes

/// Finds the best local minima of the residual over the field map, R2* profiled, in sixteen voxels.
///
/// - Parameters:
///   - signal: one block, shape (echo, 2, 16).
///   - plan: the protocol's tables.
///   - scratch: `plan.scratchLanes * 16` floats.
///   - candidates: out, shape (16, 3, 4): psi in Hz, cost in nats, R2* in 1/s, for the
///     four best minima in order of cost. A missing minimum costs 1e5 nats.
///
/// Cost is the residual over twice the variance: minus the log-likelihood up to a constant.
public func findCandidates(
  signal: UnsafePointer<Float>, plan: SearchPlan, scratch: UnsafeMutablePointer<Float>,
  candidates: UnsafeMutablePointer<Float>
) {
  let products = scratch
  let sums = products + plan.pairs * 2 * laneCount
  let explained = sums + plan.lags * 2 * laneCount
  let decayAt = explained + plan.samples * laneCount
  let energy = lagProducts(signal, plan, products)
  for sample in 0..<plan.samples {
    store(Lanes(repeating: -1), explained + sample * laneCount)
    store(Lanes(), decayAt + sample * laneCount)
  }
  for decay in 0..<plan.decays {
    let constant = weighLags(signal, plan, decay, products, sums)
    maximiseOverSamples(plan, decay, constant, sums, explained, decayAt)
  }
  collectMinima(
    plan, energy, Lanes(repeating: 0.5) / variance(energy, plan), explained, decayAt, candidates)
}

/// `SearchPlan.variance` of sixteen voxels.
@_transparent
func variance(_ energy: Lanes, _ plan: SearchPlan) -> Lanes {
  madd(
    energy, Lanes(repeating: plan.modelErrorVariance / Float(plan.echoes)),
    Lanes(repeating: plan.noiseVariance))
}

/// conj(s_m) s_k of every pair into `products`; returns the energy sum |s_m|^2.
@_transparent
private func lagProducts(
  _ signal: UnsafePointer<Float>, _ plan: SearchPlan, _ products: UnsafeMutablePointer<Float>
) -> Lanes {
  var energy = Lanes()
  var out = products
  for m in 0..<plan.echoes {
    let re = load(signal + m * 2 * laneCount)
    let im = load(signal + (m * 2 + 1) * laneCount)
    energy = madd(re, re, madd(im, im, energy))
    for k in 0..<m {
      let kre = load(signal + k * 2 * laneCount)
      let kim = load(signal + (k * 2 + 1) * laneCount)
      store(madd(re, kre, im * kim), out)
      store(msub(im, kre, re * kim), out + laneCount)
      out += 2 * laneCount
    }
  }
  return energy
}

/// Sums of 2 P_mk conj(s_m) s_k by lag into `sums`; returns sum P_mm |s_m|^2.
@_transparent
private func weighLags(
  _ signal: UnsafePointer<Float>, _ plan: SearchPlan, _ decay: Int,
  _ products: UnsafePointer<Float>, _ sums: UnsafeMutablePointer<Float>
) -> Lanes {
  var constant = Lanes()
  for m in 0..<plan.echoes {
    let re = load(signal + m * 2 * laneCount)
    let im = load(signal + (m * 2 + 1) * laneCount)
    let p = Lanes(repeating: plan.diagonal[decay * plan.echoes + m])
    constant = madd(p, madd(re, re, im * im), constant)
  }
  for lag in 0..<(plan.lags * 2) { store(Lanes(), sums + lag * laneCount) }
  for pair in 0..<plan.pairs {
    let weight = plan.offDiagonal + (decay * plan.pairs + pair) * 2
    let (wr, wi) = (Lanes(repeating: weight[0]), Lanes(repeating: weight[1]))
    let re = load(products + pair * 2 * laneCount)
    let im = load(products + (pair * 2 + 1) * laneCount)
    let into = sums + Int(plan.lagOfPair[pair]) * 2 * laneCount
    store(msub(wi, im, madd(wr, re, load(into))), into)
    store(madd(wi, re, madd(wr, im, load(into + laneCount))), into + laneCount)
  }
  return constant
}

/// E(psi) at every sample for one R2*, keeping the largest over R2* so far and where it was.
@_transparent
private func maximiseOverSamples(
  _ plan: SearchPlan, _ decay: Int, _ constant: Lanes, _ sums: UnsafePointer<Float>,
  _ explained: UnsafeMutablePointer<Float>, _ decayAt: UnsafeMutablePointer<Float>
) {
  let here = Lanes(repeating: plan.decayValues[decay])
  for quad in 0..<(plan.samples / 4) {
    var (e0, e1, e2, e3) = (constant, constant, constant, constant)
    var table = plan.rotation + quad * 8
    var c = sums
    for _ in 0..<plan.lags {
      let re = load(c)
      let im = load(c + laneCount)
      e0 = msub(im, Lanes(repeating: table[4]), madd(re, Lanes(repeating: table[0]), e0))
      e1 = msub(im, Lanes(repeating: table[5]), madd(re, Lanes(repeating: table[1]), e1))
      e2 = msub(im, Lanes(repeating: table[6]), madd(re, Lanes(repeating: table[2]), e2))
      e3 = msub(im, Lanes(repeating: table[7]), madd(re, Lanes(repeating: table[3]), e3))
      table += plan.samples * 2
      c += 2 * laneCount
    }
    let at = quad * 4 * laneCount
    keepLarger(e0, here, explained + at, decayAt + at)
    keepLarger(e1, here, explained + at + laneCount, decayAt + at + laneCount)
    keepLarger(e2, here, explained + at + 2 * laneCount, decayAt + at + 2 * laneCount)
    keepLarger(e3, here, explained + at + 3 * laneCount, decayAt + at + 3 * laneCount)
  }
}

@_transparent
private func keepLarger(
  _ value: Lanes, _ payload: Lanes, _ best: UnsafeMutablePointer<Float>,
  _ payloads: UnsafeMutablePointer<Float>
) {
  let old = load(best)
  let larger = value .> old
  store(old.replacing(with: value, where: larger), best)
  store(load(payloads).replacing(with: payload, where: larger), payloads)
}

/// The four best local minima of energy - explained, refined by a parabola through three samples.
@_transparent
private func collectMinima(
  _ plan: SearchPlan, _ energy: Lanes, _ toNats: Lanes, _ explained: UnsafePointer<Float>,
  _ decayAt: UnsafePointer<Float>, _ candidates: UnsafeMutablePointer<Float>
) {
  let none = Lanes(repeating: 1e30)
  var cost = (none, none, none, none)
  var psi = (Lanes(), Lanes(), Lanes(), Lanes())
  var decay = (Lanes(), Lanes(), Lanes(), Lanes())
  let last = plan.samples - 1
  let outside = Lanes(repeating: -1e30)
  var before = plan.periodic ? load(explained + last * laneCount) : outside
  var here = load(explained)
  for sample in 0...last {
    let after =
      sample < last
      ? load(explained + (sample + 1) * laneCount)
      : (plan.periodic ? load(explained) : outside)
    let isPeak = (here .>= before) .& (here .> after)
    if any(isPeak) {
      let slope = after - before
      let curvature = (here - before) + (here - after)
      let inside = (before .> -1e29) .& (after .> -1e29)
      let shift = Lanes().replacing(with: slope / (curvature * 2), where: inside)
      let peak = here.replacing(with: madd(slope * 0.25, shift, here), where: inside)
      var newCost = none.replacing(with: energy - peak, where: isPeak)
      var newPsi = madd(
        shift + Float(sample), Lanes(repeating: plan.sampleStep),
        Lanes(repeating: plan.firstSample))
      var newDecay = load(decayAt + sample * laneCount)
      sink(&newCost, &newPsi, &newDecay, &cost.0, &psi.0, &decay.0)
      sink(&newCost, &newPsi, &newDecay, &cost.1, &psi.1, &decay.1)
      sink(&newCost, &newPsi, &newDecay, &cost.2, &psi.2, &decay.2)
      sink(&newCost, &newPsi, &newDecay, &cost.3, &psi.3, &decay.3)
    }
    before = here
    here = after
  }
  emit(0, psi.0, cost.0 * toNats, decay.0, candidates)
  emit(1, psi.1, cost.1 * toNats, decay.1, candidates)
  emit(2, psi.2, cost.2 * toNats, decay.2, candidates)
  emit(3, psi.3, cost.3 * toNats, decay.3, candidates)
}

/// One step of insertion: the smaller stays in the slot, the larger goes on.
@_transparent
private func sink(
  _ cost: inout Lanes, _ psi: inout Lanes, _ decay: inout Lanes, _ slotCost: inout Lanes,
  _ slotPsi: inout Lanes, _ slotDecay: inout Lanes
) {
  let smaller = cost .< slotCost
  let (c, p, d) = (slotCost, slotPsi, slotDecay)
  slotCost.replace(with: cost, where: smaller)
  slotPsi.replace(with: psi, where: smaller)
  slotDecay.replace(with: decay, where: smaller)
  cost.replace(with: c, where: smaller)
  psi.replace(with: p, where: smaller)
  decay.replace(with: d, where: smaller)
}

/// Writes candidate `k` of sixteen voxels, voxel by voxel.
@_transparent
private func emit(
  _ k: Int, _ psi: Lanes, _ nats: Lanes, _ decay: Lanes, _ out: UnsafeMutablePointer<Float>
) {
  let bounded = lesser(greater(nats, Lanes()), Lanes(repeating: 1e5))
  for lane in 0..<laneCount {
    let voxel = out + lane * 12
    voxel[k] = psi[lane]
    voxel[4 + k] = bounded[lane]
    voxel[8 + k] = decay[lane]
  }
}
