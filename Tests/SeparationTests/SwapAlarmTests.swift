import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

/// The alarm on maps in which a region was exchanged on purpose, with no other hint.
@Suite struct SwapAlarmTests {
  private struct Case {
    let phantom: Phantom
    let maps: SeparatedMaps
    let voxels: SignalVoxels
    var fieldMap: [Float]
    var fatFraction: [Float]
    /// Fat's main frequency and the field map's period, Hz.
    let swapStep: Float
    let period: Float

    init() throws {
      var recipe = try Recipe.named("liver-3t")
      recipe.shape = [80, 80, 12]
      phantom = try make(recipe)
      maps = try separate(
        complex: phantom.scan, frequency: phantom.imagingFrequency, settings: .init())
      voxels = SignalVoxels(
        grid: phantom.grid, isSignal: maps.fatFraction.values.map { !$0.isNaN })
      fieldMap = voxels.indices.map { [maps] in maps.fieldMap?.values[Int($0)] ?? .nan }
      fatFraction = voxels.indices.map { [maps] in maps.fatFraction.values[Int($0)] }
      period = Float(1 / 0.00115)
      swapStep = Float(3.4 * phantom.imagingFrequency.megahertz)
    }

    func suspects() -> [Bool] {
      SwapAlarm(
        voxels: voxels, neighbours: voxels.neighbours(), trust: Buffer(voxels.count, zero: 1),
        fieldMap: fieldMap, fatFraction: fatFraction,
        swapStep: abs(swapStep - (swapStep / period).rounded() * period), period: period
      ).suspects()
    }
  }

  @Test func silentWhereNothingIsExchanged() throws {
    let example = try Case()
    #expect(!example.maps.notices.contains { $0.code == "swap-suspected" })
    #expect(!example.suspects().contains(true))
  }

  @Test func findsAnExchangedLiver() throws {
    var example = try Case()
    let liver = UInt8(TissueClass.liver.rawValue)
    var inside = [Int]()
    for (i, index) in example.voxels.indices.enumerated()
    where example.phantom.truth.labels.values[Int(index)] == liver {
      inside.append(i)
      example.fatFraction[i] = 1 - example.fatFraction[i]
      example.fieldMap[i] -= example.swapStep
    }
    #expect(inside.count > 1000)
    let suspects = example.suspects()
    let found = inside.count { suspects[$0] }
    let elsewhere = suspects.count { $0 } - found
    // Voxels of noise at the rim may stay out; what is inside the liver (tumours) may come along.
    #expect(Double(found) > 0.95 * Double(inside.count))
    #expect(Double(elsewhere) < 0.1 * Double(inside.count))
  }
}

/// What is said about echo times before anybody reads a number.
@Suite struct EchoCheckTests {
  private func codes(_ echoTimesMs: [Double]) throws -> [String] {
    var recipe = try Recipe.named("liver-3t")
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
