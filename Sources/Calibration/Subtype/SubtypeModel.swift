import Documents
import Statistics
import Volumes

/// A subtype model as it is used: read from its sealed file, and asked for calls.
public struct SubtypeModel: Sendable {
  /// How the conformal sets were made, and so what they guarantee.
  public enum Guarantee: String, Sendable, CaseIterable {
    /// One part of the cohort for the fit, the other for the sets: each class covered by 1 - alpha.
    case split
    /// Every member scored by a model fitted without it: about 1 - 2 alpha.
    case cross
  }

  public let reference: SubtypeModelReference
  /// Which statistic of the region is to be fed.
  public let statistic: FedStatistic
  /// Whether the training values had been corrected by a ledger.
  public let isCalibrated: Bool
  public let usesBackground: Bool
  /// The model whose probabilities are told.
  public let ordinal: LatentOrdinalModel
  public let guarantee: Guarantee
  public let conformal: ConformalSets
  /// The models of the conformal groups, in their order; for `split` the one model itself.
  public let groups: [LatentOrdinalModel]
  /// Measured values of the training cohort, percent.
  public let trainingRange: ClosedRange<Double>
  /// The sealed document from which it was read.
  public let document: JSONValue

  /// The set of subtypes for a value without any check, or nil where no true value explains it.
  ///
  /// - Parameter background: percent; needed where `usesBackground`.
  public func set(_ value: MeasuredValue, background: Double? = nil) -> [Subtype]? {
    guard let raw = unfilledSet(value, background: background) else { return nil }
    return ConformalSets.filled(raw).map { Subtype.allCases[$0] }
  }

  /// The set before F2 is put between F1 and F3; indices of the subtypes.
  public func unfilledSet(_ value: MeasuredValue, background: Double? = nil) -> [Int]? {
    let background = transformed(background)
    var scores: [[Double]] = []
    for group in groups {
      guard let shares = group.probabilities(value, background: background) else { return nil }
      scores.append(shares.map { 1 - $0 })
    }
    return conformal.set(scores)
  }

  /// P(F1), P(F2), P(F3) for a measured value, or nil where no true value explains it.
  public func probabilities(_ value: MeasuredValue, background: Double? = nil) -> [Double]? {
    ordinal.probabilities(value, background: transformed(background))
  }

  /// A background's transform: at 0 where noise carried it below.
  private func transformed(_ background: Double?) -> Double? {
    usesBackground ? background.map { LatentDensity.transform(max($0, 0)) } : nil
  }
}
