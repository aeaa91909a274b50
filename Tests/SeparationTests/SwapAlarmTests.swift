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
