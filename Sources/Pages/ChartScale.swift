import Foundation

/// From an axis's unit to places on the drawing, and where its ticks stand.
package struct ChartScale {
  let range: ClosedRange<Double>
  private let isLogarithmic: Bool
  /// Where the range's lower and upper end lie.
  private let ends: (low: Double, high: Double)

  /// - Parameter values: those of the marks; they count where the axis names no range.
  package init(_ axis: Axis, values: [Double], low: Double, high: Double) {
    isLogarithmic = axis.scale == .logarithmic
    let usable = values.filter { $0.isFinite && (axis.scale == .linear || $0 > 0) }
    var range = axis.range ?? (usable.min() ?? 0)...(usable.max() ?? 1)
    if isLogarithmic, range.lowerBound <= 0 { range = 1e-3...max(range.upperBound, 1) }
    if axis.range == nil, !isLogarithmic {
      let margin = 0.04 * (range.upperBound - range.lowerBound)
      // What begins at zero keeps it: bars stand on it, times start there.
      let floor = range.lowerBound == 0 ? 0 : range.lowerBound - margin
      range = floor...(range.upperBound + margin)
    }
    if !(range.upperBound > range.lowerBound) {
      let middle = range.lowerBound
      let half = isLogarithmic ? middle / 2 : max(abs(middle) * 0.1, 0.5)
      range = (middle - half)...(middle + half)
    }
    self.range = range
    ends = axis.isReversed ? (high, low) : (low, high)
  }

  /// The place of a value, also beyond the range; nil where it has none.
  package func place(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let share =
      isLogarithmic
      ? log(value / range.lowerBound) / log(range.upperBound / range.lowerBound)
      : (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    // Far outside nothing is seen, and numbers stay small.
    return ends.low + min(max(share, -20), 21) * (ends.high - ends.low)
  }

  package func holds(_ value: Double) -> Bool {
    let slack = 1e-9 * (range.upperBound - range.lowerBound)
    return value >= range.lowerBound - slack && value <= range.upperBound + slack
  }

  /// Round numbers with their labels: steps of 1, 2 or 5 times a power of ten, at most `most`.
  package func ticks(_ kind: Axis.Ticks, most: Int) -> [(place: Double, label: String)] {
    switch kind {
    case .none: []
    case .at(let ticks): ticks.filter { holds($0.place) }
    case .automatic where isLogarithmic: logarithmicTicks(most: most)
    case .automatic: linearTicks(most: most)
    }
  }

  private func linearTicks(most: Int) -> [(place: Double, label: String)] {
    let rough = (range.upperBound - range.lowerBound) / Double(max(most, 2))
    let power = pow(10, floor(log10(rough)))
    let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
    let decimals = max(0, Int(-floor(log10(step) + 1e-9)))
    let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((range.upperBound / step + 1e-9).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { (Double($0) * step, number(Double($0) * step, min(decimals, 9))) }
  }

  private func logarithmicTicks(most: Int) -> [(place: Double, label: String)] {
    let decades = Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound)))
    for factors in [[1.0, 2, 5], [1.0]] {
      let places = decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
        .filter(holds)
      if places.count <= most || factors.count == 1 {
        return places.map { ($0, number($0, max(0, Int(-floor(log10($0) + 1e-9))))) }
      }
    }
    return []
  }
}
