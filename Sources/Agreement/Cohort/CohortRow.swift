import Calibration
import Documents
import Statistics

/// What tissue said of a participant.
public enum TissueOutcome: Sendable, Hashable {
  case subtype(Subtype)
  /// The biopsy gave no result.
  case failed
  /// Not yet known.
  case pending

  public var subtype: Subtype? { if case .subtype(let subtype) = self { subtype } else { nil } }
}

/// A provisional call as it was recorded.
public struct ProvisionalCall: Sendable, Hashable {
  /// nil for an indeterminate call.
  public let subtype: Subtype?
  /// The subtypes that were not excluded; nil where nobody says.
  public let set: [Subtype]?
  public let arm: Arm

  /// - Parameter arm: where it is not told, what the set says, or else the subtype.
  public init(subtype: Subtype?, set: [Subtype]? = nil, arm: Arm? = nil) {
    self.subtype = subtype
    self.set = set
    self.arm = arm ?? Arm(set ?? subtype.map { [$0] } ?? [])
  }
}

/// A best response, by RECIST 1.1 or mRECIST.
public enum Response: String, CaseIterable, Sendable {
  case complete = "CR"
  case partial = "PR"
  case stable = "SD"
  case progression = "PD"
  case notEvaluable = "NE"
}

/// What became of a participant; nil where it is not recorded. Times are days since systemic start.
public struct Endpoints: Sendable, Equatable {
  public var systemicStart: CalendarDay?
  public var recist: Response?
  public var mrecist: Response?
  public var responseConfirmed: Bool?
  /// When the response was first seen.
  public var responseDays: Double?
  public var progressionFree: FollowUp?
  public var overall: FollowUp?
  public var converted: Bool?
  /// `systemic` or `systemicAndTACE`.
  public var asTreatedArm: Arm?
  public var firstTACEDays: Double?

  public init() {}
}

/// How one measurement was made: no two rows agree in all of it.
public struct Acquisition: Sendable, Hashable {
  public let lesion: String?
  public let scanner: String?
  /// Tesla.
  public let fieldStrength: Double?
  public let reader: String?
  /// From 1; 1 where the table does not say.
  public let repetition: Int

  public init(
    lesion: String? = nil, scanner: String? = nil, fieldStrength: Double? = nil,
    reader: String? = nil, repetition: Int = 1
  ) {
    self.lesion = lesion
    self.scanner = scanner
    self.fieldStrength = fieldStrength
    self.reader = reader
    self.repetition = repetition
  }
}

/// One measurement of one participant.
public struct MeasurementRow: Sendable, Equatable {
  public let acquisition: Acquisition
  /// Percent; nil where the tumour was not measured.
  public let percent: Double?
  /// Percentage points.
  public let standardUncertainty: Double?
  /// The liver beside the tumour, percent.
  public let background: Double?
  public let r2star: Double?
  /// nil where no call was recorded.
  public let call: ProvisionalCall?
  public let sealedOn: CalendarDay?

  public init(
    acquisition: Acquisition = Acquisition(), percent: Double?, standardUncertainty: Double? = nil,
    background: Double? = nil, r2star: Double? = nil, call: ProvisionalCall? = nil,
    sealedOn: CalendarDay? = nil
  ) {
    self.acquisition = acquisition
    self.percent = percent
    self.standardUncertainty = standardUncertainty
    self.background = background
    self.r2star = r2star
    self.call = call
    self.sealedOn = sealedOn
  }
}
