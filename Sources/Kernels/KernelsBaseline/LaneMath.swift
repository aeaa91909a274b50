import CLanes
import KernelTypes

/// a * b + c, fused where the instruction set fuses.
@_transparent
func madd(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes { clanes_madd(a, b, c) }

/// c - a * b.
@_transparent
func msub(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes { clanes_msub(a, b, c) }

/// -a by its sign bits: the library's is a subtraction from zero, which no multiply-add takes in.
@_transparent
func negated(_ a: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(a, to: SIMD16<Int32>.self) ^ SIMD16<Int32>(repeating: .min), to: Lanes.self)
}

/// Nearest integer of |x| < 2^22: adding 1.5 * 2^23 leaves no bits below one.
@_transparent
func nearestInteger(_ x: Lanes) -> Lanes { rounding(x) - 12_582_912 }

/// A number whose lowest bits are those of the nearest integer of |x| < 2^22.
@_transparent
private func rounding(_ x: Lanes) -> Lanes { x + Lanes(repeating: 12_582_912) }

typealias LaneMask = SIMDMask<SIMD16<Int32>>

/// a where the mask is set, b elsewhere. By bits, which compilers make one instruction of: the library's
/// `replacing` is a loop over lanes.
@_transparent
func choose(_ mask: LaneMask, _ a: Lanes, _ b: Lanes) -> Lanes {
  let (x, y) = (
    unsafeBitCast(a, to: SIMD16<Int32>.self), unsafeBitCast(b, to: SIMD16<Int32>.self)
  )
  return unsafeBitCast(
    y ^ ((x ^ y) & unsafeBitCast(mask, to: SIMD16<Int32>.self)), to: Lanes.self)
}

/// Whether a mask is set in all lanes.
@_transparent
func isSetEverywhere(_ mask: LaneMask) -> Bool {
  unsafeBitCast(mask, to: SIMD16<Int32>.self).max() < 0
}

/// The lesser of two, b where a is no number.
@_transparent
func lesser(_ a: Lanes, _ b: Lanes) -> Lanes { clanes_lesser(a, b) }

/// The greater of two, b where a is no number.
@_transparent
func greater(_ a: Lanes, _ b: Lanes) -> Lanes { clanes_greater(a, b) }

/// Loads sixteen floats. Written out, since the library's unaligned load stays a call in long functions;
/// compilers make one load of it.
@_transparent
func load(_ p: UnsafePointer<Float>) -> Lanes {
  Lanes(
    p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14],
    p[15])
}

/// Stores sixteen floats.
@_transparent
func store(_ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: lanes, as: Lanes.self)
}

/// exp(i pi x / 2) for x in quarter turns.
///
/// x is reduced to the nearest quarter turn; on the rest, at most pi/4, Taylor polynomials of
/// degree 9 (sine) and 8 (cosine) err by less than 3e-7.
@_transparent
func unitCircle(quarters: Lanes) -> (cosine: Lanes, sine: Lanes) {
  let rounded = rounding(quarters)
  let r = (quarters - (rounded - 12_582_912)) * Float(1.570_796_326_794_897)
  let r2 = r * r
  var s = madd(Lanes(repeating: 2.755_731_9e-6), r2, Lanes(repeating: -1.984_127e-4))
  s = madd(s, r2, Lanes(repeating: 8.333_333e-3))
  s = madd(s, r2, Lanes(repeating: -1.666_666_7e-1))
  s = madd(s * r2, r, r)
  var c = madd(Lanes(repeating: 2.480_158_7e-5), r2, Lanes(repeating: -1.388_888_9e-3))
  c = madd(c, r2, Lanes(repeating: 4.166_666_6e-2))
  c = madd(c, r2, Lanes(repeating: -0.5))
  c = madd(c, r2, Lanes(repeating: 1))
  // Quarter turns: 0 (c, s), 1 (-s, c), 2 (-c, -s), 3 (s, -c). By bits: comparisons of integers become
  // loops over the lanes.
  let turn = unsafeBitCast(rounded, to: SIMD16<Int32>.self)
  let (one, two) = (SIMD16<Int32>(repeating: 1), SIMD16<Int32>(repeating: 2))
  let odd = SIMD16<Int32>() &- (turn & one)
  let (cosine, sine) = (
    unsafeBitCast(c, to: SIMD16<Int32>.self), unsafeBitCast(s, to: SIMD16<Int32>.self)
  )
  let exchange = (cosine ^ sine) & odd
  let shift = SIMD16<Int32>(repeating: 30)
  return (
    unsafeBitCast(cosine ^ exchange ^ (((turn &+ one) & two) &<< shift), to: Lanes.self),
    unsafeBitCast(sine ^ exchange ^ ((turn & two) &<< shift), to: Lanes.self)
  )
}

