import Faults
import Phantoms
import Testing
import Volumes

/// A recipe on a small grid.
func small(_ name: String, _ shape: [Int] = [48, 48, 12]) throws -> Recipe {
  var recipe = try Recipe.named(name)
  recipe.shape = shape
  return recipe
}

@Suite struct SimulationTests {
  @Test func everyRecipeCanBeMade() throws {
    for var recipe in try Recipe.all() {
      recipe.shape = [24, 24, 6]
      let phantom = try make(recipe)
      let finite = (phantom.scan.real + phantom.scan.imaginary).allSatisfy { $0.isFinite }
      #expect(finite, "\(recipe.name)")
      #expect(phantom.tissue.contains(true), "\(recipe.name)")
    }
  }

  @Test func sameSeedGivesTheSameScan() throws {
    let recipe = try small("liver-3t")
    let first = try make(recipe)
    let second = try make(recipe)
    let other = try make(recipe, seed: 2)
    #expect(first.scan.real == second.scan.real)
    #expect(first.scan.imaginary == second.scan.imaginary)
    #expect(first.scan.real != other.scan.real)
    #expect(first.truth.labels == other.truth.labels)
    #expect(
      first.truth.water.values.elementsEqual(other.truth.water.values) { a, b in
        a == b || (a.isNaN && b.isNaN)
      })
  }

  @Test func noiseIsAsStated() throws {
    let phantom = try make(try small("noise"))
    #expect(phantom.noiseSD == 1000 / 12.0)
    let clean = try make(noiseFree(try small("noise")))
    let noise = zip(
      phantom.scan.real + phantom.scan.imaginary, clean.scan.real + clean.scan.imaginary
    ).map { Double($0 - $1) }
    let n = Double(noise.count)
    let mean = noise.reduce(0, +) / n
    let sd = (noise.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
    // Four standard errors of a mean and of a standard deviation.
    #expect(abs(mean) < 4 * phantom.noiseSD / n.squareRoot())
    #expect(abs(sd / phantom.noiseSD - 1) < 4 / (2 * n).squareRoot())
    // Real and imaginary part, and neighbours, are independent.
    let products = zip(noise.dropFirst(), noise).map { $0 * $1 }
    let correlation = products.reduce(0, +) / n / (sd * sd)
    #expect(abs(correlation) < 4 / n.squareRoot())
  }

  @Test func liverAtTheFirstInstantHasTheStatedSNR() throws {
    let phantom = try make(try small("liver-3t"))
    let liver = phantom.truth.labels.values.indices.filter {
      phantom.truth.labels.values[$0] == TissueClass.liver.rawValue
    }
    let mean =
      liver.reduce(0.0) {
        $0 + Double(phantom.truth.water.values[$1] + phantom.truth.fat.values[$1])
      } / Double(liver.count)
    #expect(abs(mean / phantom.noiseSD - 40) < 1e-3)
  }

  @Test func reversedPrecessionIsTheConjugate() throws {
    var recipe = noiseFree(try small("liver-3t"))
    let forward = try make(recipe)
    recipe.precession = "-"
    let backward = try make(recipe)
    #expect(forward.scan.real == backward.scan.real)
    #expect(forward.scan.imaginary == backward.scan.imaginary.map { -$0 })
  }

  @Test func spectrumIsOneAtTimeZeroAndTurnsTheRightWay() throws {
    for name in ["liver-six-peak", "hamilton-nine-peak", "ren-seven-peak", "single-peak"] {
      let spectrum = try #require(SimulatedSpectrum.named(name))
      #expect(abs(spectrum.amplitudes.reduce(0, +) - 1) < 1e-12)
      let atZero = spectrum.modulation(time: 0, imagingFrequency: 127.7e6)
      #expect(abs(atZero.x - 1) < 1e-15 * 9 && atZero.y == 0)
      // Fat lags behind water: 0.5 ms at 3 T is about -70 degrees.
      let early = spectrum.modulation(time: 0.0005, imagingFrequency: 127.7e6)
      #expect(early.x > 0 && early.y < 0, "\(name)")
      // Opposed at 1.15 ms, in phase again at 2.3 ms.
      #expect(spectrum.modulation(time: 0.00115, imagingFrequency: 127.7e6).x < -0.6)
      #expect(spectrum.modulation(time: 0.0023, imagingFrequency: 127.7e6).x > 0.6)
    }
    #expect(SimulatedSpectrum(shifts: [1], amplitudes: []) == nil)
    #expect(SimulatedSpectrum(shifts: [1], amplitudes: [0]) == nil)
  }
}

func noiseFree(_ recipe: Recipe) -> Recipe {
  var recipe = recipe
  recipe.snr = 0
  return recipe
}
