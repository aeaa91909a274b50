import Volumes

/// Why a voxel of a region was left out: the keys of `excluded` in `measurement.json`.
///
/// A voxel has one reason, the first that holds in this order: eroded; no value (by the quality bit
/// that explains it); a quality bit that was asked to exclude, in the catalogue's order; R2*.
public enum ExclusionReason: String, CaseIterable, Hashable, Sendable {
  case eroded
  case background
  case nonFinite = "non-finite"
  case outsideRegion = "outside-region"
  case notConverged = "not-converged"
  case r2starAtBound = "r2star-at-bound"
  case phasesDiffer = "phases-differ"
  case unmeasurable
  case swapSuspected = "swap-suspected"
  case ambiguous
  case poorFit = "poor-fit"
  case outOfScale = "out-of-scale"
  case limitedRange = "limited-range"
  case noValue = "no-value"
  case r2starUnknown = "r2star-unknown"
  case r2starAboveLimit = "r2star-above-limit"

  /// In words: the row of `docs/errors.md`.
  public var summary: String {
    switch self {
    case .eroded: "within --erode-mm of the region's edge"
    case .noValue: "no PDFF value, and no quality bit says why"
    case .r2starUnknown: "no R2* value, where R2* decides"
    case .r2starAboveLimit: "R2* above --r2star-limit-per-s"
    default: Quality.catalogue.first { $0.name == rawValue }?.meaning ?? rawValue
    }
  }

  /// Bits that can explain a missing value, the most certain first. Others, such as a method's
  /// limited range, do not.
  private static let explanations: [(bit: Quality, reason: ExclusionReason)] = [
    (.background, .background), (.nonFinite, .nonFinite), (.outsideRegion, .outsideRegion),
    (.outOfScale, .outOfScale), (.unmeasurable, .unmeasurable), (.notConverged, .notConverged),
    (.ambiguous, .ambiguous), (.swapSuspected, .swapSuspected), (.poorFit, .poorFit),
    (.r2starAtBound, .r2starAtBound),
  ]

  /// Why a voxel has no PDFF.
  static func ofMissingValue(_ quality: Quality) -> ExclusionReason {
    explanations.first { quality.contains($0.bit) }?.reason ?? .noValue
  }

  /// The first bit of the catalogue that `quality` and `excluded` share.
  static func ofQuality(_ quality: Quality, excluded: Quality) -> ExclusionReason? {
    let common = quality.intersection(excluded)
    guard !common.isEmpty else { return nil }
    return Quality.catalogue.first { common.contains($0.bit) }.flatMap { Self(rawValue: $0.name) }
  }
}
