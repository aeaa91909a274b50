/// The fat spectrum of the simulation.
///
/// The tables are written down here a second time, apart from the fit's: a wrong sign that both
/// shared would pass every test.
public struct SimulatedSpectrum: Sendable, Hashable {
  /// Shift from water, ppm, the main peak negative.
  public let shifts: [Double]
  /// Amplitudes, sum 1.
  public let amplitudes: [Double]

  /// Normalises; nil if the two differ in length, are empty or do not sum to something positive.
  public init?(shifts: [Double], amplitudes: [Double]) {
    let sum = amplitudes.reduce(0, +)
    guard shifts.count == amplitudes.count, sum > 0, sum.isFinite,
      shifts.allSatisfy(\.isFinite)
    else { return nil }
    self.shifts = shifts
    self.amplitudes = amplitudes.map { $0 / sum }
  }

  /// c(t) = sum_p a_p exp(i 2 pi f_p t), f_p = shift_p * imaging frequency.
  ///
  /// `time` in s, `imagingFrequency` in Hz; c(0) = 1.
  public func modulation(time: Double, imagingFrequency: Double) -> SIMD2<Double> {
    var sum = SIMD2<Double>(0, 0)
    for (shift, amplitude) in zip(shifts, amplitudes) {
      sum += amplitude * unitPhasor(2 * .pi * shift * 1e-6 * imagingFrequency * time)
    }
    return sum
  }

  /// Published tables by name; shifts in ppm from water at 4.70 ppm.
  public static func named(_ name: String) -> SimulatedSpectrum? {
    guard let table = tables[name] else { return nil }
    return SimulatedSpectrum(shifts: table.shifts, amplitudes: table.amplitudes)
  }

  static let tables: [String: (shifts: [Double], amplitudes: [Double])] = [
    // As in the ISMRM fat-water toolbox.
    "liver-six-peak": (
      [0.60, -0.39, -1.94, -2.60, -3.40, -3.80], [0.048, 0.039, 0.004, 0.128, 0.693, 0.087]
    ),
    // Hamilton 2011, 10.1002/nbm.1622, nine-peak, water at 4.7.
    "hamilton-nine-peak": (
      [-3.80, -3.40, -3.10, -2.68, -2.46, -1.95, -0.50, 0.49, 0.59],
      [0.088, 0.642, 0.058, 0.062, 0.058, 0.006, 0.039, 0.010, 0.037]
    ),
    // Ren 2008, seven-peak.
    "ren-seven-peak": (
      [0.61, -1.93, -2.45, -2.67, -3.11, -3.40, -3.80],
      [0.042, 0.015, 0.066, 0.096, 0.071, 0.627, 0.083]
    ),
    // One line, as two-point imaging assumes.
    "single-peak": ([-3.40], [1]),
  ]
}
