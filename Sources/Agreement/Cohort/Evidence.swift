import Calibration
import Documents

/// Why a participant's call is no evidence for or against the surrogate.
public enum SetApart: String, CaseIterable, Sendable {
  case trained = "in-training"
  case tissueBeforeSeal = "tissue-before-seal"
  case orderUnknown = "order-unknown"
  case otherLesion = "another-lesion"

  public var summary: String {
    switch self {
    case .trained: "the model was trained on this participant"
    case .tissueBeforeSeal: "tissue was reported on or before the day on which the call was sealed"
    case .orderUnknown: "a date is missing, so the order of seal and report is not known"
    case .otherLesion: "tissue came from another lesion than the one that was called"
    }
  }
}

/// What each participant of a cohort counts for.
public struct CohortEvidence: Sendable {
  /// Everybody, with the calls that are validated.
  public let enrolled: [CohortParticipant]
  /// Those who are set apart, by place in `enrolled`, for the first reason that holds.
  public let setApart: [Int: SetApart]
  /// Those who count, in `enrolled`'s order.
  public let counting: [CohortParticipant]
  /// Whether the calls were made by a model now, not sealed before.
  public let callsAfterTheFact: Bool
  /// Probabilities of the model, by place in `counting`; nil where no model was given.
  public let probabilities: [[Double]?]?
  /// Whether the table can show that calls came before tissue.
  public let showsSeals: Bool

  public func count(_ reason: SetApart) -> Int { setApart.values.count { $0 == reason } }

  /// - Parameters:
  ///   - model: makes the calls where the table has none, and otherwise only recognises those on whom
  ///     it was trained and says its probabilities. Throws `CohortError` where calls need one.
  public init(_ cohort: ValidationCohort, model: SubtypeModel?) throws(CohortError) {
    guard cohort.hasCalls || model != nil else { throw CohortError(.modelNeeded) }
    callsAfterTheFact = !cohort.hasCalls
    showsSeals =
      cohort.columns.contains(CohortColumn.sealedOn.rawValue)
      && cohort.columns.contains(CohortColumn.tissueReportedOn.rawValue)
    let modelCalls = model.map { model in cohort.participants.map { Self.call($0, model) } }
    var enrolled = cohort.participants
    if !cohort.hasCalls, let modelCalls {
      enrolled = zip(enrolled, modelCalls).map { participant, call in
        participant.calling(
          ProvisionalCall(subtype: call.subtype, set: call.set, arm: call.arm))
      }
    }
    let trained = model?.trainingParticipants
    var setApart: [Int: SetApart] = [:]
    for (place, participant) in enrolled.enumerated() {
      setApart[place] = Self.reason(
        participant, trained: trained?.contains(participant.identifier) ?? false,
        sealed: cohort.hasCalls, showsSeals: showsSeals)
    }
    let places = enrolled.indices.filter { setApart[$0] == nil }
    self.enrolled = enrolled
    self.setApart = setApart
    counting = places.map { enrolled[$0] }
    probabilities = modelCalls.map { calls in places.map { calls[$0].probabilities } }
  }

  private static func reason(
    _ participant: CohortParticipant, trained: Bool, sealed: Bool, showsSeals: Bool
  ) -> SetApart? {
    if trained { return .trained }
    let row = participant.counted
    guard row.call != nil, participant.tissue.subtype != nil else { return nil }
    if sealed, showsSeals {
      guard let seal = row.sealedOn, let report = participant.tissueReportedOn else {
        return .orderUnknown
      }
      // A date can't prove the order within a day.
      if report <= seal { return .tissueBeforeSeal }
    }
    if let lesion = row.acquisition.lesion, let biopsied = participant.tissueLesion,
      lesion != biopsied
    {
      return .otherLesion
    }
    return nil
  }

  private static func call(_ participant: CohortParticipant, _ model: SubtypeModel) -> SubtypeCall {
    model.call(participant.counted)
  }
}
