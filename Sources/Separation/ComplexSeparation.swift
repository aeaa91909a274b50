import Faults
import Foundation
import KernelTypes
import Volumes

/// Separates complex multi-echo data (three echoes or more):
///
///     noise -> voxels with signal -> sign of phase -> candidates -> field map -> fit -> maps
///
/// - Parameters:
///   - series: complex echoes; given away by the caller, their memory is returned before the maps are
///     made.
///   - frequency: imaging frequency.
///   - settings: what a physicist may set.
///   - stages: where the time of each stage is told.
public func separate(
  complex series: consuming EchoSeries, frequency: Hertz, settings: SeparationSettings,
  stages: StageTimes? = nil
) throws(SeparationError) -> SeparatedMaps {
  let spectrum = try settings.spectrumAtTemperature()
  let echoProtocol = EchoProtocol(
    echoTimes: series.echoTimes, spectrum: spectrum, frequency: frequency)
  var work = ComplexSeparation(
    series: consume series, echoProtocol: echoProtocol, frequency: frequency, settings: settings)
  return try work.run(spectrum: spectrum, stages: stages)
}

/// R2* values over which the search for the field map profiles its cost, 1/s.
private func profiledDecays(echoes: Int, maximum: Double) -> [Double] {
  let values: [Double] =
    echoes > 3 ? [10, 40, 90, 160, 260, 400, 600, 900] : [10, 40, 90]
  return values.filter { $0 <= maximum || $0 == 10 }
}

/// Error of the model, as a share of the signal's amplitude, that the search expects of tissue.
private let modelError = 0.02

