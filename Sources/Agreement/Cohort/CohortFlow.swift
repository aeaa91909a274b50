import Calibration

/// The flow of participants (STARD 2015): who was enrolled, called, has tissue, and is analysed.
public struct CohortFlow: Sendable, Equatable {
  /// Calls in their order; the last is indeterminate.
  public static let calls = Subtype.allCases.map(\.rawValue) + ["indeterminate"]
  /// Outcomes of tissue in their order.
  public static let outcomes = Subtype.allCases.map(\.rawValue) + ["failed", "pending"]

  public let enrolled: Int
  public let setApart: [SetApart: Int]
  /// Of those who count.
  public let notMeasured: Int
  public let notCalled: Int
  /// Called participants by call, then by outcome of tissue.
  public let called: [[Int]]

  public var measured: Int { enrolled - setApart.values.reduce(0, +) - notMeasured }
  public var calledCount: Int { called.reduce(0) { $0 + $1.reduce(0, +) } }
  public var indeterminate: Int { called[3].reduce(0, +) }
  public var tissueFailed: Int { called.reduce(0) { $0 + $1[3] } }
  public var tissuePending: Int { called.reduce(0) { $0 + $1[4] } }
  /// Called, with a tissue subtype.
  public var analysed: Int { calledCount - tissueFailed - tissuePending }
  /// Of those the determinate ones.
  public var analysedDeterminate: Int { called[..<3].reduce(0) { $0 + $1[..<3].reduce(0, +) } }

  public init(_ evidence: CohortEvidence) {
    var called = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 4)
    var (notMeasured, notCalled) = (0, 0)
    for participant in evidence.counting {
      guard participant.counted.percent != nil else {
        notMeasured += 1
        continue
      }
      guard let call = participant.counted.call else {
        notCalled += 1
        continue
      }
      let outcome =
        switch participant.tissue {
        case .subtype(let subtype): subtype.index
        case .failed: 3
        case .pending: 4
        }
      called[call.subtype?.index ?? 3][outcome] += 1
    }
    enrolled = evidence.enrolled.count
    setApart = Dictionary(
      uniqueKeysWithValues: SetApart.allCases.map { ($0, evidence.count($0)) })
    self.notMeasured = notMeasured
    self.notCalled = notCalled
    self.called = called
  }
}

extension CohortEvidence {
  /// Measured, called, and with a tissue subtype: on them agreement is judged.
  public var analysed: [AnalysedParticipant] {
    counting.enumerated().compactMap { place, participant in
      guard let percent = participant.counted.percent, let call = participant.counted.call,
        let tissue = participant.tissue.subtype
      else { return nil }
      return AnalysedParticipant(
        participant: participant, percent: percent, call: call, tissue: tissue,
        probabilities: probabilities?[place])
    }
  }
}

/// One participant on whom agreement is judged.
public struct AnalysedParticipant: Sendable {
  public let participant: CohortParticipant
  /// The tumour's fat fraction.
  public let percent: Double
  public let call: ProvisionalCall
  public let tissue: Subtype
  /// The model's, P(F1), P(F2), P(F3); nil where there is none.
  public let probabilities: [Double]?

  public var row: MeasurementRow { participant.counted }
  public var tissueArm: Arm { Arm([tissue]) }
  /// The call's arm as a class, 0 systemic, 1 with TACE; nil where it is undetermined.
  public var calledArmIndex: Int? {
    call.arm == .undetermined ? nil : call.arm == .systemic ? 0 : 1
  }
  public var tissueArmIndex: Int { tissueArm == .systemic ? 0 : 1 }
}
