import KernelTypes

/// Own cost of every candidate above the voxel's best, with u the cost in nats under the stated variance,
/// phases' included (`phaseCosts`), and N = 2 n real data (Student):
///
///     (nu + N) / 2 ln((nu / 2 + u) / (nu / 2 + u_best)), at most `cap`, / (1 + rho / halfMisfit),
///
/// rho the share of the energy that even the best fit misses.
///
/// - Parameters:
///   - block: sixteen voxels.
///   - candidates: shape (voxel, 3, 4): psi in Hz, cost in nats, R2* in 1/s.
///   - energies: sum over echoes of |s|^2, shape (voxel).
///   - own: holds what the candidates' phases cost, shape (voxel, 4); in place.
public func ownCosts(
  block: Int, candidates: UnsafePointer<Float>, energies: UnsafePointer<Float>,
  search: SearchPlan, evidence: EvidencePlan, own: UnsafeMutablePointer<Float>
) {
  let strength = (evidence.varianceData + Float(2 * search.echoes)) / 2
  let offset = Lanes(repeating: evidence.varianceData / 2)
  let missing = Lanes(repeating: missingNats)
  for first in stride(from: block * laneCount, to: (block + 1) * laneCount, by: 4) {
    let at = candidates + first * 12 + 4
    let phases = own + first * 4
    let costs = (
      four(at) + four(phases), four(at + 12) + four(phases + 4), four(at + 24) + four(phases + 8),
      four(at + 36) + four(phases + 12)
    )
    let nats = lanes(costs.0, costs.1, costs.2, costs.3)
    let best = spread(SIMD4(least(costs.0), least(costs.1), least(costs.2), least(costs.3)))
    let energy = greater(
      spread(four(energies + first)), Lanes(repeating: .leastNormalMagnitude))
    let misfit = 2 * best * variance(energy, search) / energy
    let student = logarithm((offset + nats) / (offset + best)) * strength
    let believed =
      lesser(student, Lanes(repeating: evidence.cap)) / (1 + misfit * (1 / evidence.halfMisfit))
    store(believed.replacing(with: missing, where: nats .>= missing), own + first * 4)
  }
}

@_transparent
private func lanes(
  _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ c: SIMD4<Float>, _ d: SIMD4<Float>
) -> Lanes {
  Lanes(lowHalf: SIMD8(lowHalf: a, highHalf: b), highHalf: SIMD8(lowHalf: c, highHalf: d))
}

/// Each of four values in four lanes.
@_transparent
private func spread(_ v: SIMD4<Float>) -> Lanes {
  lanes(
    SIMD4(repeating: v[0]), SIMD4(repeating: v[1]), SIMD4(repeating: v[2]),
    SIMD4(repeating: v[3]))
}

/// How much neighbours share a field, 0...1, with b the energy of the brightest echo and c the closeness
/// along their axis:
///
///     c min(1, min(b_i, b_j) / full) exp(-(ln(b_i / b_j) / 2)^2 / (2 contrastSD^2)).
///
/// - Parameters:
///   - range: voxels.
///   - neighbours: shape (voxel, 6).
///   - brightness: b, shape (voxel).
///   - contrast: ln b / (2 contrastSD), shape (voxel), see `contrasts`.
///   - weights: out, of the pairs with the neighbours at +x, +y, +z, shape (voxel, 3).
public func pairWeights(
  range: Range<Int>, neighbours: UnsafePointer<Int32>, brightness: UnsafePointer<Float>,
  contrast: UnsafePointer<Float>, evidence: EvidencePlan, weights: UnsafeMutablePointer<Float>
) {
  let full = 1 / evidence.fullBrightness
  for first in stride(from: range.lowerBound, to: range.upperBound, by: laneCount) {
    let last = range.upperBound - 1
    for axis in 0..<3 {
      var (bright, d) = (Lanes(), Lanes())
      for lane in 0..<laneCount {
        let i = min(first + lane, last)
        let j = Int(neighbours[i * 6 + axis * 2 + 1])
        let other = j >= 0 ? j : i
        bright[lane] = min(brightness[i], brightness[other])
        d[lane] = contrast[i] - contrast[other]
      }
      let weight =
        lesser(Lanes(repeating: 1), bright * full) * exponential(d * d * Float(-0.5))
        * evidence.closeness[axis]
      for lane in 0..<min(laneCount, last + 1 - first) {
        weights[(first + lane) * 3 + axis] = weight[lane]
      }
    }
  }
}

/// ln b / (2 contrastSD) of sixteen voxels, b the energy of the brightest echo.
public func contrasts(
  block: Int, brightness: UnsafePointer<Float>, evidence: EvidencePlan,
  contrast: UnsafeMutablePointer<Float>
) {
  let b = greater(load(brightness + block * laneCount), Lanes(repeating: .leastNormalMagnitude))
  store(logarithm(b) * (1 / (2 * evidence.contrastSD)), contrast + block * laneCount)
}
