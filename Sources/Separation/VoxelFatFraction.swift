import Foundation
import Volumes

/// The fat fraction of one voxel from its water and fat, with its uncertainty.
package struct VoxelFatFraction {
  /// Fraction; may lie a little outside 0...1.
  package var value: Double
  /// Standard deviation by the Cramér-Rao bound, and near one half by the switch's step.
  package var standardDeviation: Double
  package var phasesDiffer: Bool

  /// PDFF by magnitude discrimination (Liu 2007, 10.1002/mrm.21301): with S0 = |W + F|,
  ///
  ///     PDFF = 1 - |W| / S0   where |W| >= |F|,   |F| / S0   elsewhere.
  ///
  /// Where W and F differ in phase by more than noise explains, |F| / (|W| + |F|).
  ///
  /// With p + i q = F / S0, |W| / S0 = |1 - p - i q| and |F| / S0 = |p + i q|: to second order
  ///
  ///     PDFF = p - q^2 / (2 (1 - p))   where |W| >= |F|,   p + q^2 / (2 p)   elsewhere.
  ///
  /// F / S0 is holomorphic in W and F and their noise is circular, so p and q have one variance
  /// sigma^2 and are uncorrelated. Near one half the sign of q^2 goes with that of p's error; with
  /// u = (PDFF - 1/2) / sigma and phi the normal density that adds its covariance,
  ///
  ///     Var PDFF = sigma^2 (1 + 2 sigma phi(u) / max(p, 1 - p)).
  ///
  /// - Parameters:
  ///   - water, fat: complex, at TE = 0.
  ///   - covariance: E|dW|^2, E|dF|^2, E[dW conj(dF)] (complex), signal unit squared.
  package init(
    water w: SIMD2<Double>, fat f: SIMD2<Double>,
    covariance: (water: Double, fat: Double, cross: SIMD2<Double>)
  ) {
    let (mw, mf) = (length(w), length(f))
    let s = w + f
    let ms = length(s)
    phasesDiffer = PhaseAngle(water: w, fat: f, covariance: covariance).isCertain
    let tiny = 1e-30
    let uw = w / max(mw, tiny)
    let uf = f / max(mf, tiny)
    let us = s / max(ms, tiny)
    // df = Re(conj(a) dW + conj(b) dF); gradients a, b as complex numbers.
    let a: SIMD2<Double>
    let b: SIMD2<Double>
    if phasesDiffer {
      let total = max(mw + mf, tiny)
      value = mf / total
      a = uw * (-mf / (total * total))
      b = uf * (mw / (total * total))
    } else if mw >= mf {
      value = 1 - mw / max(ms, tiny)
      let common = us * (mw / max(ms * ms, tiny))
      a = common - uw / max(ms, tiny)
      b = common
    } else {
      value = mf / max(ms, tiny)
      let common = us * (-mf / max(ms * ms, tiny))
      a = common
      b = common + uf / max(ms, tiny)
    }
    // Var Re(conj(a) dW + conj(b) dF) = (|a|^2 C11 + |b|^2 C22 + 2 Re(conj(a) b C12)) / 2.
    let crossTerm = product(product(conjugate(a), b), covariance.cross)
    let variance =
      (inner1(a, a) * covariance.water + inner1(b, b) * covariance.fat + 2 * crossTerm.x) / 2
    standardDeviation = max(0, variance).squareRoot()
    if !phasesDiffer { standardDeviation *= Self.spreadBySwitch(value, standardDeviation) }
  }

  /// By how much the switch at one half spreads values: (1 + 2 sigma phi(u) / max(p, 1 - p))^(1/2).
  private static func spreadBySwitch(_ p: Double, _ sigma: Double) -> Double {
    guard sigma > 0 else { return 1 }
    let u = (p - 0.5) / sigma
    let density = exp(-u * u / 2) / (2 * Double.pi).squareRoot()
    return (1 + 2 * sigma * density / max(p, 1 - p)).squareRoot()
  }
}

/// The angle between water and fat at TE = 0, and its variance.
struct PhaseAngle {
  /// 0...pi, rad.
  var value: Double
  /// rad^2, in the covariance's unit.
  var variance: Double

  init(
    water w: SIMD2<Double>, fat f: SIMD2<Double>,
    covariance: (water: Double, fat: Double, cross: SIMD2<Double>)
  ) {
    let (w2, f2) = (max((w * w).sum(), 1e-30), max((f * f).sum(), 1e-30))
    let ratio = product(f, conjugate(w))
    value = abs(atan2(ratio.y, ratio.x))
    // d angle = Im(dF / F - dW / W).
    let cross = product(conjugate(covariance.cross), product(conjugate(f), w))
    variance = max(0, (covariance.fat / f2 + covariance.water / w2 - 2 * cross.x / (f2 * w2)) / 2)
  }

  /// Whether fat's part across water's direction is over four of its standard deviations and the
  /// angle over 0.1 rad. Fat that is noise points either way along water: an angle of pi is no
  /// evidence, and folding it up would bring the noise bias back.
  var isCertain: Bool {
    let across = sin(value)
    return across > 0.1 && across * across > 16 * variance
  }
}

@inline(__always)
private func length(_ a: SIMD2<Double>) -> Double { (a * a).sum().squareRoot() }

@inline(__always)
private func inner1(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { (a * b).sum() }
