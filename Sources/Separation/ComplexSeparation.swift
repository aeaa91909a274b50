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
    series: consuming EchoSeries, echoProtocol: EchoProtocol, frequency: Hertz, settings: SeparationSettings
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
    let (energy, brightest) = energies()
    let background = NoiseEstimate.fromBackground(
      energies: energy, echoes: series.echoTimes.count, echoEnergy: series.energy)
    let everywhere = try signalVoxels(energy, noiseSD: background)
    stages?.lap("noise")
    let voxels = try everywhere.around(settings.within, echoes: series.echoTimes.count)
    let calibration = decidePrecession(
      Probe(self, voxels: everywhere, energy: energy, noiseSD: background))
    let conjugated = calibration.conjugated
    let noiseSD = calibration.noiseSD
    stages?.lap("signs")
    let tables = tables(noiseSD: background ?? noiseSD)
    let signal = PackedSignal(series, indices: voxels.indices, conjugated: conjugated)
    if let errors = calibration.phaseErrors {
      signal.remove(errors, indices: voxels.indices, grid: series.grid)
    }
    series.real = []
    series.imaginary = []
    stages?.lap("arrange")
    let candidates = findCandidates(signal, tables)
    stages?.lap("candidates")
    let neighbours = voxels.neighbours()
    let choice = FieldMapInference(
      kernels: settings.kernels, voxels: voxels, candidates: candidates,
      period: echoProtocol.evenSpacing.map { 1 / $0.value },
      prior: FieldPrior(frequency: frequency),
      evidence: FieldMapEvidence(
        energies: voxels.values(of: energy), brightness: voxels.values(of: brightest),
        among: everywhere.values(of: brightest), search: tables.search),
      neighbours: neighbours
    ).choose()
    stages?.lap("field-map")
    let fits = fit(signal, tables, start: candidates, choice: choice)
    stages?.lap("fit")
    var maps = maps(
      fits, voxels: voxels, noiseSD: noiseSD, conjugated: conjugated, spectrumName: spectrum.name)
    if calibration.noiseIsMeasured {
      maps.method.noiseCorrelation = noiseCorrelation(
        energy: energy, background: background, signal: signal, fits: fits, voxels: voxels)
    } else {
      maps.fatFractionSD = nil
      maps.method.noiseSD = nil
    }
    stages?.lap("maps")
    raise(
      swapAlarm(
        fits, fatFraction: maps.fatFraction, signal: signal, tables: tables, energy: energy,
        candidates: candidates, voxels: voxels, neighbours: neighbours,
        trust: trust(voxels, energy, among: everywhere), noiseSD: noiseSD,
        spectrum: spectrum), in: &maps)
    stages?.lap("alarm")
    maps.clear(outside: settings.within)
    return maps
  }

  /// sum over echoes of |s|^2, and |s|^2 of the brightest echo, shape (x, y, z); NaN where an echo is
  /// not finite.
  func energies() -> (sum: [Float], brightest: [Float]) {
    let (count, n) = (series.grid.count, series.echoTimes.count)
    var brightest: [Float] = []
    let sum = [Float](unsafeUninitializedCapacity: count) { sums, filled in
      nonisolated(unsafe) let sums = sums
      brightest = [Float](unsafeUninitializedCapacity: count) { most, filled in
        nonisolated(unsafe) let most = most
        series.real.withUnsafeBufferPointer { real in
          series.imaginary.withUnsafeBufferPointer { imaginary in
            nonisolated(unsafe) let (real, imaginary) = (real, imaginary)
            inParallel(count, piece: 1 << 14) { range in
              for i in range { (sums[i], most[i]) = (0, 0) }
              for echo in 0..<n {
                for i in range {
                  let (re, im) = (real[echo * count + i], imaginary[echo * count + i])
                  let energy = re * re + im * im
                  sums[i] += energy
                  most[i] = max(most[i], energy)
                }
              }
              for i in range where !sums[i].isFinite { (sums[i], most[i]) = (.nan, .nan) }
            }
          }
        }
        filled = count
      }
      filled = count
    }
    return (sum, brightest)
  }

  /// Up to about 400,000 values, evenly spread.
  private func sample(_ values: [Float]) -> [Float] {
    let step = max(1, values.count / 400_000) | 1
    return stride(from: 0, to: values.count, by: step).map { values[$0] }
  }

  /// Voxels above the noise; the others get their quality bit.
  private mutating func signalVoxels(
    _ energy: [Float], noiseSD: Double?
  ) throws(SeparationError) -> SignalVoxels {
    let threshold = threshold(energy, noiseSD: noiseSD)
    let weakThreshold = noiseSD.map {
      // Noise passes this once in a hundred voxels.
      NoiseEstimate.detectionEnergy(echoes: series.echoTimes.count, noiseSD: $0, z: 2.326)
    }
    let (isSignal, bits) = Self.signal(
      energy, grid: series.grid, threshold: threshold, weakThreshold: weakThreshold)
    quality = bits
    let voxels = SignalVoxels(grid: series.grid, isSignal: isSignal)
    guard voxels.count > 0 else { throw SeparationError(.noSignal) }
    return voxels
  }

  /// Which voxels have signal, and the bits of the others. A voxel below the threshold counts where a
  /// third of its neighbours, at least, lies above: what is dark there is tissue that is dark rather
  /// than air.
  private static func signal(
    _ energy: [Float], grid: VoxelGrid, threshold: Float, weakThreshold: Float?
  ) -> (isSignal: [Bool], quality: [UInt16]) {
    let strong = energy.map { $0 > threshold }
    var bits = [UInt16](repeating: 0, count: energy.count)
    var isSignal = strong
    strong.withUnsafeBufferPointer { strong in
      isSignal.withUnsafeMutableBufferPointer { isSignal in
        bits.withUnsafeMutableBufferPointer { bits in
          nonisolated(unsafe) let (strong, isSignal, bits) = (strong, isSignal, bits)
          inParallel(energy.count, piece: 1 << 15) { range in
            for i in range where !strong[i] {
              if let weakThreshold, energy[i] > weakThreshold {
                let (all, inside) = grid.neighbours(of: i, in: strong)
                isSignal[i] = inside * 3 >= all && inside > 0
              }
              if isSignal[i] { continue }
              bits[i] = energy[i].isNaN ? Quality.nonFinite.rawValue : Quality.background.rawValue
            }
          }
        }
      }
    }
    return (isSignal, bits)
  }

  /// Least sum |s|^2 of a voxel with signal. Without a measurable background: 5 % of the amplitude
  /// of the bright voxels.
  private func threshold(_ energy: [Float], noiseSD: Double?) -> Float {
    if let noiseSD {
      return NoiseEstimate.detectionEnergy(echoes: series.echoTimes.count, noiseSD: noiseSD)
    }
    let bright = sample(energy).filter { $0 > 0 }.sorted()
    return bright.isEmpty ? 0 : 0.0025 * bright[bright.count * 95 / 100]
  }

  /// How far the swap alarm trusts a voxel: by its amplitude, fully from the median of all the scan's
  /// voxels with signal. Where signal fades (lung, edges) the field may jump.
  func trust(
    _ voxels: SignalVoxels, _ energy: [Float], among all: SignalVoxels
  ) -> Buffer<Float> {
    let step = max(1, all.count / 100_000) | 1
    let sorted = stride(from: 0, to: all.count, by: step)
      .map { energy[Int(all.indices[$0])].squareRoot() }.sorted()
    let full = sorted[sorted.count / 2]
    let out = voxels.values(of: energy)
    inParallel(voxels.count, piece: 1 << 14) { range in
      for i in range { out[i] = min(1, max(0.05, out[i].squareRoot() / full)) }
    }
    return out
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

  /// Fits every voxel from its chosen candidate: shape (block, `FitRow`, 16).
  func fit(
    _ signal: PackedSignal, _ tables: KernelTables, start candidates: Buffer<Float>,
    choice: Buffer<UInt8>?
  ) -> Buffer<Float> {
    let rows = FitRow.allCases.count
    let out = Buffer<Float>(unwritten: signal.blocks * rows * 16)
    let kernels = settings.kernels
    inParallel(signal.blocks, piece: 64) { range in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 32) { start in
        for block in range {
          for lane in 0..<16 {
            let voxel = block * 16 + lane
            let k = voxel < signal.voxels ? Int(choice?[voxel] ?? 0) : 0
            start[lane] = candidates[voxel * 12 + k]
            start[16 + lane] = candidates[voxel * 12 + 8 + k]
          }
          kernels.fitSignal(
            signal.block(block), start.baseAddress!, tables.fit,
            out.pointer + block * rows * 16)
        }
      }
    }
    return out
  }
}

