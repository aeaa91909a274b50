import Foundation
import KernelTypes

/// What one candidate of each of sixteen voxels costs for water and fat out of phase, nats.
///
/// One pulse excites both, so that at TE = 0 fat leads water by an angle near 0. With z the lesser of W and
/// F, turned by the other's phase, and d its distance from the cone of angles up to `phaseAngle`,
///
///     d^2 / Var z,
///
/// Var z by the noise and the model's error, field map and R2* unknown. Pure water or fat costs nothing.
///
/// - Parameters:
///   - fit: at the candidates, shape (`FitRow.allCases.count`, 16).
///   - energies: sum over echoes of |s|^2, shape (16).
///   - costs: out, every fourth of 64.
public func phaseCosts(
  fit: UnsafePointer<Float>, energies: UnsafePointer<Float>, search: SearchPlan,
  evidence: EvidencePlan, costs: UnsafeMutablePointer<Float>
) {
  func row(_ row: FitRow) -> Lanes { load(fit + row.rawValue * laneCount) }
  let (cosine, sine) = (cos(evidence.phaseAngle), sin(evidence.phaseAngle))
  let water = Complex(re: row(.waterReal), im: row(.waterImaginary))
  let fat = Complex(re: row(.fatReal), im: row(.fatImaginary))
  let (w, f) = (water.square, fat.square)
  let isWater = w .> f
  let across = fat.timesConjugate(water)
  // d^2 times |the greater|^2: of the cone's edge, or of its tip.
  let (p, q) = (across.re, greater(across.im, negated(across.im)))
  let (along, off) = (p * cosine + q * sine, q * cosine - p * sine)
  let square = choose(along .> Lanes(), off * off, across.square)
  let spread = choose(isWater, row(.varianceFat), row(.varianceWater))
  let scale = choose(isWater, w, f) * spread * variance(load(energies), search)
  let cost =
    choose(off .> Lanes(), square, Lanes())
    / greater(scale, Lanes(repeating: .leastNormalMagnitude))
  for lane in 0..<laneCount { costs[lane * candidateCount] = cost[lane] }
}
