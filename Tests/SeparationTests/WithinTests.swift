import Faults
import Foundation
import Phantoms
import Scans
import Separation
import TestSupport
import Testing
import Volumes

/// `--within`: what lies in the mask is as if everything had been separated, for less work.
@Suite struct WithinTests {
  static func tumour(_ phantom: Phantom) -> [Bool] {
    phantom.truth.labels.values.map { $0 == TissueClass.tumour.rawValue }
  }

  /// Values inside: a tenth of the noise, but for one voxel in a thousand, and one.
  private func compare(
    _ part: SeparatedMaps, _ whole: SeparatedMaps, _ mask: [Bool], sd: (Int) -> Float
  ) {
    var (inside, differing) = (0, 0)
    for i in mask.indices {
      let bits = Quality(rawValue: part.quality.values[i])
      if mask[i] {
        inside += 1
        let (a, b) = (part.fatFraction.values[i], whole.fatFraction.values[i])
        if !(abs(a - b) < 0.1 * sd(i)), !(a.isNaN && b.isNaN) { differing += 1 }
        #expect(!bits.contains(.outsideRegion))
      } else {
        #expect(bits.contains(.outsideRegion))
        let maps = [
          part.fatFraction, part.fatFractionSD, part.r2star, part.fieldMap, part.water, part.fat,
        ]
        #expect(maps.allSatisfy { $0?.values[i].isNaN ?? true })
      }
    }
    #expect(inside > 20)
    #expect(differing <= 1 + inside / 1000, "\(differing) of \(inside)")
  }