extension ComplexSeparation {
  /// The fit that is given the true field map and R2*: no search, no inference. What accuracy is
  /// compared with when nothing but the field map's errors shall show.
  ///
  /// - Parameters:
  ///   - fieldMap: Hz, shape (x, y, z); NaN where there is nothing to fit.
  ///   - r2star: 1/s, same shape.
  package static func fitStarted(
    at fieldMap: Volume<Float>, r2star: Volume<Float>, series: EchoSeries, frequency: Hertz,
    conjugated: Bool, noiseSD: Double, settings: SeparationSettings
  ) -> SeparatedMaps {
    let (work, voxels, start) = started(
      at: fieldMap, r2star: r2star, series: series, frequency: frequency, settings: settings)
    let fits = work.fit(
      PackedSignal(series, indices: voxels.indices, conjugated: conjugated),
      work.tables(noiseSD: noiseSD), start: start, choice: nil)
    return work.maps(
      fits, voxels: voxels, noiseSD: noiseSD, conjugated: conjugated,
      spectrumName: settings.spectrum.name)
  }

  /// A separation whose field map and R2* are given: its voxels, and a start for their fits in the
  /// shape of candidates.
  static func started(
    at fieldMap: Volume<Float>, r2star: Volume<Float>, series: EchoSeries, frequency: Hertz,
    settings: SeparationSettings
  ) -> (work: ComplexSeparation, voxels: SignalVoxels, start: Buffer<Float>) {
    var work = ComplexSeparation(
      series: series,
      echoProtocol: EchoProtocol(
        echoTimes: series.echoTimes, spectrum: settings.spectrum, frequency: frequency),
      frequency: frequency, settings: settings)
    work.quality = [UInt16](repeating: 0, count: series.grid.count)
    let voxels = SignalVoxels(grid: series.grid, isSignal: fieldMap.values.map { !$0.isNaN })
    let start = Buffer<Float>(voxels.blocks * 16 * 12, zero: 0)
    for (i, index) in voxels.indices.enumerated() {
      start[i * 12] = fieldMap.values[Int(index)]
      start[i * 12 + 8] = r2star.values[Int(index)]
    }
    return (work, voxels, start)
  }
}
