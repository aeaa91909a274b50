import KernelTypes

/// The state of a fit at one (psi, R2*): the variable projection of the signal model, with times tau
/// from the first echo. Shifting the origin of time by t_0 scales water and fat by one number and
/// changes no residual and no step.
struct Projection {
  /// Water and fat at the first echo that fit best at this (psi, R2*).
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

  /// The variable projection that sums over echoes make.
  ///
  /// - Parameter energy: sum |s|^2.
  @_transparent
  init(_ sums: EchoSums, energy: Lanes) {
    inverse = sums.a.inverse
    // (W, F) = (A^H A)^-1 A^H s, |r|^2 = |s|^2 - Re((W, F)^H A^H s).
    (water, fat) = inverse.times(sums.y1, sums.y2)
    residual = energy - water.dot(sums.y1, fat.dot(sums.y2))
    // A^H (t m) = B (W, F); |t m|^2 = (W, F)^H D (W, F); q^H q = |t m|^2 - (t m)^H A v.
    let (m1, m2) = sums.b.times(water, fat)
    (v1, v2) = inverse.times(m1, m2)
    // conj(W) F, of which D has twice the real part.
    let (d, turned) = (sums.d, fat.timesConjugate(water))
    let length = madd(
      d.w, water.square, madd(d.f, fat.square, msub(d.c.im, turned.im, d.c.re * turned.re)))
    curvature = v1.without(m1, v2.without(m2, length))
    // (t m)^H r = (W, F)^H (A^H t s - B (W, F)).
    let r1 = Complex(re: sums.x1.re - m1.re, im: sums.x1.im - m1.im)
    let r2 = Complex(re: sums.x2.re - m2.re, im: sums.x2.im - m2.im)
    slopePsi = water.across(r1, fat.across(r2))
    slopeR2star = water.dot(r1, fat.dot(r2))
  }

  init() {}

  /// Takes the lanes of an old projection that this one is no better than.
  @_transparent
  mutating func keep(_ isBetter: LaneMask, _ old: Projection) {
    water.keep(isBetter, old.water)
    fat.keep(isBetter, old.fat)
    residual = choose(isBetter, residual, old.residual)
    slopePsi = choose(isBetter, slopePsi, old.slopePsi)
    slopeR2star = choose(isBetter, slopeR2star, old.slopeR2star)
    curvature = choose(isBetter, curvature, old.curvature)
    inverse.w = choose(isBetter, inverse.w, old.inverse.w)
    inverse.f = choose(isBetter, inverse.f, old.inverse.f)
    inverse.c.keep(isBetter, old.inverse.c)
    v1.keep(isBetter, old.v1)
    v2.keep(isBetter, old.v2)
  }
}