/// The stages of a complex separation, each a function that reads what the ones before left.
package struct ComplexSeparation {
  /// The echoes' values are gone once the signal is packed.
  private(set) var series: EchoSeries
  let echoProtocol: EchoProtocol
  let frequency: Hertz
  let settings: SeparationSettings
  var notices: [Notice] = []
  var quality: [UInt16] = []

  init(
    series: consuming EchoSeries, echoProtocol: EchoProtocol, frequency: Hertz,
    settings: SeparationSettings
  ) {
    self.series = series
    self.echoProtocol = echoProtocol
    self.frequency = frequency
    self.settings = settings
  }

  mutating func run(
    spectrum: FatSpectrum, stages: StageTimes? = nil
  ) throws(SeparationError) -> SeparatedMaps {
    stages?.start()
    try checkEchoes()
    var (energy, brightest) = energies()
    let background = NoiseEstimate.fromBackground(
      energies: energy, echoes: series.echoTimes.count, echoEnergy: series.energy)
    let everywhere = try signalVoxels(energy, noiseSD: background)
    let correlation = background.map { noiseCorrelation(energy: energy, background: $0) }
    stages?.lap("noise")
    let voxels = try everywhere.around(settings.within, echoes: series.echoTimes.count)
    let calibration = decidePrecession(
      Probe(self, voxels: everywhere, energy: energy, noiseSD: background))
    stages?.lap("signs")
    let tables = tables(noiseSD: background ?? calibration.noiseSD)
    let signal = packed(voxels, calibration)
    stages?.lap("arrange")
    let candidates = findCandidates(signal, tables)
    stages?.lap("candidates")
    let brightness = voxels.values(of: brightest)
    let choice = FieldMapInference(
      kernels: settings.kernels, voxels: voxels, candidates: candidates,
      period: echoProtocol.evenSpacing.map { 1 / $0.value },
      prior: FieldPrior(frequency: frequency),
      evidence: FieldMapEvidence(
        energies: voxels.values(of: energy), brightness: brightness,
        among: settings.within == nil ? brightness : everywhere.values(of: brightest),
        signal: signal, tables)
    ).choose()
    brightest = []
    stages?.lap("field-map")
    var (maps, residual) = self.maps(
      signal, tables, start: candidates, choice: choice, voxels: voxels,
      calibration: calibration, correlation: correlation, spectrum: spectrum)
    stages?.lap("fit")
    let alarm = swapAlarm(
      maps, residual: residual, signal: signal, tables: tables, energy: energy,
      candidates: candidates, voxels: voxels,
      trust: trust(voxels, energy, among: everywhere), noiseSD: calibration.noiseSD,
      spectrum: spectrum)
    energy = []
    raise(alarm, in: &maps)
    stages?.lap("alarm")
    maps.clear(outside: settings.within)
    return maps
  }

  /// The signal of some voxels without phase errors. The scan's own memory is returned.
  private mutating func packed(_ voxels: SignalVoxels, _ calibration: Calibration) -> PackedSignal {
    let signal = PackedSignal(
      series, indices: voxels.indices, conjugated: calibration.conjugated)
    if let errors = calibration.phaseErrors {
      signal.remove(errors, indices: voxels.indices, grid: series.grid)
    }
    series.real = []
    series.imaginary = []
    return signal
  }

  /// The maps, without what the noise would have to be known for where it is not, and what the fits
  /// left over, shape (voxel).
  private func maps(
    _ signal: PackedSignal, _ tables: KernelTables, start candidates: Buffer<Float>,
    choice: Buffer<UInt8>, voxels: SignalVoxels, calibration: Calibration,
    correlation: NoiseCorrelation?, spectrum: FatSpectrum
  ) -> (SeparatedMaps, residual: [Float]) {
    let isMeasured = calibration.noiseIsMeasured
    let fitted = fittedMaps(
      signal, tables, start: candidates, choice: choice, voxels: voxels,
      noiseSD: calibration.noiseSD, conjugated: calibration.conjugated,
      spectrumName: spectrum.name, keepsFits: isMeasured && correlation == nil)
    var maps = fitted.maps
    maps.method.phaseErrors = calibration.phaseErrors
    maps.method.noiseCorrelation =
      isMeasured
      ? correlation
        ?? fitted.fits.flatMap { noiseCorrelation(signal: signal, fits: $0, voxels: voxels) } : nil
    if !isMeasured {
      maps.fatFractionSD = nil
      maps.method.noiseSD = nil
    }
    return (maps, fitted.residual)
  }

  func tables(noiseSD: Double) -> KernelTables {
    KernelTables(
      echoProtocol,
      decays: profiledDecays(
        echoes: series.echoTimes.count, maximum: settings.r2starMaximum.value),
      noiseSD: noiseSD, modelError: modelError, r2starMinimum: settings.r2starMinimum.value,
      r2starMaximum: settings.r2starMaximum.value)
  }

  /// Fits both signs on the probe's voxels and keeps the one that explains them.
  private mutating func decidePrecession(_ probe: Probe) -> Calibration {
    let chosen: Calibration
    switch settings.precession {
    case .positive: chosen = probe.calibrate(probe.plainFit(conjugated: false))
    case .negative: chosen = probe.calibrate(probe.plainFit(conjugated: true))
    case .automatic:
      let fits = [false, true].map(probe.plainFit)
      // A sign that explains the data by itself needs no comparison with one that does not.
      let clear = fits.first { fit in
        fit.isExplained
          && fits.allSatisfy { $0.conjugated == fit.conjugated || $0.cost > 1.5 * fit.cost }
      }
      let calibrations = (clear.map { [$0] } ?? fits).map(probe.calibrate)
      if calibrations.count == 2, abs(calibrations[0].cost - calibrations[1].cost) < 20 {
        notices.append(Notice(SeparationNotice.precessionUndecided))
        chosen = calibrations[0]
      } else {
        chosen = calibrations.min { $0.cost < $1.cost } ?? calibrations[0]
      }
      if chosen.conjugated { notices.append(Notice(SeparationNotice.precessionReversed)) }
    }
    notices += chosen.notices
    return chosen
  }

  func findCandidates(_ signal: PackedSignal, _ tables: KernelTables) -> Buffer<Float> {
    let out = Buffer<Float>(unwritten: signal.blocks * 16 * 12)
    let kernels = settings.kernels
    let losses = decayLosses(tables)
    inParallel(signal.blocks, piece: 64) { range in
      withUnsafeTemporaryAllocation(
        of: Float.self, capacity: tables.search.scratchLanes * 16
      ) { scratch in
        for block in range {
          kernels.findCandidates(
            signal.block(block), tables.search, scratch.baseAddress!,
            out.pointer + block * 16 * 12)
          refit(signal.block(block), tables, losses, out.pointer + block * 16 * 12)
        }
      }
    }
    return out
  }

  /// Fits every voxel from its first candidate: shape (block, `FitRow`, 16).
  func fit(_ signal: PackedSignal, _ tables: KernelTables, start candidates: Buffer<Float>)
    -> Buffer<Float>
  {
    let rows = FitRow.allCases.count * laneCount
    let out = Buffer<Float>(unwritten: signal.blocks * rows)
    inParallel(signal.blocks, piece: 64) { range in
      settings.kernels.fit(
        signal, tables.fit, from: candidates, blocks: range,
        into: out.pointer + range.lowerBound * rows
      ) { _ in 0 }
    }
    return out
  }
}

extension Kernels {

  /// Fits some blocks, each voxel from one of its candidates.
  ///
  /// - Parameters:
  ///   - candidates: shape (voxel, 3, 4).
  ///   - fits: out, shape (block, `FitRow`, 16).
  ///   - choice: the candidate of a voxel, also of those that fill up the last block.
  @inline(__always)
  func fit(
    _ signal: PackedSignal, _ plan: FitPlan, from candidates: Buffer<Float>,
    blocks range: Range<Int>, into fits: UnsafeMutablePointer<Float>, choice: (Int) -> Int
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * 32) { start in
      guard let start = start.baseAddress else { return }
      for block in range {
        let at = start + (block - range.lowerBound) * 32
        for lane in 0..<16 {
          let voxel = block * 16 + lane
          let from = voxel * 12 + choice(voxel)
          (at[lane], at[16 + lane]) = (candidates[from], candidates[from + 8])
        }
      }
      fitSignal(range.count, signal.block(range.lowerBound), start, plan, fits)
    }
  }
}
