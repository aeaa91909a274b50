import Faults
import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

@Suite struct T1CorrectionTests {
  /// What a true 5 % reads at TR 9 ms and a T1 of fat of 380 ms, by Python: flip angle in degrees, T1
  /// of water in ms, percent.
  static let readings: [(flip: Double, waterT1: Double, percent: Double)] = [
    (3, 800, 5.286482), (3, 1100, 5.49006), (3, 1400, 5.692764), (5, 800, 5.722381),
    (5, 1100, 6.231685), (5, 1400, 6.735518), (10, 800, 7.017298), (10, 1100, 8.406575),
    (10, 1400, 9.754953),
  ]

  static func correction(flip: Double, waterT1: Double) -> T1Correction {
    T1Correction(
      flipAngle: Radians(degrees: flip), repetitionTime: Seconds(milliseconds: 9),
      waterT1: Seconds(milliseconds: waterT1), fatT1: Seconds(milliseconds: 380))
  }

  @Test(arguments: readings)
  func biasAsComputedElsewhere(
    _ known: (flip: Double, waterT1: Double, percent: Double)
  ) {
    let correction = Self.correction(flip: known.flip, waterT1: known.waterT1)
    let water = 0.95 * correction.weight(t1: correction.waterT1)
    let fat = 0.05 * correction.weight(t1: correction.fatT1)
    // The last digit of what Python printed, percent.
    #expect(abs(100 * fat / (water + fat) - known.percent) < 1e-6)
    let back = correction.corrected(FatFraction(percent: known.percent))
    #expect(abs(back.percent - 5) < 1e-6)
  }

