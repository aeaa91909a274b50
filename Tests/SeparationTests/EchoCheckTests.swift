import Phantoms
import Separation
import Testing

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
