import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

/// What is said about echo times before anybody reads a number.
@Suite struct EchoCheckTests {
  private func codes(
    _ echoTimesMs: [Double], of name: String = "liver-3t"
  ) throws -> [String] {
    var recipe = try Recipe.named(name)
    recipe.shape = [48, 48, 6]
    recipe.echoTimesMs = echoTimesMs
    let phantom = try make(recipe)
    return try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: .init()
    ).notices.map(\.code)
  }

  @Test func threeEchoesAreSaid() throws {
    #expect(try codes([1.2, 2.2, 3.2]).contains("three-echoes"))
    #expect(try !codes([1.2, 2.2, 3.2, 4.2]).contains("three-echoes"))
  }

  @Test func bipolarReadoutsOfFewEchoesAreSuspected() throws {
    #expect(try codes([1.2, 2.4, 3.6, 4.8], of: "bipolar").contains("bipolar-suspected"))
    #expect(try codes([1.2, 2.4, 3.6], of: "bipolar").contains("bipolar-suspected"))
    #expect(try !codes([1.2, 2.4, 3.6, 4.8]).contains("bipolar-suspected"))
  }

  /// At 3 T fat turns once in 2.30 ms: echoes that far apart see it stand still.
  @Test func echoTimesThatCannotSeparateAreSaid() throws {
    #expect(
      try codes([1.15, 2.3, 3.45, 4.6, 5.75, 6.9]).allSatisfy { $0 != "echo-times-imprecise" })
    do {
      let said = try codes([2.3, 4.6, 6.9, 9.2])
      #expect(said.contains("echo-times-imprecise"))
    } catch let error as SeparationError {
      #expect(error.code == .echoesCannotSeparate)
    }
  }

  /// Echo times in ms, field in T, and whether they are warned of.
  static let few: [(milliseconds: [Double], tesla: Double, isWarned: Bool)] = [
    ([1.15, 2.3, 3.45, 4.6, 5.75, 6.9], 3, false), ([2.3, 4.6, 6.9, 9.2], 3, true),
    ([1.1, 2.1, 3.1], 3, false), ([1.2, 3.2, 5.2, 7.2, 9.2, 11.2], 1.5, false),
    ([1.15, 2.3], 3, false), ([2.3, 4.6], 3, true), ([2.3, 4.6], 1.5, false),
  ]

  /// The bounds of magnitudes and of two echoes are NumPy's.
  @Test(arguments: few)
  func boundsAreNumPys(_ given: (milliseconds: [Double], tesla: Double, isWarned: Bool)) throws {
    let output = try Tools.reference(
      "bounds",
      [given.milliseconds.map { "\($0)" }.joined(separator: ","), "\(given.tesla)"])
    let known = output.split(separator: "\n").compactMap { Double($0) }
    let plan = Echoes(milliseconds: given.milliseconds, tesla: given.tesla).plan
    let bound =
      given.milliseconds.count == 2
      ? EchoBound.ofTwoEchoes(plan) : EchoBound.ofMagnitudes(FlatProtocol(plan))
    let worst = try #require(known.max())
    // Relative: magnitudes in single precision, the Rician information and NumPy's differences.
    #expect(abs(bound.standardDeviation / worst - 1) < 1e-3)
    #expect((worst > 0.05) == given.isWarned)
  }

  /// Echoes between which fat turns whole turns see nothing of it.
  @Test(arguments: [true, false])
  func magnitudesAndTwoEchoesAreWarnedOf(_ isMagnitude: Bool) throws {
    func codes(_ milliseconds: [Double]) throws -> [String] {
      var recipe = try recipe("liver-3t", [48, 48, 6])
      recipe.echoTimesMs = milliseconds
      let phantom = try make(recipe)
      let maps =
        isMagnitude
        ? try separate(
          magnitude: MagnitudeSeries(
            grid: phantom.grid, echoTimes: phantom.scan.echoTimes,
            magnitude: zip(phantom.scan.real, phantom.scan.imaginary).map { hypot($0, $1) }),
          frequency: phantom.imagingFrequency, settings: .init())
        : try separate(
          twoEchoes: phantom.scan, frequency: phantom.imagingFrequency, settings: .init())
      return maps.notices.map(\.code)
    }
    let (good, bad) =
      isMagnitude
      ? ([1.15, 2.3, 3.45, 4.6, 5.75, 6.9], [2.3, 4.6, 6.9, 9.2]) : ([1.15, 2.3], [2.3, 4.6])
    #expect(try !codes(good).contains("echo-times-imprecise"))
    #expect(try codes(bad).contains("echo-times-imprecise"))
  }

  /// Fat of one line that turns once between echoes cannot be told from water at all.
  @Test func echoTimesThatSeeNoFatAreRefused() throws {
    let spectrum = try FatSpectrum.parse("-3.4 1", name: "one-line")
    let frequency = larmorFrequency(at: Tesla(3))
    let turn = 1 / (3.4 * frequency.megahertz)
    var settings = SeparationSettings()
    settings.spectrum = spectrum
    let grid = cube(4)
    for count in [2, 3] {
      let times = (1...count).map { Seconds(turn * Double($0)) }
      let values = [Float](repeating: 100, count: grid.count * count)
      let refusal = #expect(throws: SeparationError.self) {
        if count == 2 {
          _ = try separate(
            twoEchoes: EchoSeries(grid: grid, echoTimes: times, real: values, imaginary: values),
            frequency: frequency, settings: settings)
        } else {
          _ = try separate(
            magnitude: MagnitudeSeries(grid: grid, echoTimes: times, magnitude: values),
            frequency: frequency, settings: settings)
        }
      }
      #expect(refusal?.code == .echoesCannotSeparate)
    }
  }
}

/// Three echoes leave no residuals and a masked export no background: nothing tells the noise.
@Suite struct UnknownNoiseTests {
  @Test func noUncertaintyWithoutNoise() throws {
    var recipe = try Recipe.named("three-echo")
    recipe.shape = [48, 48, 6]
    let phantom = try make(recipe)
    var scan = phantom.scan
    let count = phantom.grid.count
    for (i, isTissue) in phantom.tissue.enumerated() where !isTissue {
      for echo in 0..<3 {
        scan.real[echo * count + i] = 0
        scan.imaginary[echo * count + i] = 0
      }
    }
    let masked = try separate(
      complex: scan, frequency: phantom.imagingFrequency, settings: .init())
    #expect(masked.notices.contains { $0.code == "noise-unknown" })
    #expect(masked.fatFractionSD == nil)
    #expect(masked.method.noiseSD == nil)
    let whole = try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: .init())
    #expect(!whole.notices.contains { $0.code == "noise-unknown" })
    #expect(whole.fatFractionSD != nil)
  }
}
