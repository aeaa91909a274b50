import Faults
import Foundation
import KernelTypes
import Volumes

/// Separates two complex echoes: what can be had, R2* taken as 0, water and fat of one phase.
///
/// With f the fat fraction and d_k = 1 - f + f c_k the magnitudes give |d_1|^2 / |d_2|^2, a quadratic
/// equation with two roots in f; each implies a field map, and the smooth one is kept (the two-point
/// methods of Xiang 2006 and Eggers 2011 rest on the same ambiguity).
public func separate(
  twoEchoes series: EchoSeries, frequency: Hertz, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  let spectrum = try settings.spectrumAtTemperature()
  let plan = EchoProtocol(echoTimes: series.echoTimes, spectrum: spectrum, frequency: frequency)
  let warning = try EchoBound.ofTwoEchoes(plan).checked()
  let work = TwoEchoSeparation(
    series: series, plan: plan, frequency: frequency, settings: settings)
  var maps = try work.run(spectrumName: spectrum.name)
  if let warning { maps.notices.append(warning) }
  return maps
}

/// One root of the two-point equation.
private struct TwoPointRoot {
  var fraction: Double
  /// W + F at TE = 0.
  var total: Double
  var psi: Double
  /// Squared deviation from what the magnitudes allow, in units of noise, halved.
  var nats: Double
}

private struct TwoEchoSeparation: Sendable {
  let series: EchoSeries
  let plan: EchoProtocol
  let frequency: Hertz
  let settings: SeparationSettings

  private var spacing: Double { plan.echoTimes[1].value - plan.echoTimes[0].value }

  func run(spectrumName: String) throws(SeparationError) -> SeparatedMaps {
    let count = series.grid.count
    let energy = (0..<count).map { i -> Float in
      let sum =
        series.real[i] * series.real[i] + series.imaginary[i] * series.imaginary[i]
        + series.real[count + i] * series.real[count + i]
        + series.imaginary[count + i] * series.imaginary[count + i]
      return sum.isFinite ? sum : .nan
    }
    let background = NoiseEstimate.fromBackground(
      energies: energy, echoes: 2, echoEnergy: series.energy)
    let level = brightLevel(of: energy)
    let sigma = background ?? Double(level / 2).squareRoot() * 0.02
    let threshold =
      background.map { NoiseEstimate.detectionEnergy(echoes: 2, noiseSD: $0) }
      ?? 0.0025 * level
    var maps = SeparatedMaps(
      grid: series.grid, method: "two complex echoes, one phase, R2* = 0",
      notices: [Notice(SeparationNotice.twoEchoes)],
      signalOnly(energy, above: threshold, kernels: settings.kernels))
    let everywhere = SignalVoxels(
      grid: series.grid, isSignal: maps.fatFraction.values.map { !$0.isNaN })
    guard everywhere.count > 0 else { throw SeparationError(.noSignal) }
    let voxels = try everywhere.around(settings.within, echoes: 2)
    let sampled = everywhere.sampledSlices()
    var solution = solve(
      settings.within == nil ? voxels : sampled.count > 0 ? sampled : everywhere, sigma: sigma,
      notices: &maps.notices)
    if settings.within != nil {
      solution = self.solution(voxels, sigma: sigma, conjugated: solution.conjugated)
    }
    write(solution, voxels, to: &maps)
    maps.method.fatSpectrum = spectrumName
    maps.method.precession = solution.conjugated ? "-" : "+"
    maps.method.noiseSD = background
    maps.clear(outside: settings.within)
    return try maps.checked(settings)
  }

  /// The chosen root of every voxel for one sign of phase, and what it costs altogether.
  private struct Solution {
    var conjugated: Bool
    var roots: [TwoPointRoot]
    var choice: Buffer<UInt8>
    /// Own costs and steps between neighbours, nats.
    var energy: Double
  }

  /// Solves for the sign that was asked for, or for both: the wrong sign leaves larger field steps
  /// where fat meets water.
  private func solve(
    _ voxels: SignalVoxels, sigma: Double, notices: inout [Notice]
  ) -> Solution {
    switch settings.precession {
    case .positive: return solution(voxels, sigma: sigma, conjugated: false)
    case .negative: return solution(voxels, sigma: sigma, conjugated: true)
    case .automatic:
      let plus = solution(voxels, sigma: sigma, conjugated: false)
      let minus = solution(voxels, sigma: sigma, conjugated: true)
      if abs(plus.energy - minus.energy) < 50 {
        notices.append(Notice(SeparationNotice.precessionUndecided))
        return plus
      }
      if minus.energy < plus.energy {
        notices.append(Notice(SeparationNotice.precessionReversed))
      }
      return minus.energy < plus.energy ? minus : plus
    }
  }

