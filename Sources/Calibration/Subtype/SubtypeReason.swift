/// Why a call is as it is: what blocked it, or what would change it.
public struct SubtypeReason: Sendable, Hashable {
  public enum Code: String, CaseIterable, Sendable {
    case afterTACE = "after-tace"
    case valueMissing = "value-missing"
    case uncertaintyMissing = "uncertainty-missing"
    case uncalibratedScanner = "uncalibrated-scanner"
    case calibrationMismatch = "calibration-mismatch"
    case backgroundMissing = "background-missing"
    case swapSuspected = "swap-suspected"
    case tooFewVoxels = "too-few-voxels"
    case t1Bias = "t1-bias"
    case outsideSupport = "outside-support"
    case beyondTrainingRange = "beyond-training-range"
    case noSubtypeFits = "no-subtype-fits"
    case severalSubtypesFit = "several-subtypes-fit"
    case boundary = "boundary"
    case backgroundUnused = "background-unused"
    case demonstrationModel = "demonstration-model"

    /// What the reason says, in general words: a row of `docs/errors.md`.
    public var summary: String {
      switch self {
      case .afterTACE: "the scan was made after TACE, and lipiodol is oil: PDFF says nothing"
      case .valueMissing: "no fat fraction was measured"
      case .uncertaintyMissing: "the value's standard uncertainty is not known"
      case .uncalibratedScanner: "the scanner's calibration is missing or has expired"
      case .calibrationMismatch:
        "value and model differ in calibration: one is calibrated, the other is as measured"
      case .backgroundMissing: "the model needs the background's fat fraction"
      case .swapSuspected: "water and fat may be swapped in the region"
      case .tooFewVoxels: "the region has too few voxels"
      case .t1Bias:
        "flip angle and repetition time weigh fat by T1 too much; ask for the correction with the tissue's T1"
      case .outsideSupport: "no fat fraction within 0 to 100 % explains the value"
      case .beyondTrainingRange: "the value lies beyond those from which the model was made"
      case .noSubtypeFits: "the value is unusual for every subtype: the set is empty"
      case .severalSubtypesFit: "more than one subtype can't be excluded"
      case .boundary: "the nearest value with another set of subtypes"
      case .backgroundUnused: "the model takes no background; the one given was not used"
      case .demonstrationModel: "the model is a demonstration from synthetic data: not for patients"
      }
    }

    /// Whether a call with this reason is `indeterminate` whatever the model says.
    public var blocks: Bool {
      switch self {
      case .afterTACE, .valueMissing, .uncertaintyMissing, .uncalibratedScanner,
        .calibrationMismatch, .backgroundMissing, .swapSuspected, .tooFewVoxels, .t1Bias,
        .outsideSupport,
        .beyondTrainingRange:
        true
      case .noSubtypeFits, .severalSubtypesFit, .boundary, .backgroundUnused, .demonstrationModel:
        false
      }
    }
  }

  public let code: Code
  /// The whole sentence for a reader.
  public let message: String
  /// Whether the call is `indeterminate` because of it.
  public let blocks: Bool

  /// - Parameters:
  ///   - detail: words that go on from the code's summary.
  ///   - blocks: the code's own rule where nil; false for a reason that was overruled, as an
  ///     uncalibrated scanner is by `--allow-uncalibrated`.
  public init(_ code: Code, _ detail: String = "", blocks: Bool? = nil) {
    self.code = code
    message = detail.isEmpty ? code.summary : "\(code.summary): \(detail)"
    self.blocks = blocks ?? code.blocks
  }

  /// `code: sentence`, as `reasons` of `measurement.json` holds it.
  public var text: String { "\(code.rawValue): \(message)" }
}
