/// Why a voxel's value is missing or must be read with care: the bits of `quality.nii.gz`.
public struct Quality: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Signal below the noise threshold: every map is NaN here.
  public static let background = Quality(rawValue: 1 << 0)
  /// An input value is NaN or infinite: every map is NaN here.
  public static let nonFinite = Quality(rawValue: 1 << 1)
  /// Outside the mask given by `--within`: every map is NaN here.
  public static let outsideRegion = Quality(rawValue: 1 << 2)
  /// The fit did not converge.
  public static let notConverged = Quality(rawValue: 1 << 3)
  /// R2* lies at its bound.
  public static let r2starAtBound = Quality(rawValue: 1 << 4)
  /// Water and fat differ in phase at TE = 0 by more than noise explains; PDFF is then
  /// |F| / (|W| + |F|).
  public static let phasesDiffer = Quality(rawValue: 1 << 5)
  /// The bound on the standard deviation of PDFF is so large that no number can be trusted.
  public static let unmeasurable = Quality(rawValue: 1 << 6)
  /// Fat and water may be exchanged.
  public static let swapSuspected = Quality(rawValue: 1 << 7)
  /// The data do not decide between water-rich and fat-rich.
  public static let ambiguous = Quality(rawValue: 1 << 8)
  /// The residual is larger than noise and a usual model error explain.
  public static let poorFit = Quality(rawValue: 1 << 9)
  /// A given map's value lies outside its scale.
  public static let outOfScale = Quality(rawValue: 1 << 10)
  /// The method cannot see above 50 % fat.
  public static let limitedRange = Quality(rawValue: 1 << 11)

  /// Every bit, its short name (exclusion reasons, JSON keys) and its meaning in words.
  public static let catalogue: [(bit: Quality, name: String, meaning: String)] = [
    (.background, "background", "signal below the noise threshold"),
    (.nonFinite, "non-finite", "an input value is NaN or infinite"),
    (.outsideRegion, "outside-region", "outside the mask given by --within"),
    (.notConverged, "not-converged", "the fit did not converge"),
    (.r2starAtBound, "r2star-at-bound", "R2* lies at its bound"),
    (
      .phasesDiffer, "phases-differ",
      "water and fat differ in phase at TE = 0; PDFF is |F|/(|W|+|F|)"
    ),
    (.unmeasurable, "unmeasurable", "PDFF cannot be measured here: its bound is too large"),
    (.swapSuspected, "swap-suspected", "fat and water may be exchanged"),
    (.ambiguous, "ambiguous", "the data do not decide between water-rich and fat-rich"),
    (.poorFit, "poor-fit", "the residual is larger than noise explains"),
    (.outOfScale, "out-of-scale", "the given map's value lies outside its scale"),
    (.limitedRange, "limited-range", "the method cannot see above 50 % fat"),
  ]
}
