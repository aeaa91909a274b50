import Separation
import Testing
import Volumes

@Suite struct FatSpectrumTests {
  /// Rounding of sums of ten doubles.
  static let rounding = 1e-14

  @Test func amplitudesSumToOne() {
    #expect(FatSpectrum.catalogue.count == 9)
    for spectrum in FatSpectrum.catalogue {
      let sum = spectrum.peaks.reduce(0) { $0 + $1.amplitude }
      #expect(abs(sum - 1) < Self.rounding, "\(spectrum.name)")
      #expect(spectrum.peaks.allSatisfy { $0.amplitude > 0 }, "\(spectrum.name)")
    }
    #expect(Set(FatSpectrum.catalogue.map(\.name)).count == 9)
    #expect(FatSpectrum.standard.name == "six-peak-liver")
  }

  /// Peaks as published: those of the default sum to 0.999.
  @Test func defaultIsThePublishedTable() {
    let shifts = [0.60, -0.39, -1.94, -2.60, -3.40, -3.80]
    let amplitudes = [0.048, 0.039, 0.004, 0.128, 0.693, 0.087]
    for (peak, known) in zip(FatSpectrum.standard.peaks, zip(shifts, amplitudes)) {
      #expect(abs(peak.shift.value - known.0) < Self.rounding)
      #expect(abs(peak.amplitude - known.1 / 0.999) < Self.rounding)
    }
    #expect(FatSpectrum.standard.peaks.count == 6)
  }

  /// c(t) by NumPy, from tables written down independently: field in T, time in s, Re, Im.
  static let signals: [(String, Double, Double, Double, Double)] = [
    ("six-peak-liver", 3, 0.00115, -0.792941096478652, -0.050298036496379),
    ("six-peak-liver", 1.5, 0.0092, 0.555636285790903, -0.057906577271773),
    ("hamilton-2011", 3, 0.00115, -0.797105282609613, -0.050603591702979),
    ("hamilton-2011", 1.5, 0.0092, 0.556082377884183, -0.061472884873002),
    ("hamilton-2011-nine-peak", 3, 0.00115, -0.791731910468236, -0.069327801623490),
    ("hamilton-2011-nine-peak", 1.5, 0.0092, 0.536288215910184, -0.019754763463306),
    ("marrow-nine-peak", 3, 0.00115, -0.740164934905773, -0.083504547290456),
    ("marrow-nine-peak", 1.5, 0.0092, 0.450327139174661, -0.002712138743785),
    ("ren-2008", 3, 0.00115, -0.857373707066340, -0.094875984227241),
    ("ren-2008", 1.5, 0.0092, 0.504146964198873, 0.026377603418847),
    ("yu-2008", 3, 0.00115, -0.796376319225210, -0.155731938534188),
    ("yu-2008", 1.5, 0.0092, 0.447123300498209, 0.301478441401466),
    ("wokke", 3, 0.00115, -0.798420027016721, -0.142187235544012),
    ("wokke", 1.5, 0.0092, 0.441096868680624, 0.310560820465270),
    ("multi-site-phantom", 3, 0.00115, -0.794403740889985, 0.023062427165626),
    ("multi-site-phantom", 1.5, 0.0092, 0.497744057827274, -0.254600180032107),
    ("berglund-2012", 3, 0.00115, -0.755853583252858, -0.079120171626837),
    ("berglund-2012", 1.5, 0.0092, 0.468180098170234, -0.008819117719808),
  ]

  @Test(arguments: signals)
  func signalEqualsNumPy(
    _ known: (name: String, field: Double, time: Double, real: Double, imaginary: Double)
  ) throws {
    let spectrum = try FatSpectrum.named(known.name)
    let c = spectrum.signal(
      at: Seconds(known.time), frequency: larmorFrequency(at: Tesla(known.field)))
    // Phases of up to 40 rad in double precision.
    #expect(abs(c.real - known.real) < 1e-13)
    #expect(abs(c.imaginary - known.imaginary) < 1e-13)
    let atZero = spectrum.signal(at: Seconds(0), frequency: Hertz(128e6))
    #expect(abs(atZero.real - 1) < Self.rounding && atZero.imaginary == 0)
  }

  @Test func temperatureMovesEveryPeak() throws {
    for (celsius, shift) in [(20.0, -0.131), (37, 0.05345)] {
      for spectrum in FatSpectrum.catalogue where spectrum.waterAtBodyTemperature {
        let moved = try spectrum.shifted(to: Celsius(celsius))
        for (before, after) in zip(spectrum.peaks, moved.peaks) {
          #expect(abs(after.shift.value - before.shift.value - shift) < Self.rounding)
          #expect(abs(after.amplitude - before.amplitude) < Self.rounding)
        }
        #expect(moved.peaks.count == spectrum.peaks.count)
        #expect(moved.name != spectrum.name)
      }
    }
  }

  @Test func phantomTableRefusesATemperature() throws {
    let phantom = try FatSpectrum.named("multi-site-phantom")
    let refusal = #expect(throws: SeparationError.self) { try phantom.shifted(to: Celsius(20)) }
    #expect(refusal?.code == .temperatureNotApplicable)
    let others = FatSpectrum.catalogue.filter { $0.name != "multi-site-phantom" }
    #expect(others.allSatisfy { $0.waterAtBodyTemperature })
  }

  @Test func unknownNameIsRefusedAndKnownOnesAreSaid() {
    let refusal = #expect(throws: SeparationError.self) { try FatSpectrum.named("seven-peak") }
    #expect(refusal?.code == .spectrumUnknown)
    #expect(refusal?.detail.contains("ren-2008") == true)
  }

  @Test func filesAreRead() throws {
    let text = "# shift amplitude\r\n0.6, 1\n\n -3.4\t8 # main peak\n-3.8 1"
    let spectrum = try FatSpectrum.parse(text, name: "own")
    #expect(spectrum.name == "own")
    #expect(spectrum.peaks.map(\.shift.value) == [0.6, -3.4, -3.8])
    #expect(spectrum.peaks.map(\.amplitude) == [0.1, 0.8, 0.1])
  }

  @Test(arguments: [
    "", "# nothing", "-3.4", "-3.4 1 2", "fat 1", "-3.4 one", "-3.4 -1", "-3.4 nan", "nan 1",
    "-3.4 inf", "-434 1", "-3.4 0", "0.6 0\n-3.4 0",
    Array(repeating: "-3.4 1", count: 65).joined(separator: "\n"),
    "-3.4 1.7e308\n-3.4 1.7e308",
    // Shifts on the usual axis, not from water.
    "1.3 0.7\n0.9 0.088\n5.3 0.047",
  ])
  func badFilesAreRefused(_ text: String) {
    let refusal = #expect(throws: SeparationError.self) {
      try FatSpectrum.parse(text, name: "spectrum.txt")
    }
    #expect(refusal?.code == .spectrumFileBad)
    #expect(refusal?.file == "spectrum.txt")
  }
}
