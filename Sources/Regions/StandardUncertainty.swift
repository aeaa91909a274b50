import Volumes

/// The standard uncertainty of a region's mean or median, with its parts; each in the value's own
/// scale, nil where it is not known or not used.
public struct StandardUncertainty: Sendable, Hashable {
  /// From the voxels' noise and its correlation.
  public var noise: FatFraction?
  /// From another reader's contour.
  public var redrawing: FatFraction?
  /// From the scanner's calibration; nil where nothing was calibrated.
  public var ledger: FatFraction?
  /// Within-subject standard deviation of a stated repeatability coefficient. It contains noise and
  /// re-drawing already, and stands for both.
  public var repeatability: FatFraction?
  /// From the T1 weighting that was not corrected; nil where flip angle, repetition time or field are
  /// not known.
  public var t1: FatFraction?

  public init(
    noise: FatFraction? = nil, redrawing: FatFraction? = nil, ledger: FatFraction? = nil,
    repeatability: FatFraction? = nil, t1: FatFraction? = nil
  ) {
    self.noise = noise
    self.redrawing = redrawing
    self.ledger = ledger
    self.repeatability = repeatability
    self.t1 = t1
  }

  /// The parts that are used, added in squares: repeatability or else noise and re-drawing, the ledger
  /// and T1. nil where one that is needed is not known.
  public var total: FatFraction? {
    let measuring: [FatFraction?] = repeatability.map { [$0] } ?? [noise, redrawing]
    guard measuring.allSatisfy({ $0 != nil }) else { return nil }
    let squares = (measuring + [ledger, t1]).compactMap { $0?.value }.map { $0 * $0 }
    return FatFraction(squares.reduce(0, +).squareRoot())
  }
}

/// The standard uncertainties of a region's mean and median.
public struct RegionUncertainty: Sendable, Hashable {
  public var mean: StandardUncertainty
  public var median: StandardUncertainty

  public init(mean: StandardUncertainty, median: StandardUncertainty) {
    self.mean = mean
    self.median = median
  }

  /// Nothing is known.
  public static let unknown = RegionUncertainty(
    mean: StandardUncertainty(), median: StandardUncertainty())
}

/// A repeatability coefficient: two measurements of one subject differ by less in 95 % of pairs.
///
///     RC = 1.96 sqrt(2) s_w = 2.77 s_w
public struct RepeatabilityCoefficient: Sendable, Hashable {
  public let value: FatFraction

  public init(_ value: FatFraction) { self.value = value }

  /// s_w, the standard deviation within a subject.
  public var withinSubject: FatFraction { FatFraction(value.value / 2.77) }
}
