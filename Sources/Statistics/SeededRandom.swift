import Foundation

/// Pseudorandom numbers that are the same on every machine and for every version of Swift:
/// xoshiro256** (Blackman and Vigna 2021, 10.1145/3460772), its state filled by SplitMix64 from the
/// seed. For folds, bootstrap and simulations, never for secrets.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64

  public init(seed: UInt64) {
    var state = seed
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    a = next()
    b = next()
    c = next()
    d = next()
  }

  public mutating func next() -> UInt64 {
    let product = b &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 45) | (d >> 19)
    return result
  }

  /// Uniform in the open interval (0, 1), 52 bits.
  public mutating func uniform() -> Double { (Double(next() >> 12) + 0.5) * 0x1p-52 }

  /// Standard normal, by Box and Muller's cosine.
  public mutating func normal() -> Double {
    let radius = (-2 * log(uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Uniform in 0..<count, without bias (values beyond the last whole multiple are drawn again).
  /// - Parameter count: 1 or more.
  public mutating func index(below count: Int) -> Int {
    let count = UInt64(count)
    let limit = UInt64.max - UInt64.max % count
    var drawn = next()
    while drawn >= limit { drawn = next() }
    return Int(drawn % count)
  }

  /// A random order by Fisher and Yates; the standard library's may change between versions.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, index(below: last + 1))
    }
    return elements
  }
}
