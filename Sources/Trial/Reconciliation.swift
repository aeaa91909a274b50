import Calibration
import Documents

/// What calls and tissue say of each other on one day.
struct Reconciliation {
  let state: Assessment.State
  let notEvidence: [Assessment.NotEvidence]
  /// The one arm that the standing calls agree on, else `undetermined`.
  let provisionalArm: Arm
  /// Whether standing calls of several lesions decide different arms.
  let callsDiffer: Bool
  let call: SealedCall?
  /// The result that decides; nil where none names a subtype.
  let tissue: TissueResult?
  /// Whether results name subtypes of different arms.
  let tissueDiffers: Bool

  var tissueArm: Arm? { tissue?.finding.subtype.map { Arm([$0]) } }

  init(_ record: ParticipantRecord, _ settings: StudySettings, on day: CalendarDay) {
    let calls = record.calls.filter { $0.standing == .standing && $0.sealedOn <= day }
    let results = record.tissue.filter { $0.reportedOn <= day }
    let decided = Set(calls.map(\.arm)).subtracting([.undetermined])
    callsDiffer = decided.count > 1
    provisionalArm = decided.count == 1 ? decided.first ?? .undetermined : .undetermined

    let named = results.filter { $0.finding.subtype != nil }
      .enumerated().sorted {
        ($0.element.reportedOn, $0.offset) < ($1.element.reportedOn, $1.offset)
      }
      .map(\.element)
    tissueDiffers = Set(named.compactMap { $0.finding.subtype.map { Arm([$0]) } }).count > 1
    let tissue =
      named.first { result in calls.contains { $0.lesion == result.lesion } } ?? named.first
    self.tissue = tissue
    let arm = provisionalArm
    call =
      tissue.flatMap { tissue in calls.last { $0.lesion == tissue.lesion } }
      ?? calls.last { $0.arm == arm } ?? calls.last
    let treatment = Treatment(record.treatment, on: day)
    if let tissue, let call {
      notEvidence = Self.faults(
        of: call, against: tissue, biopsies: results.map(\.biopsyOn), treatment, settings)
      state =
        notEvidence.isEmpty
        ? Self.comparison(of: call, with: tissue) : .notEvidence
    } else {
      notEvidence = []
      state =
        tissue == nil && !results.isEmpty
        ? .tissueFailed : calls.isEmpty ? .noCall : .awaitingTissue
    }
  }

  /// Why the call says nothing for or against MRI.
  private static func faults(
    of call: SealedCall, against tissue: TissueResult, biopsies: [CalendarDay],
    _ treatment: Treatment, _ settings: StudySettings
  ) -> [Assessment.NotEvidence] {
    var faults: [Assessment.NotEvidence] = []
    if call.lesion != tissue.lesion { faults.append(.otherLesion) }
    if tissue.reportedOn <= call.sealedOn { faults.append(.sealedTooLate) }
    if call.arm == .undetermined { faults.append(.indeterminate) }
    if let tace = treatment.firstTACEOfAll, tace <= call.scannedOn { faults.append(.scanAfterTACE) }
    if let start = treatment.systemicStart, start < call.scannedOn {
      faults.append(.scanAfterStart)
    }
    if settings.scanBeforeBiopsy, biopsies.contains(where: { $0 < call.scannedOn }) {
      faults.append(.scanAfterBiopsy)
    }
    return faults
  }

  /// A call that decides the arm alone counts on arm level only.
  private static func comparison(
    of call: SealedCall, with tissue: TissueResult
  ) -> Assessment.State {
    guard let subtype = tissue.finding.subtype else { return .notEvidence }
    if call.subtype == subtype { return .concordant }
    return call.arm == Arm([subtype]) ? .sameArm : .discordant
  }
}
