/// What one point holds, and the signal that it gives.
struct Spins {
  var tissue = TissueClass.none
  /// Proton density of water and of fat at TE = 0, arbitrary units.
  var water = 0.0
  var fat = 0.0
  /// 1/s.
  var r2star = 0.0
  /// Hz.
  var field = 0.0
  /// Phase of water at TE = 0, rad.
  var phase = 0.0
  /// T1 of water, s.
  var waterT1 = 1.0
}

/// The signal equation of the phantoms:
///
///     s(t) = (W e^(-R2*_w t) + F e^(i theta) c(t) e^(-R2*_f t)) e^(i (2 pi psi t + phi))
///
/// times the phase errors of a recipe; conjugated for precession "-".
struct SignalEquation: Sendable {
  let times: [Double]
  let modulation: [SIMD2<Double>]
  let departures: Departures
  let conjugated: Bool
  /// Half the field of view along x, mm.
  let halfWidth: Double
  private let fatWeight: Double
  private let referenceWeight: Double

  init(recipe: Recipe, spectrum: SimulatedSpectrum, imagingFrequency: Double) {
    // Whole nanoseconds, so that 3.45 ms is 0.00345 s and not one digit more.
    times = recipe.echoTimesMs.map { ($0 * 1e6).rounded() / 1e9 }
    departures = recipe.departures
    conjugated = recipe.precession == "-"
    halfWidth = recipe.fieldOfViewMm[0] / 2
    let fatPhase = unitPhasor(departures.fatPhaseRad)
    modulation = times.map {
      product(fatPhase, spectrum.modulation(time: $0, imagingFrequency: imagingFrequency))
    }
    let liverT1 = (recipe.tissues["liver"]?.waterT1Ms ?? 800) / 1000
    referenceWeight = departures.t1Weight(liverT1)
    fatWeight = departures.t1Weight(departures.fatT1Ms / 1000) / referenceWeight
  }

  /// Signal of `spins` at echo `echo`; `x` is the point's place along x, mm.
  func signal(_ spins: Spins, echo: Int, x: Double) -> SIMD2<Double> {
    let time = times[echo]
    var water = spins.water * exponential(-spins.r2star * time)
    var fat =
      spins.fat * exponential(-(spins.r2star + departures.extraFatDecayPerS) * time)
    if departures.flipDeg > 0 {
      water *= departures.t1Weight(spins.waterT1) / referenceWeight
      fat *= fatWeight
    }
    let angle = 2 * .pi * spins.field * time + spins.phase + phaseError(echo: echo, x: x)
    let sum = SIMD2(water, 0) + fat * modulation[echo]
    let value = product(sum, unitPhasor(angle))
    return conjugated ? SIMD2(value.x, -value.y) : value
  }

  /// Eddy current on the first echo and the alternating phase of a bipolar read-out, rad.
  private func phaseError(echo: Int, x: Double) -> Double {
    let sign = echo.isMultiple(of: 2) ? 1.0 : -1.0
    let bipolar = departures.bipolarPhaseRad + departures.bipolarRampRad * x / halfWidth
    return (echo == 0 ? departures.firstEchoPhaseRad : 0) + sign * bipolar
  }
}

extension Departures {
  /// Weight of a spoiled gradient echo, sin(a) (1 - E) / (1 - E cos(a)), E = exp(-TR / T1);
  /// 1 without a flip angle. `t1` in s.
  func t1Weight(_ t1: Double) -> Double {
    guard flipDeg > 0 else { return 1 }
    let angle = unitPhasor(flipDeg * .pi / 180)
    let e = exponential(-repetitionTimeMs / 1000 / t1)
    return angle.y * (1 - e) / (1 - e * angle.x)
  }
}
