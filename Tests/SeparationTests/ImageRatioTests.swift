import KernelTypes
import Separation
import TestSupport
import Testing

/// The kernel that divides two images, against the formula in double precision, with a number of voxels
/// that fills no whole number of blocks.
@Suite struct ImageRatioTests {
  private static let plan: RatioPlan = {
    var plan = RatioPlan(
      numerator: (0.5, 2), denominator: (1, 3, 0.25), signal: (1, -0.5), threshold: 40)
    plan.range = 0.1...0.6
    (plan.known, plan.background, plan.nonFinite, plan.outOfRange) = (0x8001, 2, 4, 8)
    return plan
  }()

  /// What a voxel becomes: the ratio, nil where there is none, and its bits.
  private func expected(_ a: Float, _ b: Float) -> (ratio: Double?, bits: UInt16) {
    let plan = Self.plan
    guard a.isFinite && b.isFinite else { return (nil, plan.nonFinite) }
    let (a, b) = (Double(a), Double(b))
    guard a - 0.5 * b > 40 else { return (nil, plan.background) }
    let ratio = (0.5 * a + 2 * b) / (a + 3 * b + 0.25)
    return ratio < 0.1 || ratio > 0.6 ? (nil, plan.outOfRange) : (ratio, plan.known)
  }

  @Test(arguments: Kernels.available.map(\.name))
  func equalsTheFormula(_ name: String) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    var generator = SeededGenerator(seed: 31)
    var a = (0..<77).map { _ in Float.random(in: 0...900, using: &generator) }
    var b = (0..<77).map { _ in Float.random(in: -90...900, using: &generator) }
    (a[3], b[20], a[33], b[70], a[76]) = (.nan, .infinity, -.infinity, .nan, .infinity)
    var ratios = [Float](repeating: 7, count: 77)
    var bits = [UInt16](repeating: 7, count: 77)
    // All but the first five and the last: nothing else is touched.
    kernels.divideImages(5..<76, a, b, Self.plan, &ratios, &bits)
    var kinds: Set<UInt16> = []
    for i in 0..<77 {
      guard (5..<76).contains(i) else {
        #expect(ratios[i] == 7 && bits[i] == 7, "voxel \(i)")
        continue
      }
      let known = expected(a[i], b[i])
      #expect(bits[i] == known.bits, "voxel \(i)")
      kinds.insert(bits[i])
      if let ratio = known.ratio {
        // Three roundings of single precision.
        #expect(abs(Double(ratios[i]) - ratio) < 3e-7, "voxel \(i)")
      } else {
        #expect(ratios[i].isNaN, "voxel \(i)")
      }
    }
    #expect(kinds == [0x8001, 2, 4, 8])
  }
}
