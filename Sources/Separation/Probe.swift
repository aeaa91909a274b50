import Faults
import Foundation
import KernelTypes
import Volumes

/// What was measured on the probe for one sign of phase.
struct Calibration {
  var conjugated: Bool
  /// Sum over the probe of the fits' costs, nats.
  var cost: Double
  /// Noise of one real channel, signal unit.
  var noiseSD: Double
  /// Whether the noise was measured, or is a guess to work with.
  var noiseIsMeasured = true
  /// Phase errors to take out; nil where there are none worth it.
  var phaseErrors: PhaseErrors?
  var notices: [Notice]
}

/// A few thousand voxels with strong signal, on which the sign of phase, the noise and the phase
/// errors are measured before all voxels are fitted.
struct Probe {
  private let separation: ComplexSeparation
  private let indices: [Int32]
  private let positions: [SIMD4<Double>]
  private let background: Double?
  /// Noise to start from, where the background tells nothing: 2 % of the signal.
  private let start: Double

  init(
    _ separation: ComplexSeparation, voxels: SignalVoxels, energy: [Float], noiseSD: Double?
  ) {
    self.separation = separation
    let step = max(1, voxels.count / 8192) | 1
    let spread = stride(from: 0, to: voxels.count, by: step).map { voxels.indices[$0] }
    let sorted = spread.map { energy[Int($0)] }.sorted()
    let median = sorted[sorted.count / 2]
    indices = spread.filter { energy[Int($0)] >= median }
    positions = indices.map { PhaseErrors.position(of: Int($0), in: separation.series.grid) }
    background = noiseSD
    start =
      noiseSD ?? (Double(median) / Double(separation.series.echoTimes.count)).squareRoot() * 0.02
  }

  /// The fit for one sign of phase without any phase error.
  func plainFit(conjugated: Bool) -> PlainFit {
    let signal = PackedSignal(separation.series, indices: indices, conjugated: conjugated)
    let fits = fits(signal)
    return PlainFit(
      conjugated: conjugated, signal: signal, fits: fits, cost: cost(fits),
      expected: expectedCost(fits))
  }

  /// Measures everything for one sign of phase.
  func calibrate(_ plain: PlainFit) -> Calibration {
    let (signal, conjugated) = (plain.signal, plain.conjugated)
    let n = signal.echoes
    var best = Calibration(
      conjugated: conjugated, cost: plain.cost, noiseSD: start, phaseErrors: nil, notices: [])
    var chosen = plain.fits
    // Four echoes leave two numbers over, which flow and a wrong spectrum fill as well as phase
    // errors do: in a real scan of four echoes a phase that was not there was taken out.
    if n >= 5 {
      for initial in plain.isExplained ? [] : starts(signal) {
        let (errors, fits) = refine(initial, conjugated: conjugated)
        let cost = cost(fits)
        let size = errors.size(echoTimes: separation.series.echoTimes)
        let excess = best.cost - plain.expected
        let explains = excess > 0.2 * plain.expected && best.cost - cost > 0.6 * excess
        let ramps = errors.alternatingRamp > 0.1 && cost < 0.9 * best.cost
        if size > 0.02, explains || ramps {
          best.cost = cost
          best.phaseErrors = errors
          chosen = fits
        }
      }
    } else if starts(signal).contains(where: { $0.alternatingRamp > 0.2 }) {
      best.notices.append(Notice(SeparationNotice.bipolarSuspected))
    }
    if let measured = noiseSD(chosen) {
      best.noiseSD = measured
    } else {
      best.noiseIsMeasured = false
      best.notices.append(Notice(SeparationNotice.noiseUnknown))
    }
    if let errors = best.phaseErrors {
      best.notices.append(errors.notice(echoTimes: separation.series.echoTimes))
    }
    return best
  }

  /// No error, and the alternation of a bipolar read-out where the echoes are even and agree on it.
  private func starts(_ signal: PackedSignal) -> [PhaseErrors] {
    var starts = [PhaseErrors(echoes: signal.echoes)]
    if separation.echoProtocol.evenSpacing != nil {
      let (errors, coherence) = PhaseErrors.alternation(signal, positions: positions)
      if coherence > 0.3 { starts.append(errors) }
    }
    return starts
  }

  /// Gauss-Newton from a start, refitting every voxel after each step.
  private func refine(
    _ initial: PhaseErrors, conjugated: Bool
  ) -> (PhaseErrors, [ProbeFit]) {
    var errors = initial
    var (signal, current) = corrected(errors, conjugated)
    var best = cost(current)
    for _ in 0..<8 {
      guard let step = step(signal, current) else { break }
      var trial = errors
      for n in trial.coefficients.indices { trial.coefficients[n] += step.coefficients[n] }
      let (trialSignal, trialFits) = corrected(trial, conjugated)
      let trialCost = cost(trialFits)
      guard trialCost < best else { break }
      let gain = best - trialCost
      (errors, signal, current, best) = (trial, trialSignal, trialFits, trialCost)
      if gain < 1e-3 * best { break }
    }
    return (errors, current)
  }

