import Statistics

/// The receiver operating characteristic of one cut through the order of the classes.
public struct ROCCurve: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    /// Values on the positives' side of it, or on it, are called positive; infinite where none is.
    public let threshold: Double
    public let falsePositiveRate: Double
    public let truePositiveRate: Double
  }

  /// Classes before and after the cut, "F1 | F2, F3".
  public let name: String
  public let negatives: Int
  public let positives: Int
  /// From (0, 0) to (1, 1), one point for each value that occurs.
  public let points: [Point]
  /// Area under the curve, ties by half, with DeLong's variance. The interval is on the logit scale;
  /// value +- 1.96 `standardError` is DeLong's own.
  public let area: Estimate

  /// - Parameter cut: 1..<classes.count; classes from there on are the positives.
  public static func figure(
    _ sample: ClassedValues, cut: Int, direction: Direction, level: Double = 0.95
  ) -> Figure<ROCCurve> {
    let (low, high) = (sample.classes[..<cut], sample.classes[cut...])
    let values = sample.rising(direction)
    let negatives = values[..<cut].flatMap { $0 }.sorted()
    let positives = values[cut...].flatMap { $0 }.sorted()
    if negatives.isEmpty { return .leftOut(nobody(low)) }
    if positives.isEmpty { return .leftOut(nobody(high)) }
    let above = positives.map { Placement($0, in: negatives).rank / Double(negatives.count) }
    let below = negatives.map {
      1 - Placement($0, in: positives).rank / Double(positives.count)
    }
    let area = LogitInterval.estimate(
      Sample(above).mean, components: [below, above], method: .deLong, level: level)
    return .value(
      ROCCurve(
        name: "\(low.joined(separator: ", ")) | \(high.joined(separator: ", "))",
        negatives: negatives.count, positives: positives.count,
        points: points(negatives, positives, direction), area: area))
  }

  private static func nobody(_ classes: ArraySlice<String>) -> String {
    "no participant has tissue \(classes.joined(separator: " or "))"
  }

  private static func points(_ negatives: [Double], _ positives: [Double], _ direction: Direction)
    -> [Point]
  {
    let sign: Double = direction == .rises ? 1 : -1
    var points = [
      Point(threshold: sign * .infinity, falsePositiveRate: 0, truePositiveRate: 0)
    ]
    for threshold in Set(negatives + positives).sorted(by: >) {
      func share(_ sorted: [Double]) -> Double {
        Double(sorted.count - Placement(threshold, in: sorted).below) / Double(sorted.count)
      }
      points.append(
        Point(
          threshold: sign * threshold, falsePositiveRate: share(negatives),
          truePositiveRate: share(positives)))
    }
    return points
  }
}

extension Method {
  public static let deLong = Method(
    "DeLong's variance, interval on the logit scale",
    reference: "DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845; "
      + "Qin G, Hotilovac L. Stat Methods Med Res 2008;17:207-221")
}
