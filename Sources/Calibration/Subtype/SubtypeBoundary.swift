import Statistics

/// Where, for a given uncertainty, the set of subtypes changes.
public struct SubtypeBoundary: Sendable, Equatable {
  /// The measured value at which it changes, percent.
  public let percent: Double
  /// The set beyond it.
  public let beyond: [Subtype]

  func words(from value: MeasuredValue) -> String {
    let away = abs(percent - value.percent)
    let side = percent < value.percent ? "below" : "above"
    let names = beyond.isEmpty ? "none" : beyond.map(\.rawValue).joined(separator: ", ")
    let place = "\(decimals(away)) percentage points \(side), at \(decimals(percent)) %"
    guard value.standardUncertainty > 0 else { return "\(names), \(place)" }
    let units = decimals(away / value.standardUncertainty, 1)
    return "\(names), \(units) standard uncertainties away (\(place))"
  }
}

/// A stretch of measured values with one set of subtypes.
public struct SubtypeStretch: Sendable, Equatable {
  /// Percent.
  public let range: ClosedRange<Double>
  public let set: [Subtype]
}

extension SubtypeModel {
  /// The nearest measured value within the training range that has another set of subtypes at the
  /// same uncertainty; nil where there is none.
  public func nearestBoundary(to value: MeasuredValue, background: Double? = nil)
    -> SubtypeBoundary?
  {
    let stretches = stretches(
      standardUncertainty: value.standardUncertainty, background: background)
    guard let own = set(value, background: background) else { return nil }
    let others = stretches.filter { $0.set != own }.map { stretch in
      SubtypeBoundary(
        percent: min(max(value.percent, stretch.range.lowerBound), stretch.range.upperBound),
        beyond: stretch.set)
    }
    return others.min { abs($0.percent - value.percent) < abs($1.percent - value.percent) }
  }

  /// The training range cut where the set of subtypes changes, at one standard uncertainty
  /// (percentage points). Changes are found on 300 steps and narrowed to 0.001 points; a stretch
  /// shorter than a step can be missed.
  public func stretches(standardUncertainty: Double, background: Double? = nil)
    -> [SubtypeStretch]
  {
    func set(_ percent: Double) -> [Subtype] {
      self.set(
        MeasuredValue(percent: percent, standardUncertainty: standardUncertainty),
        background: background) ?? []
    }
    let low =
      standardUncertainty > 0 ? trainingRange.lowerBound : max(trainingRange.lowerBound, 0)
    let step = (trainingRange.upperBound - low) / 300
    var stretches: [SubtypeStretch] = []
    var start = low
    var current = set(low)
    for index in 1...300 {
      let place = low + step * Double(index)
      let next = set(place)
      guard next != current else { continue }
      var (before, after) = (place - step, place)
      while after - before > 0.001 {
        let middle = (before + after) / 2
        if set(middle) == current { before = middle } else { after = middle }
      }
      stretches.append(SubtypeStretch(range: start...before, set: current))
      (start, current) = (after, set(after))
    }
    stretches.append(SubtypeStretch(range: start...max(start, low + 300 * step), set: current))
    return stretches
  }
}