  private func corrected(
    _ errors: PhaseErrors, _ conjugated: Bool
  ) -> (PackedSignal, [ProbeFit]) {
    let signal = PackedSignal(separation.series, indices: indices, conjugated: conjugated)
    signal.remove(errors, indices: indices, grid: separation.series.grid)
    return (signal, fits(signal))
  }

  private func step(_ signal: PackedSignal, _ fits: [ProbeFit]) -> PhaseErrors? {
    var normal = PhaseErrorFit(echoes: signal.echoes)
    for (voxel, fit) in fits.enumerated() {
      let variance = variance(fit)
      // A voxel far off the model is at a wrong minimum: it does not vote.
      guard fit.residual / (2 * variance) < 30 + 4 * Double(signal.echoes) else { continue }
      normal.add(
        signal: (0..<signal.echoes).map { signal.value(voxel, $0) },
        fit: (fit.water, fit.fat, fit.psi, fit.r2star),
        echoProtocol: separation.echoProtocol, position: positions[voxel], weight: 1 / variance)
    }
    return normal.step()
  }

  /// Variance of a real channel, with a model error of 2 % of the signal.
  private func variance(_ fit: ProbeFit) -> Double { start * start + 0.0004 * fit.meanSquare }

  /// Three echoes leave no residual; there, that water and fat share their phase decides.
  private func cost(_ fits: [ProbeFit]) -> Double {
    separation.series.echoTimes.count > 3
      ? fits.reduce(0) { $0 + min(60, $1.residual / (2 * variance($1))) }
      : fits.reduce(0) { $0 + min(30, $1.phaseDisagreement(noise: start)) }
  }

  /// What the cost would be if nothing but noise were left over. Phase errors are believed only
  /// where they explain most of what exceeds it, since a wrong spectrum would be explained in part,
  /// or where the alternation grows along an axis, which no spectrum can do.
  private func expectedCost(_ fits: [ProbeFit]) -> Double {
    let degrees = Double(2 * separation.series.echoTimes.count - 6)
    return fits.reduce(0) { $0 + degrees / 2 * start * start / variance($1) }
  }

  /// Noise of one real channel: the larger of what the background and the residuals say. Residuals
  /// also hold what the model cannot follow, which belongs into an honest uncertainty. nil where
  /// neither tells (three echoes, masked export).
  private func noiseSD(_ fits: [ProbeFit]) -> Double? {
    let fromFits = NoiseEstimate.fromResiduals(
      fits.map { Float($0.residual) },
      degreesOfFreedom: 2 * separation.series.echoTimes.count - 6)
    return [background, fromFits].compactMap { $0 }.filter { $0 > 0 }.max()
  }

  private func fits(_ signal: PackedSignal) -> [ProbeFit] {
    let tables = separation.tables(noiseSD: start)
    let candidates = separation.findCandidates(signal, tables)
    let fits = separation.fit(signal, tables, start: candidates)
    let rows = FitRow.allCases.count
    return indices.indices.map { i in
      func row(_ row: FitRow) -> Double {
        Double(fits[(i / 16 * rows + row.rawValue) * 16 + i % 16])
      }
      var energy = 0.0
      for echo in 0..<signal.echoes {
        energy += (signal.value(i, echo) * signal.value(i, echo)).sum()
      }
      return ProbeFit(
        water: SIMD2(row(.waterReal), row(.waterImaginary)),
        fat: SIMD2(row(.fatReal), row(.fatImaginary)), psi: row(.fieldMap), r2star: row(.r2star),
        residual: row(.residual), meanSquare: energy / Double(signal.echoes),
        covariance: (
          row(.varianceWater), row(.varianceFat),
          SIMD2(row(.covarianceReal), row(.covarianceImaginary))
        ))
    }
  }
}

/// The probe's fit for one sign of phase without any phase error.
struct PlainFit {
  let conjugated: Bool
  let signal: PackedSignal
  let fits: [ProbeFit]
  /// Sum of the fits' costs, and what it would be if nothing but noise were left over; nats.
  let cost: Double
  let expected: Double

  /// Whether next to nothing but noise is left over: phase errors would have nothing to explain.
  var isExplained: Bool { signal.echoes > 3 && cost < 1.1 * expected }
}

/// The fit of one probe voxel.
struct ProbeFit {
  var water: SIMD2<Double>
  var fat: SIMD2<Double>
  var psi: Double
  var r2star: Double
  var residual: Double
  /// Mean over echoes of |s|^2.
  var meanSquare: Double
  /// Of (W, F), per unit of noise variance.
  var covariance: (water: Double, fat: Double, cross: SIMD2<Double>)

  /// Angle between W and F at TE = 0 as nats against their being in phase, with 0.2 rad allowed for.
  func phaseDisagreement(noise: Double) -> Double {
    let angle = PhaseAngle(water: water, fat: fat, covariance: covariance)
    return angle.value * angle.value / (2 * (angle.variance * noise * noise + 0.04))
  }
}
