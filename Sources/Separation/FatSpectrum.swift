import Faults
import Foundation
import Volumes

/// The lines of fat's spectrum: shifts from water and amplitudes that sum to one.
public struct FatSpectrum: Sendable, Hashable {
  public struct Peak: Sendable, Hashable {
    /// Shift from water; the main fat peak is negative.
    public let shift: PartsPerMillion
    /// Share of fat's protons.
    public let amplitude: Double
  }

  public let name: String
  public let peaks: [Peak]
  /// Whether the table places water at 4.70 ppm (body temperature), so that a temperature can
  /// shift it; a phantom's own table at room temperature must not be shifted again.
  public let waterAtBodyTemperature: Bool

  /// Amplitudes are normalised to a sum of one.
  public init(
    name: String, shifts: [Double], amplitudes: [Double], waterAtBodyTemperature: Bool = true
  ) {
    precondition(shifts.count == amplitudes.count && !shifts.isEmpty)
    let sum = amplitudes.reduce(0, +)
    self.name = name
    self.peaks = zip(shifts, amplitudes).map {
      Peak(shift: PartsPerMillion($0), amplitude: $1 / sum)
    }
    self.waterAtBodyTemperature = waterAtBodyTemperature
  }

  /// Fat's signal per unit fat, c(t) = sum_p a_p exp(i 2 pi f_p t), f_p = frequency * shift_p.
  ///
  /// - Parameters:
  ///   - time: echo time.
  ///   - frequency: the scanner's imaging frequency.
  public func signal(at time: Seconds, frequency: Hertz) -> (real: Double, imaginary: Double) {
    var (re, im) = (0.0, 0.0)
    for peak in peaks {
      let phase = 2 * Double.pi * frequency.megahertz * peak.shift.value * time.value
      re += peak.amplitude * cos(phase)
      im += peak.amplitude * sin(phase)
    }
    return (re, im)
  }

  /// The spectrum with water at a temperature: delta_w(T) = 5.048 - 0.01085 T ppm
  /// (Hernando 2014, 10.1002/mrm.24951); shifts move by 4.70 - delta_w(T).
  public func shifted(to temperature: Celsius) throws(SeparationError) -> FatSpectrum {
    guard waterAtBodyTemperature else {
      throw SeparationError(.temperatureNotApplicable, "spectrum \(name)")
    }
    let shift = 4.70 - (5.048 - 0.01085 * temperature.value)
    return FatSpectrum(
      name: "\(name) at \(temperature.value) C",
      shifts: peaks.map { $0.shift.value + shift }, amplitudes: peaks.map(\.amplitude))
  }
}

extension FatSpectrum {
  /// The spectra known by name; the first is the default.
  public static let catalogue: [FatSpectrum] = [
    // As in the ISMRM fat-water toolbox and most PDFF papers.
    FatSpectrum(
      name: "six-peak-liver", shifts: [0.60, -0.39, -1.94, -2.60, -3.40, -3.80],
      amplitudes: [0.048, 0.039, 0.004, 0.128, 0.693, 0.087]),
    // Hamilton 2011, 10.1002/nbm.1622.
    FatSpectrum(
      name: "hamilton-2011", shifts: relativeToWater([5.3, 4.2, 2.75, 2.1, 1.3, 0.9]),
      amplitudes: [0.047, 0.039, 0.006, 0.120, 0.700, 0.088]),
    FatSpectrum(
      name: "hamilton-2011-nine-peak", shifts: relativeToWater(nineShifts),
      amplitudes: [0.088, 0.642, 0.058, 0.062, 0.058, 0.006, 0.039, 0.010, 0.037]),
    // Bone marrow: Ren 2008, Hamilton 2016.
    FatSpectrum(
      name: "marrow-nine-peak", shifts: relativeToWater(nineShifts),
      amplitudes: [0.090, 0.584, 0.060, 0.085, 0.060, 0.015, 0.040, 0.010, 0.057]),
    FatSpectrum(
      name: "ren-2008", shifts: [0.61, -1.93, -2.45, -2.67, -3.11, -3.40, -3.80],
      amplitudes: [0.042, 0.015, 0.066, 0.096, 0.071, 0.627, 0.083]),
    FatSpectrum(
      name: "yu-2008", shifts: [0.73, -2.49, -3.29], amplitudes: [0.08, 0.17, 0.75]),
    FatSpectrum(
      name: "wokke", shifts: [0.73, -2.49, -3.27, -3.68], amplitudes: [0.08, 0.15, 0.72, 0.04]),
    // Oil at room temperature: Hernando 2017, 10.1002/mrm.26228.
    FatSpectrum(
      name: "multi-site-phantom", shifts: [0.50, -0.49, -2.04, -2.70, -3.50, -3.90],
      amplitudes: [0.048, 0.039, 0.004, 0.128, 0.694, 0.087], waterAtBodyTemperature: false),
    berglund(chainLength: 17.4, doubleBonds: 2.6, polyUnsaturation: 0.2),
  ]