  @Test(arguments: ["liver-3t", "noise", "steep-3t", "three-echo", "uneven", "reversed", "eddy"])
  func complexValuesAreTheWholeScans(_ name: String) throws {
    let phantom = try make(try recipe(name, [96, 96, 16]))
    func maps(_ within: [Bool]?) throws -> SeparatedMaps {
      var settings = SeparationSettings()
      settings.within = within
      return try separate(
        complex: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    }
    let mask = Self.tumour(phantom)
    let (whole, part) = (try maps(nil), try maps(mask))
    let sd = try #require(whole.fatFractionSD)
    compare(part, whole, mask) { sd.values[$0] }
    // The scan's own: noise, sign of phase, phase errors.
    #expect(part.method.noiseSD == whole.method.noiseSD)
    #expect(part.method.precession == whole.method.precession)
    let told = { (maps: SeparatedMaps) in
      maps.notices.map(\.code).filter { $0 != "swap-suspected" }
    }
    #expect(told(part) == told(whole))
  }

  @Test func magnitudesAreTheWholeScans() throws {
    let phantom = try make(try recipe("liver-3t", [64, 64, 12]))
    let series = MagnitudeSeries(
      grid: phantom.grid, echoTimes: phantom.scan.echoTimes,
      magnitude: zip(phantom.scan.real, phantom.scan.imaginary).map { hypot($0, $1) })
    let mask = Self.tumour(phantom)
    var settings = SeparationSettings()
    let whole = try separate(
      magnitude: series, frequency: phantom.imagingFrequency, settings: settings)
    settings.within = mask
    let part = try separate(
      magnitude: series, frequency: phantom.imagingFrequency, settings: settings)
    let sd = try #require(whole.fatFractionSD)
    compare(part, whole, mask) { sd.values[$0] }
  }

  /// What is counted lies in the mask, though its surroundings are looked at too.
  @Test func countsAreOfTheMask() throws {
    let phantom = try make(try recipe("noise", [64, 64, 12]))
    let arm = phantom.truth.labels.values.map { $0 == TissueClass.leftArmMuscle.rawValue }
    var settings = SeparationSettings()
    settings.within = arm
    // The body's edge lies in the arm's surroundings and is a region of its own.
    let maps = try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    #expect(maps.method.swapCheck?.regions == 1)

    let series = MagnitudeSeries(
      grid: phantom.grid, echoTimes: phantom.scan.echoTimes,
      magnitude: zip(phantom.scan.real, phantom.scan.imaginary).map { hypot($0, $1) })
    let muscle = phantom.truth.labels.values.map { $0 == TissueClass.muscle.rawValue }
    settings.within = muscle
    let part = try separate(
      magnitude: series, frequency: phantom.imagingFrequency, settings: settings)
    let measured = muscle.indices.filter { muscle[$0] && part.fatFraction.values[$0].isFinite }
    let open = measured.count {
      Quality(rawValue: part.quality.values[$0]).contains(.ambiguous)
    }
    let told = part.notices.filter { $0.code == "optimum-undecided" }.map(\.message)
    #expect(open > 0 && told.count == 1)
    #expect(told.allSatisfy { $0.hasSuffix(": \(open) of \(measured.count) voxels") })
  }

  @Test(arguments: ["liver-3t", "reversed"])
  func twoEchoesAreTheWholeScans(_ name: String) throws {
    var recipe = try recipe(name, [64, 64, 12])
    recipe.echoTimesMs = [1.15, 2.3]
    let phantom = try make(recipe)
    let mask = Self.tumour(phantom)
    var settings = SeparationSettings()
    let whole = try separate(
      twoEchoes: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    settings.within = mask
    let part = try separate(
      twoEchoes: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    // No uncertainty there: a tenth of 3 points.
    compare(part, whole, mask) { _ in 0.03 }
    #expect(part.method.precession == whole.method.precession)
  }

  /// A tumour of 400 voxels in a large scan leaves less than a fiftieth of it to do.
  @Test func littleIsLeftToDo() throws {
    let grid = VoxelGrid(
      nx: 256, ny: 256, nz: 40,
      affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 5], origin: [0, 0, 0]))
    var mask = [Bool](repeating: false, count: grid.count)
    for z in 18..<22 {
      for y in 100..<110 { for x in 120..<130 { mask[grid.index(x, y, z)] = true } }
    }
    let all = SignalVoxels(grid: grid, isSignal: [Bool](repeating: true, count: grid.count))
    // 16 voxels in plane and 4 slices either way.
    #expect(try all.around(mask, echoes: 6).count == (10 + 32) * (10 + 32) * (4 + 8))
    #expect((10 + 32) * (10 + 32) * (4 + 8) * 50 < grid.count)
    #expect(try all.around(nil, echoes: 6).count == grid.count)
  }

  /// Growing by a box, against looking at every pair.
  @Test func growthIsABox() {
    let grid = VoxelGrid(
      nx: 9, ny: 7, nz: 5, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<50 {
      let mask = (0..<grid.count).map { _ in Double.random(in: 0..<1, using: &generator) < 0.02 }
      func place(_ i: Int) -> (Int, Int, Int) { (i % 9, i / 9 % 7, i / 63) }
      let known = mask.indices.map { i in
        let a = place(i)
        return mask.indices.contains { j in
          let b = place(j)
          return mask[j] && abs(a.0 - b.0) <= 2 && abs(a.1 - b.1) <= 2 && abs(a.2 - b.2) <= 1
        }
      }
      #expect(grown(mask, grid: grid, inPlane: 2, across: 1) == known)
    }
  }

  @Test func aMaskInAirIsRefused() throws {
    let phantom = try make(try recipe("liver-3t", [48, 48, 6]))
    var settings = SeparationSettings()
    settings.within = phantom.tissue.indices.map { $0 < 10 }
    let refusal = #expect(throws: SeparationError.self) {
      try separate(
        complex: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    }
    #expect(refusal?.code == .noSignal)
  }
}

@Suite struct DecayBoundTests {
  @Test func boundsHoldAndAreSaid() throws {
    let phantom = try make(try recipe("liver-3t", [48, 48, 8]))
    var settings = SeparationSettings()
    settings.r2starMinimum = PerSecond(0)
    settings.r2starMaximum = PerSecond(60)
    let maps = try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: settings)
    let r2star = try #require(maps.r2star)
    var (lower, upper) = (0, 0)
    for i in r2star.values.indices where r2star.values[i].isFinite {
      let value = r2star.values[i]
      #expect(value >= 0 && value <= 60)
      let isAtBound = value == 0 || value == 60
      if value == 0 { lower += 1 }
      if value == 60 { upper += 1 }
      #expect(Quality(rawValue: maps.quality.values[i]).contains(.r2starAtBound) == isAtBound)
    }
    #expect(lower > 0 && upper > 0)
  }
}
