import KernelTypes

/// Sixteen complex numbers.
struct Complex {
  var re = Lanes()
  var im = Lanes()

  @_transparent
  var square: Lanes { madd(re, re, im * im) }

  @_transparent
  static func * (a: Complex, b: Complex) -> Complex {
    Complex(re: msub(a.im, b.im, a.re * b.re), im: madd(a.re, b.im, a.im * b.re))
  }

  /// a b + c, with -Im b at hand.
  @_transparent
  func times(_ b: Complex, _ opposite: Lanes, _ c: Complex) -> Complex {
    Complex(
      re: madd(re, b.re, madd(im, opposite, c.re)), im: madd(im, b.re, madd(re, b.im, c.im)))
  }

  /// a conj(b).
  @_transparent
  func timesConjugate(_ b: Complex) -> Complex {
    Complex(re: madd(b.re, re, b.im * im), im: msub(b.im, re, b.re * im))
  }

  /// Adds a number times another.
  @_transparent
  mutating func add(_ other: Complex, _ factor: Float) {
    re = madd(other.re, Lanes(repeating: factor), re)
    im = madd(other.im, Lanes(repeating: factor), im)
  }

  /// Takes another where the mask is not set.
  @_transparent
  mutating func keep(_ mask: LaneMask, _ other: Complex) {
    re = choose(mask, re, other.re)
    im = choose(mask, im, other.im)
  }

  /// Re(conj(a) b), plus a number.
  @_transparent
  func dot(_ b: Complex, _ more: Lanes = Lanes()) -> Lanes {
    madd(re, b.re, madd(im, b.im, more))
  }

  /// A number less Re(conj(a) b).
  @_transparent
  func without(_ b: Complex, _ more: Lanes) -> Lanes {
    msub(re, b.re, msub(im, b.im, more))
  }

  /// Im(conj(a) b), plus a number.
  @_transparent
  func across(_ b: Complex, _ more: Lanes = Lanes()) -> Lanes {
    msub(im, b.re, madd(re, b.im, more))
  }
}

/// A Hermitian matrix of water and fat, (w, c; conj(c), f).
struct Gram {
  var w = Lanes()
  var f = Lanes()
  var c = Complex()

  init() {}

  /// Four numbers w, Re c, Im c, f, the same in all lanes.
  @_transparent
  init(_ m: UnsafePointer<Float>) {
    w = Lanes(repeating: m[0])
    c = Complex(re: Lanes(repeating: m[1]), im: Lanes(repeating: m[2]))
    f = Lanes(repeating: m[3])
  }

  /// Adds such numbers with a weight.
  @_transparent
  mutating func add(_ weight: Lanes, _ m: UnsafePointer<Float>) {
    w = madd(Lanes(repeating: m[0]), weight, w)
    c.re = madd(Lanes(repeating: m[1]), weight, c.re)
    c.im = madd(Lanes(repeating: m[2]), weight, c.im)
    f = madd(Lanes(repeating: m[3]), weight, f)
  }

  /// A step of Horner's rule: times rho, plus such numbers.
  @_transparent
  mutating func raise(_ rho: Lanes, _ m: UnsafePointer<Float>) {
    w = madd(w, rho, Lanes(repeating: m[0]))
    c.re = madd(c.re, rho, Lanes(repeating: m[1]))
    c.im = madd(c.im, rho, Lanes(repeating: m[2]))
    f = madd(f, rho, Lanes(repeating: m[3]))
  }

  /// The determinant cancels; what is left of it is bounded from below.
  @_transparent
  var inverse: Gram {
    let product = w * f
    let determinant = msub(c.im, c.im, msub(c.re, c.re, product))
    let factor =
      1 / greater(determinant, madd(product, Lanes(repeating: 1e-6), Lanes(repeating: 1e-30)))
    let opposite = negated(factor)
    var result = Gram()
    result.w = f * factor
    result.f = w * factor
    result.c = Complex(re: c.re * opposite, im: c.im * opposite)
    return result
  }

  @_transparent
  func times(_ a: Complex, _ b: Complex) -> (Complex, Complex) {
    (
      Complex(
        re: madd(w, a.re, msub(c.im, b.im, c.re * b.re)),
        im: madd(w, a.im, madd(c.im, b.re, c.re * b.im))),
      Complex(
        re: madd(f, b.re, madd(c.im, a.im, c.re * a.re)),
        im: madd(f, b.im, msub(c.im, a.re, c.re * a.im)))
    )
  }
}