/// exp(x), relative error below 3e-7; beyond -80 and 80 it is that of these.
@_transparent
func exponential(_ x: Lanes) -> Lanes {
  let bounded = lesser(greater(x, Lanes(repeating: -80)), Lanes(repeating: 80))
  let rounded = rounding(bounded * Float(1.442_695_040_888_963))
  let n = rounded - 12_582_912
  var r = msub(n, Lanes(repeating: 0.693_359_375), bounded)
  r = msub(n, Lanes(repeating: -2.121_944_4e-4), r)
  var p = madd(Lanes(repeating: 1.388_888_9e-3), r, Lanes(repeating: 8.333_333e-3))
  p = madd(p, r, Lanes(repeating: 4.166_666_6e-2))
  p = madd(p, r, Lanes(repeating: 1.666_666_7e-1))
  p = madd(p, r, Lanes(repeating: 0.5))
  p = madd(p, r, Lanes(repeating: 1))
  p = madd(p, r, Lanes(repeating: 1))
  // p, near 1, times 2^n: n goes into the bits of its exponent, and nothing else of `rounded` does.
  let exponent = unsafeBitCast(rounded, to: SIMD16<Int32>.self) &<< SIMD16<Int32>(repeating: 23)
  return unsafeBitCast(unsafeBitCast(p, to: SIMD16<Int32>.self) &+ exponent, to: Lanes.self)
}

/// ln x for normal x > 0, absolute error below 3e-7 |ln x| + 1e-7.
///
/// x = m 2^e with m in [sqrt(1/2), sqrt(2)); with t = (m - 1) / (m + 1),
/// ln m = 2 (t + t^3 / 3 + t^5 / 5 + ...), |t| < 0.172: the term t^9 / 9 is the last above 1e-8.
@_transparent
func logarithm(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: SIMD16<Int32>.self)
  // 0x3F3504F3 is sqrt(1/2): its exponent is taken off, so that m starts there.
  let shifted = bits &- SIMD16<Int32>(repeating: 0x3F35_04F3)
  let exponent = shifted &>> SIMD16<Int32>(repeating: 23)
  let m = unsafeBitCast(bits &- (exponent &<< SIMD16<Int32>(repeating: 23)), to: Lanes.self)
  // A whole number below 2^22 as a float: in the low bits of 1.5 * 2^23.
  let e =
    unsafeBitCast(exponent &+ SIMD16<Int32>(repeating: 0x4B40_0000), to: Lanes.self)
    - Lanes(repeating: 12_582_912)
  let t = (m - 1) / (m + 1)
  let t2 = t * t
  var p = madd(Lanes(repeating: 0.111_111_11), t2, Lanes(repeating: 0.142_857_14))
  p = madd(p, t2, Lanes(repeating: 0.2))
  p = madd(p, t2, Lanes(repeating: 0.333_333_33))
  p = madd(p, t2, Lanes(repeating: 1))
  return madd(e, Lanes(repeating: 0.693_147_18), p * t * 2)
}

/// The square root of x >= 0, relative error below 2e-7: Newton's steps for 1 / sqrt(x) from its
/// exponent halved, and one of Heron's. The standard library's is one call a lane.
@_transparent
func squareRoot(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: SIMD16<Int32>.self)
  var y = unsafeBitCast(
    SIMD16<Int32>(repeating: 0x5F37_59DF) &- (bits &>> SIMD16<Int32>(repeating: 1)), to: Lanes.self)
  let half = x * Float(0.5)
  for _ in 0..<3 { y = y * msub(half * y, y, Lanes(repeating: 1.5)) }
  let root = x * y
  return madd(y * Float(0.5), msub(root, root, x), root)
}
