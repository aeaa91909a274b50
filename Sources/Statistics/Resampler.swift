/// Draws bootstrap samples: each is as large as the original and drawn from it with replacement.
public struct Resampler: Sendable {
  private var random: SeededRandom
  private var spare: UInt64 = 0
  private var hasSpare = false

  public init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Uniform in 0..<count, exact: 32 random bits times `count`, of which the upper half is the index;
  /// the few lower halves that would favour an index are drawn again (Lemire 2019,
  /// 10.1145/3230636). Two indices come from one 64-bit number.
  ///
  /// - Parameter count: 1 or more.
  @inline(__always)
  private mutating func index(below count: UInt32) -> Int {
    while true {
      let product = UInt64(nextHalf()) &* UInt64(count)
      let low = UInt32(truncatingIfNeeded: product)
      if low >= count || low >= (0 &- count) % count { return Int(product >> 32) }
    }
  }

  @inline(__always)
  private mutating func nextHalf() -> UInt32 {
    if hasSpare {
      hasSpare = false
      return UInt32(truncatingIfNeeded: spare >> 32)
    }
    spare = random.next()
    hasSpare = true
    return UInt32(truncatingIfNeeded: spare)
  }

  /// How often each kind is drawn, where `members` holds the kind of each participant.
  ///
  /// - Parameters:
  ///   - members: kinds, 0..<counts.count; not empty, fewer than 2^32.
  ///   - counts: overwritten.
  public mutating func draw(_ members: [UInt8], into counts: UnsafeMutableBufferPointer<Double>) {
    counts.update(repeating: 0)
    let count = UInt32(members.count)
    members.withUnsafeBufferPointer { members in
      for _ in 0..<count { counts[Int(members[index(below: count)])] += 1 }
    }
  }
}