  private func solution(_ voxels: SignalVoxels, sigma: Double, conjugated: Bool) -> Solution {
    let signal = PackedSignal(series, indices: voxels.indices, conjugated: conjugated)
    let candidates = Buffer<Float>(voxels.blocks * 16 * 12, zero: 0)
    var all: [TwoPointRoot] = []
    all.reserveCapacity(voxels.count * 2)
    for i in 0..<voxels.count {
      let pair = roots(signal.value(i, 0), signal.value(i, 1), sigma: sigma)
      for k in 0..<4 {
        candidates[i * 12 + k] = Float(pair[min(k, 1)].psi)
        candidates[i * 12 + 4 + k] = k < 2 ? Float(pair[k].nats) : 1e4
      }
      all += pair
    }
    let inference = FieldMapInference(
      kernels: settings.kernels, voxels: voxels, candidates: candidates, period: 1 / spacing,
      prior: FieldPrior(frequency: frequency))
    let choice = inference.choose()
    return Solution(
      conjugated: conjugated, roots: all, choice: choice, energy: inference.energy(of: choice))
  }

  private func write(_ solution: Solution, _ voxels: SignalVoxels, to maps: inout SeparatedMaps) {
    let (roots, choice) = (solution.roots, solution.choice)
    let nothing = Volume<Float>(grid: series.grid, repeating: .nan)
    var (water, fat, field) = (nothing, nothing, nothing)
    let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
    for (i, index) in voxels.indices.enumerated() {
      let root = roots[i * 2 + min(1, Int(choice[i]))]
      let at = Int(index)
      let w = (1 - root.fraction) * root.total / weights.water
      let f = root.fraction * root.total / weights.fat
      maps.fatFraction.values[at] = Float(f / (w + f))
      water.values[at] = Float(w)
      fat.values[at] = Float(f)
      field.values[at] = Float(root.psi)
    }
    (maps.water, maps.fat, maps.fieldMap) = (water, fat, field)
  }

  /// Both roots, water-rich first; a root outside 0...1 by more than noise costs.
  private func roots(
    _ s1: SIMD2<Double>, _ s2: SIMD2<Double>, sigma: Double
  ) -> [TwoPointRoot] {
    let (m1, m2) = ((s1 * s1).sum(), (s2 * s2).sum())
    // |d_k|^2 = 1 + b_k f + a_k f^2.
    let a = plan.fat.map { ($0.real - 1) * ($0.real - 1) + $0.imaginary * $0.imaginary }
    let b = plan.fat.map { 2 * ($0.real - 1) }
    let (qa, qb, qc) = (a[0] * m2 - a[1] * m1, b[0] * m2 - b[1] * m1, m2 - m1)
    let discriminant = qb * qb - 4 * qa * qc
    var fractions: [Double]
    if abs(qa) < 1e-12 * (abs(qb) + abs(qc)) {
      let single = abs(qb) > 0 ? -qc / qb : 0
      fractions = [single, single]
    } else {
      let root = max(0, discriminant).squareRoot()
      fractions = [(-qb - root) / (2 * qa), (-qb + root) / (2 * qa)].sorted()
    }
    return fractions.map { describe($0, s1, s2, a, b, sigma) }
  }

  private func describe(
    _ exact: Double, _ s1: SIMD2<Double>, _ s2: SIMD2<Double>, _ a: [Double], _ b: [Double],
    _ sigma: Double
  ) -> TwoPointRoot {
    let fraction = min(max(exact.isFinite ? exact : 0, -0.1), 1.1)
    let d = (0..<2).map {
      SIMD2(1 - fraction + fraction * plan.fat[$0].real, fraction * plan.fat[$0].imaginary)
    }
    let size = d.map { ($0 * $0).sum().squareRoot() }
    let m = [(s1 * s1).sum().squareRoot(), (s2 * s2).sum().squareRoot()]
    let total =
      (m[0] * size[0] + m[1] * size[1]) / max(1e-12, size[0] * size[0] + size[1] * size[1])
    // R2* and flow are not in the model: a tenth of the signal may go unexplained.
    let variance = sigma * sigma + 0.01 * (m[0] * m[0] + m[1] * m[1]) / 2
    let misfit = (0..<2).reduce(0) { sum, k in
      let r = m[k] - total * size[k]
      return sum + r * r / (2 * variance)
    }
    let turn = product(product(s2, conjugate(s1)), conjugate(product(d[1], conjugate(d[0]))))
    let psi = atan2(turn.y, turn.x) / (2 * Double.pi * spacing)
    // Where nothing else tells, the field is near the centre frequency, which scanners set on
    // water: half a nat at most, half a period away.
    let offset = psi * 2 * spacing
    let prior = 0.5 * offset * offset
    return TwoPointRoot(
      fraction: fraction, total: total, psi: psi, nats: min(1e4, misfit) + prior)
  }
}
