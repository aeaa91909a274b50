import KernelTypes

/// Where on the way a fit is: Hz and 1/s.
struct Place {
  var psi = Lanes()
  var r2 = Lanes()
}

/// A block's way to the minimum. A step has four stations, `turn`, `sum`, `project` and `step`; each reads
/// what the one before left here.
struct Descent {
  /// sum |s|^2.
  var energy = Lanes()
  /// Where the next projection is made.
  var next = Place()
  var sums = EchoSums()
  /// The best projection so far, and where it was made.
  var best = Projection()
  var here = Place()
  /// Share of a Gauss-Newton step that is taken.
  var scale = Lanes()
  /// 1 where the step ahead is the last one needed, and where one was before.
  var isSmall = Lanes()
  var converged = Lanes()
  /// Echoes s and conj(c) s, shape (echo, 4).
  let rows: UnsafeMutablePointer<Lanes>
  /// Of all echoes but the first; of evenly spaced ones only of the second.
  let phasors: UnsafeMutablePointer<Phasor>
  /// Which block; -1 when there is none.
  var block = -1
  /// Number of steps taken.
  var steps = 0
  /// Whether all voxels have converged, or no step is left.
  var isDone = true
}

extension Descent {
  /// Makes four descents for `body`. Their lanes begin at cache lines, and hold zeros, not what memory held
  /// before: stations work on blocks that have not begun too.
  @_transparent
  static func withFour(
    _ plan: FitPlan, _ body: ((Int) -> UnsafeMutablePointer<Descent>) -> Void
  ) {
    let line = MemoryLayout<Lanes>.stride
    let own = (MemoryLayout<Descent>.size + line - 1) / line * line
    let room = own + plan.echoes * 4 * line + (plan.echoes - 1) * MemoryLayout<Phasor>.stride
    withUnsafeTemporaryAllocation(byteCount: 4 * room + line, alignment: 16) { memory in
      guard let base = memory.baseAddress?.alignedUp(toMultipleOf: line) else { return }
      base.initializeMemory(as: UInt8.self, repeating: 0, count: 4 * room)
      for place in 0..<4 {
        let rows = base + place * room + own
        (base + place * room).initializeMemory(
          as: Descent.self,
          to: Descent(
            rows: rows.assumingMemoryBound(to: Lanes.self),
            phasors: (rows + plan.echoes * 4 * line).assumingMemoryBound(to: Phasor.self)))
      }
      body { (base + $0 * room).assumingMemoryBound(to: Descent.self) }
    }
  }

  @_transparent
  mutating func begin(
    _ block: Int, _ signal: UnsafePointer<Float>, _ start: UnsafePointer<Float>, _ plan: FitPlan
  ) {
    self.block = block
    var energy = Lanes()
    for k in 0..<plan.echoes {
      let s = Complex(
        re: load(signal + k * 2 * laneCount), im: load(signal + (k * 2 + 1) * laneCount))
      let c = plan.moments + k * FitPlan.momentCount
      let other = s.timesConjugate(
        Complex(re: Lanes(repeating: c[1]), im: Lanes(repeating: c[2])))
      energy = madd(s.re, s.re, madd(s.im, s.im, energy))
      (rows[k * 4], rows[k * 4 + 1]) = (s.re, s.im)
      (rows[k * 4 + 2], rows[k * 4 + 3]) = (other.re, other.im)
    }
    self.energy = energy
    next = Place(psi: load(start), r2: bounded(load(start + laneCount), plan))
    converged = Lanes()
    steps = 0
    isDone = false
  }

  /// The first station: phasors at the next place.
  @_transparent
  func turn(_ plan: FitPlan, isEven: Bool) {
    if isEven {
      phasors[0] = Phasor(next, tau: plan.evenSpacing)
    } else {
      for k in 1..<plan.echoes {
        phasors[k - 1] = Phasor(next, tau: plan.echoTimes[k] - plan.echoTimes[0])
      }
    }
  }

  /// The second: sums over echoes.
  @_transparent
  mutating func sum(_ plan: FitPlan, isEven: Bool) {
    sums =
      isEven
      ? EchoSums(even: rows, phasors[0], plan) : EchoSums(uneven: rows, phasors, plan)
  }

  /// The third: projects, and keeps what is better than the best so far.
  @_transparent
  mutating func project() {
    var new = Projection(sums, energy: energy)
    var (place, share) = (next, Lanes(repeating: 1))
    // What single precision leaves of a difference of energies.
    let isBetter = new.residual .<= madd(energy, Lanes(repeating: 4e-7), best.residual)
    if steps > 0, !isSetEverywhere(isBetter) {
      new.keep(isBetter, best)
      place.psi = choose(isBetter, place.psi, here.psi)
      place.r2 = choose(isBetter, place.r2, here.r2)
      share = choose(isBetter, share, scale * 0.35)
    }
    best = new
    here = place
    scale = share
  }

  /// The fourth: a Gauss-Newton step from the best place.
  @_transparent
  mutating func step(_ plan: FitPlan) {
    let one = Lanes(repeating: 1)
    let (curvature, here, scale) = (best.curvature, self.here, self.scale)
    // The factor 1 / |q|^2 of the step; a voxel that carries no information does not move.
    let inverse = scale / greater(curvature, Lanes(repeating: 1e-30))
    let turn = clamp(best.slopePsi * inverse, 251)
    let r2 = bounded(here.r2 - clamp(best.slopeR2star * inverse, 300), plan)
    let fall = r2 - here.r2
    let square = madd(turn, turn, fall * fall)
    let small =
      (square * curvature .< scale * scale * (1e-3 * plan.noiseVariance))
      .| (square .< Lanes(repeating: 1e-3))
    next = Place(psi: madd(turn, Lanes(repeating: 0.159_154_943), here.psi), r2: r2)
    isSmall = choose(small, one, Lanes())
    converged = choose(small, one, converged)
    isDone = block < 0 || steps == plan.iterations || isSetEverywhere(converged .> 0.5)
    steps = steps &+ 1
  }
}

@_transparent
private func bounded(_ r2: Lanes, _ plan: FitPlan) -> Lanes {
  lesser(
    greater(r2, Lanes(repeating: plan.r2starMinimum)), Lanes(repeating: plan.r2starMaximum))
}

@_transparent
private func clamp(_ x: Lanes, _ limit: Float) -> Lanes {
  lesser(greater(x, Lanes(repeating: -limit)), Lanes(repeating: limit))
}