  @Test func endsStay() {
    let correction = Self.correction(flip: 10, waterT1: 1400)
    for end in [0.0, 1] { #expect(correction.corrected(FatFraction(end)).value == end) }
    let fractions = stride(from: -0.1, through: 1.1, by: 0.1).map { FatFraction($0) }
    let corrected = fractions.map { correction.corrected($0) }
    #expect(zip(corrected, corrected.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// The phantom weighted by its own simulation: 10 degrees, TR 9 ms, T1 of water in the liver
  /// 810 ms and in the tumour 1200 ms. Points of the mean error.
  @Test(arguments: [(TissueClass.liver, 810.0, 0.15), (.tumour, 1200, 0.5)])
  func phantomIsCorrected(_ tissue: TissueClass, _ waterT1: Double, _ points: Double) throws {
    let phantom = try make(try recipe("t1-weighted", [64, 64, 12]))
    func error(_ settings: SeparationSettings) throws -> (Double, [String]) {
      let maps = try separate(
        complex: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
      let score = try score(
        fatFraction: maps.fatFraction, r2star: maps.r2star, against: phantom.truth.scored)
      return (try #require(score[tissue]?.pdff.meanError), maps.notices.map(\.message))
    }
    let plain = try error(SeparationSettings())
    #expect(plain.0 > 2)
    var settings = SeparationSettings()
    settings.t1Correction = Self.correction(flip: 10, waterT1: waterT1)
    let corrected = try error(settings)
    #expect(abs(corrected.0) < points, "\(corrected.0)")
    #expect(corrected.1.contains { $0.contains("10.0 degrees, repetition time 9.0 ms") })
  }

  /// Every kind of input that can be corrected is, and says so.
  @Test func imagesAreCorrected() throws {
    let grid = cube(2)
    func volume(_ value: Float) -> Volume<Float> { Volume(grid: grid, repeating: value) }
    var settings = SeparationSettings()
    settings.t1Correction = Self.correction(flip: 10, waterT1: 800)
    let f: Float = 0.07017298
    for maps in [
      try separate(water: volume(1000 * (1 - f)), fat: volume(1000 * f), settings: settings),
      try separate(
        inPhase: volume(1000), opposedPhase: volume(1000 * (1 - 2 * f)), settings: settings),
      try separate(pdff: volume(f), settings: settings),
    ] {
      // Single precision of f, times the slope.
      #expect(abs(maps.fatFraction.values[0] - 0.05) < 1e-6)
      #expect(maps.notices.contains { $0.code == "t1-corrected" })
    }
  }

  /// The expected bias is that of the table at its ends, and none where the angle is small.
  @Test(arguments: [(3.0, 5.286482, 5.692764), (5, 5.722381, 6.735518), (10, 7.017298, 9.754953)])
  func expectedBias(_ flip: Double, _ least: Double, _ most: Double) throws {
    func notices(_ tesla: Double, _ flip: Double, contrast: ContrastState? = nil) -> [Notice] {
      t1Notices(
        flipAngle: Radians(degrees: flip), repetitionTime: Seconds(milliseconds: 9),
        fieldStrength: Tesla(tesla), contrast: contrast, correction: nil)
    }
    let bias = T1Bias(
      flipAngle: Radians(degrees: flip), repetitionTime: Seconds(milliseconds: 9),
      fieldStrength: Tesla(3))
    let range = bias.readings(of: FatFraction(percent: 5))
    // The last digit of what Python printed, percent.
    #expect(abs(range.lowerBound.percent - least) < 1e-6)
    #expect(abs(range.upperBound.percent - most) < 1e-6)
    // A warning from one point on; below, the expected bias stands beside the number.
    #expect(notices(3, flip).isEmpty == (most < 6))
    if let said = notices(3, flip).first {
      #expect(said.code == "t1-bias")
      #expect(said.message.contains(String(format: "reads %.1f to %.1f %%", least, most)))
    }
    #expect(notices(3, 1).isEmpty)
    // T1 is shorter at 1.5 T, and the bias smaller.
    var lower = bias
    lower.fieldStrength = Tesla(1.5)
    #expect(abs(lower.fatT1.milliseconds * 1.21 - 380) < 1e-6)
    #expect(lower.largest(at: T1Bias.reference) < bias.largest(at: T1Bias.reference))
  }

  /// A contrast agent turns the bias over: water recovers before fat.
  @Test func contrastIsSaid() {
    func codes(
      _ flip: Double?, correction: T1Correction? = nil, contrast: ContrastState? = ContrastState()
    ) -> [String] {
      t1Notices(
        flipAngle: flip.map { Radians(degrees: $0) }, repetitionTime: Seconds(milliseconds: 9),
        fieldStrength: Tesla(3), contrast: contrast, correction: correction
      ).map(\.code)
    }
    #expect(codes(nil) == ["contrast-agent"])
    #expect(codes(10) == ["contrast-agent", "t1-bias"])
    #expect(codes(10, contrast: nil) == ["t1-bias"])
    let correction = Self.correction(flip: 10, waterT1: 400)
    #expect(codes(10, correction: correction) == ["contrast-agent"])
    #expect(codes(10, correction: correction, contrast: nil).isEmpty)
    let bias = T1Bias(
      flipAngle: Radians(degrees: 10), repetitionTime: Seconds(milliseconds: 9),
      fieldStrength: Tesla(3), contrast: ContrastState())
    let range = bias.readings(of: FatFraction(percent: 5))
    #expect(range.upperBound.percent > 5)
    // Water that is not saturated at all, whatever its T1: fat weighs (1 - E1) / (1 - E1 cos a).
    let e1 = exp(-9.0 / 380)
    let least = (1 - e1) / (1 - e1 * cos(10 * Double.pi / 180))
    let reading = 0.05 * least / (0.05 * least + 0.95)
    // Rounding of a few operations.
    #expect(abs(range.lowerBound.value - reading) < 1e-14)
    // Any T1 between gives a reading between.
    for waterT1 in [20.0, 100, 240, 724] {
      let within = bias.bias(
        ofMeasured: FatFraction(reading), waterT1: Seconds(milliseconds: waterT1))
      #expect(abs(within.value) <= bias.largest(ofMeasured: FatFraction(reading)).value)
    }
  }

  /// What a liver and a tumour are expected to read is said only where their T1 was measured: minutes
  /// after gadoxetate, field.
  @Test(arguments: [
    (true, 15.0, 3.0, true), (true, 20, 3, true), (true, 2, 3, false), (true, 60, 3, false),
    (true, -20, 3, false), (true, 20, 1.5, false), (false, 20, 3, false),
  ])
  func timeSinceContrast(
    _ isGadoxetate: Bool, _ minutes: Double, _ tesla: Double, _ isKnown: Bool
  ) {
    let contrast = ContrastState(
      isGadoxetate: isGadoxetate, timeSinceInjection: Seconds(minutes * 60))
    let bias = T1Bias(
      flipAngle: Radians(degrees: 10), repetitionTime: Seconds(milliseconds: 9),
      fieldStrength: Tesla(tesla), contrast: contrast)
    #expect((bias.liverT1 != nil) == isKnown && (bias.tumourT1 != nil) == isKnown)
    if let liver = bias.liverT1, let tumour = bias.tumourT1 {
      // Fat's own 380 ms lie between: the bias of a liver turns over, a tumour's does not.
      #expect(bias.bias(ofMeasured: FatFraction(0.05), waterT1: liver) < FatFraction(0))
      #expect(bias.bias(ofMeasured: FatFraction(0.05), waterT1: tumour) > FatFraction(0))
    }
    // The bounds do not rest on it.
    var unknown = bias
    unknown.contrast = ContrastState()
    #expect(
      bias.largest(ofMeasured: FatFraction(0.05)) == unknown.largest(ofMeasured: FatFraction(0.05)))
    let said = t1Notices(
      flipAngle: bias.flipAngle, repetitionTime: bias.repetitionTime, fieldStrength: Tesla(tesla),
      contrast: contrast, correction: nil
    ).first?.message
    let after = minutes < 0 ? "min after the scan" : "min before the scan"
    #expect(said?.contains(String(format: "%.0f ", abs(minutes)) + after) == true)
  }

  /// Backwards: what a true 5 % reads is off by what the reading is said to be off by.
  @Test(arguments: [3.0, 5, 10], [800.0, 1100, 1400])
  func biasOfAReading(_ flip: Double, _ waterT1: Double) {
    let bias = T1Bias(
      flipAngle: Radians(degrees: flip), repetitionTime: Seconds(milliseconds: 9),
      fieldStrength: Tesla(3))
    let weights = T1Correction(
      flipAngle: bias.flipAngle, repetitionTime: bias.repetitionTime,
      waterT1: Seconds(milliseconds: waterT1), fatT1: bias.fatT1)
    let b = weights.weight(t1: bias.fatT1) / weights.weight(t1: weights.waterT1)
    let reading = 0.05 * b / (0.05 * b + 0.95)
    let off = bias.bias(
      ofMeasured: FatFraction(reading), waterT1: Seconds(milliseconds: waterT1))
    // Rounding of a few operations.
    #expect(abs(off.value - (reading - 0.05)) < 1e-14)
    #expect(bias.largest(ofMeasured: FatFraction(reading)).value >= off.value - 1e-14)
    if let liver = bias.liverT1, let tumour = bias.tumourT1 { #expect(liver < tumour) }
  }
}
