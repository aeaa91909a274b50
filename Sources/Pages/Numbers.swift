/// A number for a page: a fixed count of decimals, a true minus sign, "–" where there is none.
public func number(_ value: Double?, _ decimals: Int) -> String {
  guard let value, value.isFinite, abs(value) < 1e15 else { return "–" }
  return plain(value, decimals, minus: "\u{2212}")
}

/// A number for source: a coordinate in an SVG path.
func coordinate(_ value: Double) -> String {
  var text = plain(value, 2, minus: "-")
  while text.last == "0" { text.removeLast() }
  if text.last == "." { text.removeLast() }
  return text
}

private func plain(_ value: Double, _ decimals: Int, minus: String) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (abs(value) * scale).rounded()
  guard rounded < 1e18 else { return minus }
  let sign = value < 0 && rounded > 0 ? minus : ""
  let digits = String(Int(rounded))
  guard decimals > 0 else { return sign + digits }
  let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
  return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
}
