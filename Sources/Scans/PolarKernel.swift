/// Turns magnitude and phase into real and imaginary parts, in place.
///
///     re = m cos(phi),  im = m sin(phi)
///
/// The angle is counted in quarter turns q = k + r, k whole and |r| <= 1/2: reduction is then one
/// exact subtraction, and what is left lies within +-pi/4. There the Taylor polynomials of degree
/// 9 (sine) and 8 (cosine) leave x^11/11! < 1.8e-9 and x^10/10! < 2.5e-8, below half an ulp of the
/// results they stand for.
package enum PolarKernel {
  private typealias Lane = SIMD8<Float>
  private typealias Bits = SIMD8<UInt32>

  /// Adding it to a float rounds to a whole number, whose low bits are then the significand's.
  private static let magic: Float = 12_582_912  // 1.5 * 2^23

  /// - Parameters:
  ///   - real: magnitudes on entry, real parts on return; arbitrary units.
  ///   - imaginary: phase values on entry, imaginary parts on return.
  ///   - quarterTurns: quarter turns for one unit of the phase values.
  package static func combine(
    real: UnsafeMutableBufferPointer<Float>, imaginary: UnsafeMutableBufferPointer<Float>,
    quarterTurns: Float
  ) {
    let count = min(real.count, imaginary.count)
    guard let re = real.baseAddress, let im = imaginary.baseAddress else { return }
    let whole = count & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      let place = index * MemoryLayout<Float>.stride
      let (cosine, sine) = rotation(
        UnsafeRawPointer(im).loadUnaligned(fromByteOffset: place, as: Lane.self) * quarterTurns)
      let magnitude = UnsafeRawPointer(re).loadUnaligned(fromByteOffset: place, as: Lane.self)
      UnsafeMutableRawPointer(re).storeBytes(
        of: magnitude * cosine, toByteOffset: place, as: Lane.self)
      UnsafeMutableRawPointer(im).storeBytes(
        of: magnitude * sine, toByteOffset: place, as: Lane.self)
    }
    for index in whole..<count {
      let (cosine, sine) = rotation(Lane(repeating: im[index] * quarterTurns))
      let magnitude = re[index]
      re[index] = magnitude * cosine[0]
      im[index] = magnitude * sine[0]
    }
  }

  /// Cosine and sine of an angle in quarter turns, |q| < 2^22; NaN where the angle is not finite.
  @inline(__always)
  private static func rotation(_ q: Lane) -> (cosine: Lane, sine: Lane) {
    let shifted = q + magic
    let k = unsafeBitCast(shifted, to: Bits.self)
    let x = (q - (shifted - magic)) * (Float.pi / 2)
    let s = x * x
    // Horner from the highest term; 1/9!, -1/7!, ... and 1/8!, -1/6!, ...
    var sine = s * (1 / 362_880) - Lane(repeating: 1 / 5040)
    sine = sine * s + Lane(repeating: 1 / 120)
    sine = sine * s - Lane(repeating: 1 / 6)
    sine = (sine * s) * x + x
    var cosine = s * (1 / 40_320) - Lane(repeating: 1 / 720)
    cosine = cosine * s + Lane(repeating: 1 / 24)
    cosine = cosine * s - Lane(repeating: 0.5)
    cosine = cosine * s + Lane(repeating: 1)
    // Odd quarters exchange the two; the second bit of k and of k + 1 are the signs.
    let odd = (k & 1) .== Bits(repeating: 1)
    let swappedSine = sine.replacing(with: cosine, where: odd)
    let swappedCosine = cosine.replacing(with: sine, where: odd)
    let sineSign = (k & 2) &<< 30
    let cosineSign = ((k &+ 1) & 2) &<< 30
    return (
      unsafeBitCast(unsafeBitCast(swappedCosine, to: Bits.self) ^ cosineSign, to: Lane.self),
      unsafeBitCast(unsafeBitCast(swappedSine, to: Bits.self) ^ sineSign, to: Lane.self)
    )
  }
}
