import Faults
import Foundation
import Volumes

/// Separates magnitude-only multi-echo data (three echoes or more), 0...100 %.
///
/// Magnitudes have two optima, water-rich and fat-rich. Each voxel is fitted from both starts; what
/// regions of like magnitudes say decides between them (`OptimumChoice`).
public func separate(
  magnitude series: MagnitudeSeries, frequency: Hertz, settings: SeparationSettings
) throws(SeparationError) -> SeparatedMaps {
  guard series.echoTimes.count >= 3 else {
    throw SeparationError(.tooFewEchoes, "\(series.echoTimes.count) magnitudes")
  }
  let spectrum = try settings.spectrumAtTemperature()
  let plan = FlatProtocol(
    EchoProtocol(echoTimes: series.echoTimes, spectrum: spectrum, frequency: frequency))
  let warning = try EchoBound.ofMagnitudes(plan).checked()
  let work = MagnitudeSeparation(series: series, plan: plan, settings: settings)
  var maps = try work.run(spectrumName: spectrum.name)
  if let warning { maps.notices.append(warning) }
  return maps
}

struct MagnitudeSeparation: Sendable {
  let series: MagnitudeSeries
  let plan: FlatProtocol
  let settings: SeparationSettings

  func run(spectrumName: String) throws(SeparationError) -> SeparatedMaps {
    let energy = energies()
    let background = NoiseEstimate.fromBackground(energies: energy, echoes: plan.count) {
      let m = series.magnitude[$1 * series.grid.count + $0]
      return m * m
    }
    let level = brightLevel(of: energy)
    let sigma =
      background ?? (Double(level) / Double(plan.count)).squareRoot() * 0.02
    let (isSignal, bits) = ComplexSeparation.signal(
      energy, grid: series.grid,
      threshold: background.map {
        NoiseEstimate.detectionEnergy(echoes: plan.count, noiseSD: $0)
      } ?? 0.0025 * level,
      weakThreshold: background.map {
        NoiseEstimate.detectionEnergy(
          echoes: plan.count, noiseSD: $0, z: NoiseEstimate.hardlyNoise)
      })
    var maps = SeparatedMaps(
      grid: series.grid, method: "magnitude multi-echo, Rician likelihood from both optima",
      notices: [Notice(SeparationNotice.magnitudeOnly)],
      (isSignal.map { $0 ? 0 : .nan }, bits))
    let everywhere = SignalVoxels(grid: series.grid, isSignal: isSignal)
    guard everywhere.count > 0 else { throw SeparationError(.noSignal) }
    let voxels = try everywhere.around(settings.within, echoes: plan.count)
    if background == nil { maps.notices.append(Notice(SeparationNotice.noiseUnknown)) }
    let signal = pack(voxels)
    let fits = fit(signal, count: voxels.count, sigma: sigma)
    let choice = OptimumChoice(
      fits, neighbours: voxels.neighbours(), signal: signal, plan: plan, noiseSD: sigma,
      r2star: settings.r2starMinimum.value...settings.r2starMaximum.value)
    write(fits, choice, voxels, known: background != nil, to: &maps)
    maps.method.fatSpectrum = spectrumName
    maps.method.noiseSD = background
    maps.method.noiseCorrelation = background.flatMap {
      noiseCorrelation(
        energy: energy, noiseSD: $0, fits: fits, choice: choice.optimum, signal: signal,
        voxels: voxels)
    }
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

  /// Magnitudes of the voxels, shape (voxel, echo).
  private func pack(_ voxels: SignalVoxels) -> Buffer<Float> {
    let signal = Buffer<Float>(voxels.count * plan.count, zero: 0)
    for echo in 0..<plan.count {
      for (i, index) in voxels.indices.enumerated() {
        signal[i * plan.count + echo] = series.magnitude[echo * series.grid.count + Int(index)]
      }
    }
    return signal
  }

  /// Both optima of every voxel, the one with less fat first, shape (voxel, 2).
  private func fit(_ signal: Buffer<Float>, count: Int, sigma: Double) -> [RicianFit] {
    let (lower, upper) = (settings.r2starMinimum.value, settings.r2starMaximum.value)
    return [RicianFit](count: count * 2) { out in
      nonisolated(unsafe) let base = out.baseAddress!
      inParallel(count, piece: 2048) { range in
        for i in range {
          let voxel = UnsafeBufferPointer(start: signal.pointer + i * plan.count, count: plan.count)
          let (a, b) = (
            RicianFit(
              voxel, plan, sigma: sigma, fatRich: false, r2starMinimum: lower, r2starMaximum: upper),
            RicianFit(
              voxel, plan, sigma: sigma, fatRich: true, r2starMinimum: lower, r2starMaximum: upper)
          )
          (base + i * 2).initialize(to: a.fraction <= b.fraction ? a : b)
          (base + i * 2 + 1).initialize(to: a.fraction <= b.fraction ? b : a)
        }
      }
    }
  }

  private func write(
    _ fits: [RicianFit], _ choice: OptimumChoice, _ voxels: SignalVoxels, known: Bool,
    to maps: inout SeparatedMaps
  ) {
    let nothing = Volume<Float>(grid: series.grid, repeating: .nan)
    var (water, fat, r2star, sd) = (nothing, nothing, nothing, nothing)
    let weights = settings.t1Correction?.weights ?? (water: 1, fat: 1)
    for (i, index) in voxels.indices.enumerated() {
      let fit = fits[i * 2 + Int(choice.optimum[i])]
      let at = Int(index)
      let (w, f) = (fit.water / weights.water, fit.fat / weights.fat)
      maps.fatFraction.values[at] = Float(f / (w + f))
      water.values[at] = Float(w)
      fat.values[at] = Float(f)
      r2star.values[at] = Float(fit.r2star)
      sd.values[at] = Float(max(0, fit.variance(weights: weights)).squareRoot())
      var q = Quality()
      if !fit.converged { q.insert(.notConverged) }
      if fit.r2star >= settings.r2starMaximum.value || fit.r2star <= settings.r2starMinimum.value {
        q.insert(.r2starAtBound)
      }
      if !(sd.values[at] < Float(unmeasurableSD)) { q.insert(.unmeasurable) }
      if choice.isAmbiguous[i] { q.insert(.ambiguous) }
      maps.quality.values[at] |= q.rawValue
    }
    (maps.water, maps.fat, maps.r2star) = (water, fat, r2star)
    maps.fatFractionSD = known ? sd : nil
    let reported = voxels.indices.indices.filter { i in
      settings.within.map { $0[Int(voxels.indices[i])] } ?? true
    }
    let open = reported.count { choice.isAmbiguous[$0] }
    if open > 0 {
      maps.notices.append(
        Notice(SeparationNotice.optimumUndecided, "\(open) of \(reported.count) voxels"))
    }
  }
}
