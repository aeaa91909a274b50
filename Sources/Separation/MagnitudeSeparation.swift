import Faults
import Foundation
import KernelTypes
import Volumes

/// Separates magnitude-only multi-echo data (three echoes or more), 0...100 %.
///
/// Magnitudes have two optima, water-rich and fat-rich. Each voxel is fitted from both starts; the
/// likelihoods, summed with the neighbours' by the same message passing that serves the field map,
/// decide between them.
public func separate(
  magnitude series: MagnitudeSeries, frequency: Hertz, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  guard series.echoTimes.count >= 3 else {
    throw SeparationError(.tooFewEchoes, "\(series.echoTimes.count) magnitudes")
  }
  let spectrum = try settings.spectrumAtTemperature()
  let work = MagnitudeSeparation(
    series: series,
    plan: FlatProtocol(
      EchoProtocol(echoTimes: series.echoTimes, spectrum: spectrum, frequency: frequency)),
    settings: settings)
  return try work.run(spectrumName: spectrum.name)
}

private struct MagnitudeSeparation: Sendable {
  let series: MagnitudeSeries
  let plan: FlatProtocol
  let settings: SeparationSettings

  func run(spectrumName: String) throws(SeparationError) -> SeparatedMaps {
    let energy = energies()
    let background = NoiseEstimate.fromBackground(energies: energy, echoes: plan.count) {
      let m = series.magnitude[$1 * series.grid.count + $0]
      return m * m
    }
    var maps = SeparatedMaps(
      grid: series.grid, method: "magnitude multi-echo, Rician likelihood from both optima",
      notices: [Notice(SeparationNotice.magnitudeOnly)])
    let level = brightLevel(energy)
    let sigma =
      background ?? (Double(level) / Double(plan.count)).squareRoot() * 0.02
    let threshold =
      background.map {
        Float(NoiseEstimate.detectionThreshold(echoes: plan.count) * 2 * $0 * $0)
      } ?? 0.0025 * level
    for i in energy.indices {
      maps.decide(i, nil, inputs: [energy[i]], isSignal: energy[i] > threshold) { (0, []) }
    }
    let everywhere = SignalVoxels(
      grid: series.grid, isSignal: maps.fatFraction.values.map { !$0.isNaN })
    guard everywhere.count > 0 else { throw SeparationError(.noSignal) }
    let voxels = try everywhere.around(settings.within, echoes: plan.count)
    if background == nil { maps.notices.append(Notice(SeparationNotice.noiseUnknown)) }
    let fits = fit(voxels, sigma: sigma)
    let choice = choose(voxels, fits)
    write(fits, choice, voxels, known: background != nil, to: &maps)
    maps.method.fatSpectrum = spectrumName
    maps.method.noiseSD = background
    maps.clear(outside: settings.within)
    return try maps.checked(settings)
  }

  /// sum over echoes of m^2, shape (x, y, z); NaN where an echo is not finite.
  private func energies() -> [Float] {
    let count = series.grid.count
    return (0..<count).map { i in
      var sum: Float = 0
      for echo in 0..<plan.count {
        let m = series.magnitude[echo * count + i]
        sum += m * m
      }
      return sum.isFinite ? sum : .nan
    }
  }

  /// Both fits of every voxel, the water-rich and the fat-rich, shape (voxel, 2).
  private func fit(_ voxels: SignalVoxels, sigma: Double) -> [RicianFit] {
    let count = series.grid.count
    let (lower, upper) = (settings.r2starMinimum.value, settings.r2starMaximum.value)
    return [RicianFit](unsafeUninitializedCapacity: voxels.count * 2) { out, filled in
      nonisolated(unsafe) let base = out.baseAddress!
      voxels.indices.withUnsafeBufferPointer { indices in
        nonisolated(unsafe) let indices = indices
        inParallel(voxels.count, piece: 2048) { range in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: plan.count) { signal in
            for i in range {
              for echo in 0..<plan.count {
                signal[echo] = series.magnitude[echo * count + Int(indices[i])]
              }
              for start in 0..<2 {
                (base + i * 2 + start).initialize(
                  to: RicianFit(
                    UnsafeBufferPointer(signal), plan, sigma: sigma, fatRich: start == 1,
                    r2starMinimum: lower, r2starMaximum: upper))
              }
            }
          }
        }
      }
      filled = voxels.count * 2
    }
  }

  /// Which of the two fits each voxel takes: own likelihood, and fat fractions alike to the
  /// neighbours' (10 points a step, at most 0.5 nats a pair: more would
  /// let a thin layer of muscle between fat turn to fat).
  private func choose(_ voxels: SignalVoxels, _ fits: [RicianFit]) -> Buffer<UInt8> {
    let candidates = Buffer<Float>(voxels.blocks * 16 * 12, zero: 0)
    for i in 0..<voxels.count {
      let (water, fat) = (fits[i * 2], fits[i * 2 + 1])
      let least = min(water.cost, fat.cost)
      let values = [water.fraction, fat.fraction, 0, 0]
      let costs = [water.cost - least, fat.cost - least, 1e4, 1e4]
      for k in 0..<4 {
        candidates[i * 12 + k] = Float(values[k].isFinite ? 100 * values[k] : 1e4)
        candidates[i * 12 + 4 + k] = Float(costs[k].isFinite ? costs[k] : 1e4)
      }
    }
    var prior = FieldPrior(stepSD: 10)
    prior.temper = 0.5
    prior.most = 0.5
    prior.cap = 1000
    return FieldMapInference(
      kernels: settings.kernels, voxels: voxels, candidates: candidates, period: nil, prior: prior
    ).choose()
  }

  private func write(
    _ fits: [RicianFit], _ choice: Buffer<UInt8>, _ voxels: SignalVoxels, known: Bool,
    to maps: inout SeparatedMaps
  ) {
    let nothing = Volume<Float>(grid: series.grid, repeating: .nan)
    var (water, fat, r2star, sd) = (nothing, nothing, nothing, nothing)
    let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
    for (i, index) in voxels.indices.enumerated() {
      let fit = fits[i * 2 + min(1, Int(choice[i]))]
      let at = Int(index)
      let (w, f) = (fit.water / weights.water, fit.fat / weights.fat)
      maps.fatFraction.values[at] = Float(f / (w + f))
      water.values[at] = Float(w)
      fat.values[at] = Float(f)
      r2star.values[at] = Float(fit.r2star)
      // f / (w + f): gradient (-f, w) / (w + f)^2.
      let total = (w + f) * (w + f)
      let c = fit.covariance
      let variance =
        (f * f * c.water / (weights.water * weights.water)
          + w * w * c.fat / (weights.fat * weights.fat)
          - 2 * w * f * c.cross / (weights.water * weights.fat)) / (total * total)
      sd.values[at] = Float(max(0, variance).squareRoot())
      var q = Quality()
      if !fit.converged { q.insert(.notConverged) }
      if fit.r2star >= settings.r2starMaximum.value || fit.r2star <= settings.r2starMinimum.value {
        q.insert(.r2starAtBound)
      }
      if !(sd.values[at] < Float(unmeasurableSD)) { q.insert(.unmeasurable) }
      // Less than 3 nats between the optima of one voxel alone: neighbours decided.
      if abs(fits[i * 2].cost - fits[i * 2 + 1].cost) < 3,
        abs(fits[i * 2].fraction - fits[i * 2 + 1].fraction) > 0.2
      {
        q.insert(.ambiguous)
      }
      maps.quality.values[at] |= q.rawValue
    }
    (maps.water, maps.fat, maps.r2star) = (water, fat, r2star)
    maps.fatFractionSD = known ? sd : nil
  }
}
