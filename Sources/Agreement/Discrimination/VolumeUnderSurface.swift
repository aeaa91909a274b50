import Statistics

/// The volume under the ROC surface of three ordered classes: how probable it is that one value of
/// each class come in the classes' order (Scurfield 1996; Nakas and Yiannoutsos, Stat Med
/// 2004;23:3437). Chance gives 1/6. A tie of two counts 1/2, of three 1/6.
public enum VolumeUnderSurface {
  /// Left out where a class is empty or there are not three.
  ///
  /// The variance is that of a U-statistic of three samples. Sorted samples and running sums make
  /// it n log n rather than n^3.
  public static func figure(
    _ sample: ClassedValues, direction: Direction, level: Double = 0.95
  ) -> Figure<Estimate> {
    guard sample.classes.count == 3 else {
      return .leftOut("the volume under the surface is defined for three classes")
    }
    if let empty = sample.emptyClass { return .leftOut("no participant has tissue \(empty)") }
    let values = sample.rising(direction)
    let turned = values.reversed().map { $0.reversed().map { -$0 } }
    let (low, middle, high) = (values[0], values[1], values[2])
    let lows = first(low, middle, high)
    let highs = first(turned[0], turned[1], turned[2])
    let scale = 1 / (Double(low.count) * Double(high.count))
    let middles = middle.map { value -> Double in
      let (a, b) = (Placement(value, in: low), Placement(value, in: high))
      let (less, same) = (Double(a.below), Double(a.equal))
      let (tied, more) = (Double(b.equal), Double(high.count - b.below - b.equal))
      return scale * (less * more + (same * more + less * tied) / 2 + same * tied / 6)
    }
    return .value(
      LogitInterval.estimate(
        Sample(middles).mean, components: [lows, middles, highs], method: .volume,
        level: level))
  }

  /// Of each value of the first sample the share of pairs of the others that come after it in order.
  private static func first(_ low: [Double], _ middle: [Double], _ high: [Double]) -> [Double] {
    // What a value of the middle sample adds to a lower value, and to one that equals it.
    var (sums, ties) = ([0.0], [0.0])
    for value in middle {
      let place = Placement(value, in: high)
      let more = Double(high.count - place.below - place.equal)
      sums.append(sums[sums.count - 1] + more + Double(place.equal) / 2)
      ties.append(ties[ties.count - 1] + more / 2 + Double(place.equal) / 6)
    }
    let scale = 1 / (Double(middle.count) * Double(high.count))
    return low.map { value in
      let place = Placement(value, in: middle)
      let (start, end) = (place.below, place.below + place.equal)
      return scale * (sums[middle.count] - sums[end] + ties[end] - ties[start])
    }
  }
}

extension Method {
  public static let volume = Method(
    "variance of a U-statistic of three samples, interval on the logit scale",
    reference: "Nakas CT, Yiannoutsos CT. Stat Med 2004;23:3437-3449")
}