  public static var standard: FatSpectrum { catalogue[0] }

  private static let nineShifts = [0.90, 1.30, 1.60, 2.02, 2.24, 2.75, 4.20, 5.19, 5.29]

  private static func relativeToWater(_ shifts: [Double]) -> [Double] { shifts.map { $0 - 4.7 } }

  /// Ten peaks from a triglyceride's chain length, double bonds and poly-unsaturation (Berglund
  /// 2012).
  private static func berglund(
    chainLength cl: Double, doubleBonds ud: Double, polyUnsaturation p: Double
  ) -> FatSpectrum {
    FatSpectrum(
      name: "berglund-2012",
      shifts: relativeToWater([0.90, 1.30, 1.59, 2.03, 2.25, 2.77, 4.1, 4.3, 5.21, 5.31]),
      amplitudes: [
        9, 6 * (cl - 4) + ud * (2 * p - 8), 6, 4 * ud * (1 - p), 6, 2 * ud * p, 2, 2, 1, 2 * ud,
      ])
  }

  /// A spectrum by its name in the catalogue.
  public static func named(_ name: String) throws(SeparationError) -> FatSpectrum {
    guard let found = catalogue.first(where: { $0.name == name }) else {
      let known = catalogue.map(\.name).joined(separator: ", ")
      throw SeparationError(.spectrumUnknown, "'\(name)'; known are \(known)")
    }
    return found
  }

  /// A spectrum from a text table: one peak a line, shift from water in ppm and amplitude,
  /// separated by white space, a tab or a comma; `#` starts a comment. The strongest peak lies
  /// below water.
  public static func parse(_ text: String, name: String) throws(SeparationError) -> FatSpectrum {
    var shifts: [Double] = []
    var amplitudes: [Double] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      let fields = content.split { $0 == "," || $0.isWhitespace }
      if fields.isEmpty { continue }
      guard fields.count == 2, let shift = Double(fields[0]), let amplitude = Double(fields[1]),
        abs(shift) <= 20, amplitude >= 0, amplitude.isFinite
      else {
        throw SeparationError(
          .spectrumFileBad, "line \(number + 1) is not 'shift-ppm amplitude'", file: name)
      }
      shifts.append(shift)
      amplitudes.append(amplitude)
    }
    let sum = amplitudes.reduce(0, +)
    guard !shifts.isEmpty, sum > 0, sum.isFinite, shifts.count <= 64 else {
      throw SeparationError(.spectrumFileBad, "it holds no peak with an amplitude", file: name)
    }
    let spectrum = FatSpectrum(name: name, shifts: shifts, amplitudes: amplitudes)
    // Shifts on the usual axis (methylene at 1.3 ppm) would turn fat the wrong way round.
    guard let main = spectrum.peaks.max(by: { $0.amplitude < $1.amplitude }),
      main.shift.value < 0
    else {
      throw SeparationError(
        .spectrumFileBad,
        "its main peak lies above water; shifts are counted from water, the main one about -3.4",
        file: name)
    }
    return spectrum
  }
}
