extension Double {
  /// The number as ECMAScript's `Number::toString` writes it, which RFC 8785 section 3.2.2.3 asks
  /// for: the shortest digits that read back to the same double, plain from 1e-6 up to but not
  /// including 1e21, with an exponent outside; minus zero is `0`. nil for NaN and infinities.
  ///
  /// Swift's own description has the same shortest digits; only their layout differs.
  var ecmaScript: String? {
    guard isFinite else { return nil }
    guard self != 0 else { return "0" }
    let (digits, point) = magnitude.shortestDigits
    return (self < 0 ? "-" : "") + Double.lay(out: digits, point: point)
  }

  /// Digits d1...dk without zeros at either end, and n such that the value is 0.d1...dk x 10^n.
  private var shortestDigits: (digits: Substring, point: Int) {
    let parts = description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let joined = whole + (mantissa.count > 1 ? mantissa[1] : "")
    let significant = joined.drop { $0 == "0" }
    let leadingZeros = joined.count - significant.count
    var trimmed = significant
    while trimmed.last == "0" { trimmed.removeLast() }
    return (trimmed, whole.count + exponent - leadingZeros)
  }

  /// The layout rules of ECMAScript's `Number::toString`, with its k and n.
  private static func lay(out digits: Substring, point n: Int) -> String {
    let k = digits.count
    if k <= n, n <= 21 { return digits + String(repeating: "0", count: n - k) }
    if 0 < n, n <= 21 { return "\(digits.prefix(n)).\(digits.dropFirst(n))" }
    if -6 < n, n <= 0 { return "0." + String(repeating: "0", count: -n) + digits }
    let fraction = k == 1 ? "" : ".\(digits.dropFirst())"
    let exponent = n - 1
    return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
  }
}
