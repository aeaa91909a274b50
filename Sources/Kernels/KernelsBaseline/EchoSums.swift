import KernelTypes

/// Sums over echoes of w {1, c, |c|^2} {1, tau, tau^2} with w = |g|^2, of u = conj(g) s and conj(c) u,
/// and of tau times these; g = exp((i 2 pi psi - R2*) tau).
struct EchoSums {
  var a = Gram()
  var b = Gram()
  /// With c doubled.
  var d = Gram()
  var y1 = Complex()
  var y2 = Complex()
  var x1 = Complex()
  var x2 = Complex()
}

/// g at one echo, and |g|.
struct Phasor {
  var turn = Complex()
  var decay = Lanes()

  /// exp((i 2 pi psi - R2*) tau).
  @_transparent
  init(_ place: Place, tau: Float) {
    let (c, s) = unitCircle(quarters: place.psi * (4 * tau))
    decay = exponential(place.r2 * -tau)
    turn = Complex(re: c * decay, im: s * decay)
  }
}

extension EchoSums {
  /// Of evenly spaced echoes: with z = conj(g_1) and rho = |z|^2 the sums are polynomials in z and rho,
  /// and those with tau = k spacing are z times the derivative. Horner's rule for both, in loops so short
  /// that their sums stay in registers.
  ///
  /// - Parameters:
  ///   - rows: echoes s and conj(c) s, shape (echo, 4).
  ///   - g: at the second echo.
  @_transparent
  init(even rows: UnsafePointer<Lanes>, _ g: Phasor, _ plan: FitPlan) {
    let z = Complex(re: g.turn.re, im: negated(g.turn.im))
    (y1, x1) = polynomial(rows, z, g.turn.im, plan)
    (y2, x2) = polynomial(rows + 2, z, g.turn.im, plan)
    let ahead = Complex(re: z.re * plan.evenSpacing, im: z.im * plan.evenSpacing)
    x1 = x1 * ahead
    x2 = x2 * ahead
    let rho = g.decay * g.decay
    a = polynomial(0, rho, plan)
    b = polynomial(4, rho, plan)
    d = polynomial(8, rho, plan)
  }

  /// Of any echoes.
  ///
  /// - Parameters:
  ///   - rows: echoes s and conj(c) s, shape (echo, 4).
  ///   - g: at each echo but the first.
  @_transparent
  init(uneven rows: UnsafePointer<Lanes>, _ g: UnsafePointer<Phasor>, _ plan: FitPlan) {
    let m = plan.moments
    (a, b, d) = (Gram(m), Gram(m + 4), Gram(m + 8))
    y1 = Complex(re: rows[0], im: rows[1])
    y2 = Complex(re: rows[2], im: rows[3])
    for k in 1..<plan.echoes {
      let tau = plan.echoTimes[k] - plan.echoTimes[0]
      let (row, m, g) = (rows + k * 4, plan.moments + k * FitPlan.momentCount, g[k - 1])
      let u1 = Complex(re: row[0], im: row[1]).timesConjugate(g.turn)
      let u2 = Complex(re: row[2], im: row[3]).timesConjugate(g.turn)
      y1.add(u1, 1)
      y2.add(u2, 1)
      x1.add(u1, tau)
      x2.add(u2, tau)
      let w = g.decay * g.decay
      a.add(w, m)
      b.add(w, m + 4)
      d.add(w, m + 8)
    }
  }
}

/// sum_k r_k z^k over every other pair of rows, and its derivative; there are two echoes at least.
@_transparent
private func polynomial(
  _ rows: UnsafePointer<Lanes>, _ z: Complex, _ opposite: Lanes, _ plan: FitPlan
) -> (value: Complex, derivative: Complex) {
  var row = rows + (plan.echoes - 1) * 4
  var slope = Complex(re: row[0], im: row[1])
  row -= 4
  var value = slope.times(z, opposite, Complex(re: row[0], im: row[1]))
  while row != rows {
    row -= 4
    slope = slope.times(z, opposite, value)
    value = value.times(z, opposite, Complex(re: row[0], im: row[1]))
  }
  return (value, slope)
}

/// sum_k m_k rho^k over the plan's moments from one of a row on.
@_transparent
private func polynomial(_ first: Int, _ rho: Lanes, _ plan: FitPlan) -> Gram {
  var row = plan.moments + (plan.echoes - 1) * FitPlan.momentCount + first
  var sum = Gram(row)
  while row != plan.moments + first {
    row -= FitPlan.momentCount
    sum.raise(rho, row)
  }
  return sum
}
