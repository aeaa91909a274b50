import Foundation
import Volumes

/// One voxel's echoes beside the signal model: for looking at a separation, after it.
public struct EchoFit: Sendable {
  /// As separation saw them, with its sign of phase and without the phase errors that it took out;
  /// magnitudes lie in the real part. Signal unit.
  public let measured: [SIMD2<Double>]
  /// What the model makes of them.
  public let model: [SIMD2<Double>]
  /// Root mean square of what is left over, per real channel and spare degree of freedom, signal unit:
  /// noise alone leaves its standard deviation. nil where the fit has no spare data.
  public let residual: Double?
  /// Complex amplitudes at TE = 0 as measured, and what they decay and turn by.
  fileprivate let water: SIMD2<Double>
  fileprivate let fat: SIMD2<Double>
  fileprivate let r2star: PerSecond

  fileprivate init(
    measured: [SIMD2<Double>], model: [SIMD2<Double>], water: SIMD2<Double>, fat: SIMD2<Double>,
    r2star: PerSecond, spare: Int
  ) {
    self.measured = measured
    self.model = model
    self.water = water
    self.fat = fat
    self.r2star = r2star
    let squares = zip(measured, model).reduce(0) { sum, pair in
      let rest = pair.0 - pair.1
      return sum + (rest * rest).sum()
    }
    residual = spare > 0 ? (squares / Double(spare)).squareRoot() : nil
  }
}

/// The signal model of one separation, to be held against the echoes of single voxels:
///
///     s(t) = (W + F c(t)) exp(i 2 pi psi t) exp(-R2* t)
///
/// with the maps' psi and R2*; W and F follow by least squares.
public struct EchoModel: Sendable {
  private let times: [Double]
  private let fat: [SIMD2<Double>]
  private let isReversed: Bool
  private let phaseErrors: PhaseErrors?
  private let fatWeight: Double
  private let grid: VoxelGrid
  private let spectrum: FatSpectrum
  private let frequency: Hertz

  /// - Parameters:
  ///   - method: of the separation; its peaks and sign of phase are used.
  ///   - frequency: imaging frequency.
  ///   - grid: the scan's.
  /// - Returns: nil where the method used no spectrum.
  public init?(
    _ method: MethodRecord, echoTimes: [Seconds], frequency: Hertz, grid: VoxelGrid
  ) {
    guard let peaks = method.options?.peaks, !peaks.isEmpty else { return nil }
    let spectrum = FatSpectrum(
      name: "", shifts: peaks.map(\.shift.value), amplitudes: peaks.map(\.amplitude))
    self.spectrum = spectrum
    self.frequency = frequency
    times = echoTimes.map(\.value)
    fat = echoTimes.map {
      let c = spectrum.signal(at: $0, frequency: frequency)
      return SIMD2(c.real, c.imaginary)
    }
    isReversed = method.precession == Precession.negative.rawValue
    phaseErrors = method.phaseErrors
    fatWeight = method.options?.t1Correction?.weights.fat ?? 1
    self.grid = grid
  }

  /// - Parameters:
  ///   - echoes: as loaded, one for each echo time.
  ///   - voxel: index in the grid.
  ///   - fieldMap, r2star: of the maps.
  public func fit(
    complex echoes: [SIMD2<Float>], voxel: Int, fieldMap: Hertz, r2star: PerSecond
  ) -> EchoFit {
    let position = PhaseErrors.position(of: voxel, in: grid)
    let measured = echoes.enumerated().map { echo, value -> SIMD2<Double> in
      let raw = SIMD2(Double(value.x), isReversed ? -Double(value.y) : Double(value.y))
      guard let phaseErrors else { return raw }
      let angle = -phaseErrors.phase(echo: echo, at: position)
      return product(raw, SIMD2(cos(angle), sin(angle)))
    }
    let water = times.map { time -> SIMD2<Double> in
      let angle = 2 * Double.pi * fieldMap.value * time
      return SIMD2(cos(angle), sin(angle)) * exp(-r2star.value * time)
    }
    let fat = zip(water, self.fat).map(product)
    // Normal equations of two complex unknowns.
    let (ww, ff, wf) = (inner(water, water).x, inner(fat, fat).x, inner(water, fat))
    let (ws, fs) = (inner(water, measured), inner(fat, measured))
    let determinant = ww * ff - (wf * wf).sum()
    let isOpen = determinant > 1e-9 * ww * ff
    let w = isOpen ? (ws * ff - product(wf, fs)) / determinant : ws / max(ww, 1e-30)
    let f = isOpen ? (fs * ww - product(conjugate(wf), ws)) / determinant : SIMD2()
    let model = zip(water, fat).map { product($0, w) + product($1, f) }
    return EchoFit(
      measured: measured, model: model, water: w, fat: f, r2star: r2star,
      spare: 2 * times.count - 6)
  }

  /// Magnitudes, with water and fat of one phase; the noise floor of late echoes is not modelled.
  ///
  /// - Parameter fatFraction: of the map, with T1 weights taken out where that was asked for.
  public func fit(
    magnitude echoes: [Float], fatFraction: FatFraction, r2star: PerSecond
  ) -> EchoFit {
    let f = fatFraction.value
    let weighted = fatWeight * f / (1 - f + fatWeight * f)
    let shape = zip(times, fat).map { time, c -> Double in
      let sum = SIMD2(1 - weighted, 0) + c * weighted
      return (sum * sum).sum().squareRoot() * exp(-r2star.value * time)
    }
    let own = shape.reduce(0) { $0 + $1 * $1 }
    let size = zip(shape, echoes).reduce(0) { $0 + $1.0 * Double($1.1) } / max(own, 1e-30)
    return EchoFit(
      measured: echoes.map { SIMD2(Double($0), 0) }, model: shape.map { SIMD2(size * $0, 0) },
      water: SIMD2(size * (1 - weighted), 0), fat: SIMD2(size * weighted, 0), r2star: r2star,
      spare: times.count - 3)
  }

  /// The model's magnitude at any time, signal unit: |W + F c(t)| exp(-R2* t).
  public func magnitude(of fit: EchoFit, at time: Seconds) -> Double {
    let c = spectrum.signal(at: time, frequency: frequency)
    let sum = fit.water + product(fit.fat, SIMD2(c.real, c.imaginary))
    return (sum * sum).sum().squareRoot() * exp(-fit.r2star.value * time.value)
  }
}
