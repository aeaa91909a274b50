import KernelTypes

/// The fractions of a run of voxels of two images, and the bits that say why one is missing.
///
/// - Parameters:
///   - range: voxels.
///   - a, b: shape (voxel).
///   - fractions, bits: out, shape (voxel).
public func divideImages(
  range: Range<Int>, a: UnsafePointer<Float>, b: UnsafePointer<Float>, plan: RatioPlan,
  fractions: UnsafeMutablePointer<Float>, bits: UnsafeMutablePointer<UInt16>
) {
  let whole = range.upperBound - range.count % laneCount
  for i in stride(from: range.lowerBound, to: whole, by: laneCount) {
    let (ratio, marks) = ratios(load(a + i), load(b + i), plan)
    store(ratio, fractions + i)
    UnsafeMutableRawPointer(bits + i).storeBytes(
      of: SIMD16<UInt16>(truncatingIfNeeded: marks), as: SIMD16<UInt16>.self)
  }
  for i in whole..<range.upperBound {
    let (ratio, marks) = ratios(Lanes(repeating: a[i]), Lanes(repeating: b[i]), plan)
    (fractions[i], bits[i]) = (ratio[0], UInt16(truncatingIfNeeded: marks[0]))
  }
}

@_transparent
private func ratios(
  _ a: Lanes, _ b: Lanes, _ plan: RatioPlan
) -> (Lanes, SIMD16<Int32>) {
  let above = madd(a, Lanes(repeating: plan.numerator.a), b * plan.numerator.b)
  let below = madd(
    a, Lanes(repeating: plan.denominator.a),
    madd(b, Lanes(repeating: plan.denominator.b), Lanes(repeating: plan.denominator.constant)))
  let ratio = above / below
  // x - x is 0 for what is finite, and equals nothing elsewhere.
  let isFinite = (a - a) .== (b - b)
  let isSignal =
    madd(a, Lanes(repeating: plan.signal.a), b * plan.signal.b) .> Lanes(repeating: plan.threshold)
  // A ratio that is no number, 0 / 0, is one as it is: only others are out of range.
  let isOutside =
    (ratio .< Lanes(repeating: plan.range.lowerBound))
    .| (ratio .> Lanes(repeating: plan.range.upperBound))
  func marked(_ mask: LaneMask, _ bit: UInt16, _ other: SIMD16<Int32>) -> SIMD16<Int32> {
    let chosen = unsafeBitCast(mask, to: SIMD16<Int32>.self)
    return other ^ ((SIMD16<Int32>(repeating: Int32(bit)) ^ other) & chosen)
  }
  var marks = marked(isOutside, plan.outOfRange, SIMD16<Int32>(repeating: Int32(plan.known)))
  marks = marked(.!isSignal, plan.background, marks)
  marks = marked(.!isFinite, plan.nonFinite, marks)
  let missing = Lanes(repeating: .nan)
  return (choose(isFinite .& isSignal .& .!isOutside, ratio, missing), marks)
}
