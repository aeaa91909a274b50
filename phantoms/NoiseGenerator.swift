import Foundation

/// Gaussian noise of one slice: SplitMix64 and Box-Muller, so that a slice's noise depends on the
/// seed and on the slice alone, never on the number of threads.
struct NoiseGenerator {
  private var state: UInt64

  init(seed: UInt64, slice: Int) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15 &* UInt64(slice + 1))
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in (0, 1].
  private mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    return (Double(Self.mixed(state) >> 11) + 1) * 0x1p-53
  }

  /// Two independent standard normal values.
  mutating func pair() -> SIMD2<Double> {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * unitPhasor(2 * .pi * uniform())
  }
}
