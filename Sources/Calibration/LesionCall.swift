import Regions
import Volumes

/// What a model is fed from a measurement.
public struct FedValue: Sendable, Equatable {
  public let label: Int
  public let name: String
  public let value: FatFraction?
  /// Total of `value`.
  public let standardUncertainty: FatFraction?
  public let backgroundLabel: Int?
  public let background: FatFraction?
  /// Whether both values were corrected by the ledger.
  public let isCalibrated: Bool
}

/// A region as measured and, where its scanner is calibrated, as corrected.
public struct CallRegion: Sendable {
  public let measured: RegionStatistics
  public let calibrated: CalibratedRegion?

  public init(measured: RegionStatistics, calibrated: CalibratedRegion?) {
    self.measured = measured
    self.calibrated = calibrated
  }

  func value(_ statistic: FedStatistic, calibrated isCalibrated: Bool) -> FatFraction? {
    switch (statistic, isCalibrated) {
    case (.mean, true): calibrated?.mean
    case (.median, true): calibrated?.median
    case (.mean, false): measured.fatFraction?.mean
    case (.median, false): measured.fatFraction?.median
    }
  }

  func total(_ statistic: FedStatistic, calibrated isCalibrated: Bool) -> FatFraction? {
    let all = isCalibrated ? calibrated?.uncertainty : measured.uncertainty
    return statistic == .mean ? all?.mean.total : all?.median.total
  }
}

/// From a measurement to a call: what is fed, and what the measurement itself has to say.
public struct LesionCall: Sendable {
  /// Fewer used voxels than this are too few for a call; the swap alarm judges no smaller region either.
  public static let leastVoxels = 20
  /// More than this share of used voxels that are swapped, or may be, forbids a call: each swapped
  /// per cent moves the mean by nearly a percentage point.
  public static let swappedShare = 0.01

  public let call: SubtypeCall
  /// nil where no region is the lesion.
  public let fed: FedValue?

  /// - Parameters:
  ///   - lesion: nil where it is not said which of several regions it is.
  ///   - background: the liver beside it, where it is named.
  ///   - scanner: whether the values were corrected.
  ///   - allowUncalibrated: feed the value as measured where there is no corrected one, or where the
  ///     model was made from such values; the reason is then told and does not block.
  ///   - measurement: what else the measurement has to say, its acquisition's bias for one.
  public init(
    model: SubtypeModel, lesion: CallRegion?, background: CallRegion?, scanner: ScannerCheck,
    allowUncalibrated: Bool, afterTACE: Bool, measurement: [SubtypeReason] = []
  ) {
    var reasons = measurement
    if afterTACE { reasons.append(SubtypeReason(.afterTACE)) }
    let isCorrected = scanner.entry != nil && !(allowUncalibrated && !model.isCalibrated)
    if !isCorrected {
      reasons.append(
        SubtypeReason(
          .uncalibratedScanner, Self.why(scanner, allowUncalibrated),
          blocks: !allowUncalibrated))
    }
    guard let lesion else {
      fed = nil
      let several = "there are several regions: name the tumour by --lesion-label"
      let isDemonstration = model.reference.status == .demonstration
      reasons.append(SubtypeReason(.valueMissing, several))
      if isDemonstration { reasons.append(SubtypeReason(.demonstrationModel)) }
      call = SubtypeCall(
        set: Subtype.allCases, probabilities: nil,
        reasons: reasons.filter(\.blocks) + reasons.filter { !$0.blocks }, model: model.reference)
      return
    }
    reasons += Self.reasons(of: lesion.measured)
    if model.usesBackground, let background {
      reasons += Self.reasons(of: background.measured)
    }
    let statistic = model.statistic
    let fed = FedValue(
      label: lesion.measured.label, name: lesion.measured.name,
      value: lesion.value(statistic, calibrated: isCorrected),
      standardUncertainty: lesion.total(statistic, calibrated: isCorrected),
      backgroundLabel: background?.measured.label,
      background: background?.value(statistic, calibrated: isCorrected),
      isCalibrated: isCorrected)
    // Where the scanner's calibration blocks the call already, one reason says so.
    let compares = isCorrected || allowUncalibrated
    self.fed = fed
    call = model.call(
      pdff: fed.value, standardUncertainty: fed.standardUncertainty, background: fed.background,
      isCalibrated: compares ? fed.isCalibrated : nil, reasons: reasons)
  }

  private static func why(_ scanner: ScannerCheck, _ allowed: Bool) -> String {
    let why =
      switch scanner {
      case .calibrated: "the model was made from uncalibrated values"
      case .uncalibrated(let why, _): why
      }
    return allowed ? "\(why); the value as measured is used (--allow-uncalibrated)" : why
  }

  /// What a region's voxels say against a call.
  public static func reasons(of region: RegionStatistics) -> [SubtypeReason] {
    var reasons: [SubtypeReason] = []
    let left = region.voxels - (region.excluded[.eroded] ?? 0)
    let (used, name) = (region.voxelsUsed, region.name)
    if used < leastVoxels {
      reasons.append(
        SubtypeReason(.tooFewVoxels, "\(name) has \(used) usable voxels, \(leastVoxels) are needed")
      )
    } else if 2 * used < left {
      reasons.append(
        SubtypeReason(.tooFewVoxels, "\(name): only \(used) of \(left) voxels are usable"))
    }
    let suspected = region.flagged[.swapSuspected] ?? 0
    let undecided = region.flagged[.ambiguous] ?? 0
    if Double(suspected + undecided) > swappedShare * Double(used) {
      reasons.append(
        SubtypeReason(
          .swapSuspected,
          "\(name): \(suspected) of \(used) voxels suspected, \(undecided) undecided"))
    }
    return reasons
  }
}
