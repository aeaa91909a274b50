import Statistics
import Volumes

extension SubtypeModel {
  /// Calls a subtype, or abstains and says why.
  ///
  /// - Parameters:
  ///   - pdff: the region's `statistic`, calibrated as the model is; nil or NaN where there is none.
  ///   - standardUncertainty: of that value; 0 says that it is exact, nil that it is not known.
  ///   - background: the liver beside the tumour; taken as exact.
  ///   - isCalibrated: whether the value was corrected by a ledger; nil where nobody knows, and then
  ///     it is not compared with the model's.
  ///   - reasons: what the measurement itself has to say (`swapSuspected`, `uncalibratedScanner`...).
  ///   - findsBoundary: whether to look for the nearest boundary, which takes some hundred times as
  ///     long as the call itself.
  public func call(
    pdff: FatFraction?, standardUncertainty: FatFraction?, background: FatFraction? = nil,
    isCalibrated: Bool? = nil, reasons: [SubtypeReason] = [], findsBoundary: Bool = true
  ) -> SubtypeCall {
    var reasons = reasons
    let value = measuredValue(pdff, standardUncertainty, &reasons)
    if let isCalibrated, isCalibrated != self.isCalibrated {
      reasons.append(
        SubtypeReason(
          .calibrationMismatch,
          "the model was made from \(self.isCalibrated ? "calibrated" : "uncalibrated") values"))
    }
    let background = background.flatMap { $0.value.isFinite ? $0.percent : nil }
    if usesBackground, background == nil { reasons.append(SubtypeReason(.backgroundMissing)) }
    if let value { check(value, &reasons) }
    var set = Subtype.allCases
    var probabilities: [Double]?
    if let value, !reasons.contains(where: \.blocks),
      let found = self.set(value, background: background)
    {
      set = found
      probabilities = self.probabilities(value, background: background)
      reasons += remarks(on: set)
      if findsBoundary, let boundary = nearestBoundary(to: value, background: background) {
        reasons.append(SubtypeReason(.boundary, boundary.words(from: value)))
      }
    }
    if !usesBackground, background != nil { reasons.append(SubtypeReason(.backgroundUnused)) }
    if reference.status == .demonstration { reasons.append(SubtypeReason(.demonstrationModel)) }
    return SubtypeCall(
      set: set, probabilities: probabilities,
      reasons: reasons.filter(\.blocks) + reasons.filter { !$0.blocks }, model: reference)
  }

  private func measuredValue(
    _ pdff: FatFraction?, _ uncertainty: FatFraction?, _ reasons: inout [SubtypeReason]
  ) -> MeasuredValue? {
    let percent = pdff.flatMap { $0.value.isFinite ? $0.percent : nil }
    let deviation = uncertainty.flatMap { $0.value.isFinite && $0.value >= 0 ? $0.percent : nil }
    if percent == nil { reasons.append(SubtypeReason(.valueMissing)) }
    if deviation == nil { reasons.append(SubtypeReason(.uncertaintyMissing)) }
    guard let percent, let deviation else { return nil }
    return MeasuredValue(percent: percent, standardUncertainty: deviation)
  }

  /// Values that the model can't know anything about. One standard uncertainty beyond the training
  /// range is let pass: that much may be error.
  private func check(_ value: MeasuredValue, _ reasons: inout [SubtypeReason]) {
    guard value.isPossible else {
      reasons.append(
        SubtypeReason(
          .outsideSupport,
          "\(decimals(value.percent)) % with standard uncertainty "
            + "\(decimals(value.standardUncertainty))"))
      return
    }
    let reach = value.standardUncertainty
    if value.percent < trainingRange.lowerBound - reach
      || value.percent > trainingRange.upperBound + reach
    {
      reasons.append(
        SubtypeReason(
          .beyondTrainingRange,
          "\(decimals(value.percent)) %, the model's values reach from "
            + "\(decimals(trainingRange.lowerBound)) to \(decimals(trainingRange.upperBound)) %"))
    }
  }

  private func remarks(on set: [Subtype]) -> [SubtypeReason] {
    var remarks: [SubtypeReason] = []
    if set.isEmpty { remarks.append(SubtypeReason(.noSubtypeFits)) }
    if set.count > 1 {
      remarks.append(
        SubtypeReason(.severalSubtypesFit, set.map(\.rawValue).joined(separator: ", ")))
    }
    return remarks
  }
}

/// A number with two decimals for messages.
func decimals(_ value: Double, _ digits: Int = 2) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  let scale = [1.0, 10, 100, 1000, 10_000][digits]
  let rounded = (abs(value) * scale).rounded() / scale
  var text = "\(Int(rounded))"
  if digits > 0 {
    let rest = "\(Int(((rounded - rounded.rounded(.down)) * scale).rounded()))"
    text += "." + String(repeating: "0", count: digits - rest.count) + rest
  }
  return (value < 0 && rounded > 0 ? "-" : "") + text
}
