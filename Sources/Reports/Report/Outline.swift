/// The edges of a set of pixels, as a path along their borders.
package enum Outline {
  /// - Parameters:
  ///   - pixels: column and row of each.
  ///   - edge: size of a pixel in the path's units; pixel (0, 0) begins at the origin.
  /// - Returns: SVG path data of straight runs; "" for no pixel.
  package static func path(_ pixels: [SIMD2<Int>], edge: SIMD2<Double>) -> String {
    let inside = Set(pixels)
    // Where the pixel above or left is on the other side, an edge runs along the top or left.
    var tops: [Int: [Int]] = [:]
    var lefts: [Int: [Int]] = [:]
    for pixel in pixels {
      if !inside.contains(pixel &- SIMD2(0, 1)) { tops[pixel.y, default: []].append(pixel.x) }
      if !inside.contains(pixel &+ SIMD2(0, 1)) { tops[pixel.y + 1, default: []].append(pixel.x) }
      if !inside.contains(pixel &- SIMD2(1, 0)) { lefts[pixel.x, default: []].append(pixel.y) }
      if !inside.contains(pixel &+ SIMD2(1, 0)) { lefts[pixel.x + 1, default: []].append(pixel.y) }
    }
    var path = ""
    for (y, columns) in tops.sorted(by: { $0.key < $1.key }) {
      for run in runs(columns) {
        path +=
          "M\(short(Double(run.lowerBound) * edge.x)) \(short(Double(y) * edge.y))"
          + "H\(short(Double(run.upperBound) * edge.x))"
      }
    }
    for (x, rows) in lefts.sorted(by: { $0.key < $1.key }) {
      for run in runs(rows) {
        path +=
          "M\(short(Double(x) * edge.x)) \(short(Double(run.lowerBound) * edge.y))"
          + "V\(short(Double(run.upperBound) * edge.y))"
      }
    }
    return path
  }

  /// Neighbouring places as one range.
  private static func runs(_ places: [Int]) -> [Range<Int>] {
    var out: [Range<Int>] = []
    for place in places.sorted() {
      if let last = out.last, last.upperBound == place {
        out[out.count - 1] = last.lowerBound..<(place + 1)
      } else {
        out.append(place..<(place + 1))
      }
    }
    return out
  }
}

/// A length for SVG: up to three decimals.
func short(_ value: Double) -> String {
  let text = fixed(value, 3)
  guard text.contains(".") else { return text }
  var digits = Substring(text)
  while digits.last == "0" { digits.removeLast() }
  if digits.last == "." { digits.removeLast() }
  return String(digits)
}
