import Calibration
import Documents
import GRDB
import Trial

/// How far the study is, as far as a role may know. A figure that a role may not know is nil.
public struct StudySummary: Sendable, Hashable {
  public let study: String
  public let on: CalendarDay
  public let isSimulated: Bool
  public let isUnblinded: Bool
  public let enrolled: Int
  /// By state as the role sees it.
  public let states: [String: Int]
  /// By consequence; for who sees all sides.
  public let consequences: [String: Int]?
  /// Of participants with a standing call; for who sees calls.
  public let yield: Yield?
  /// Provisional against tissue, where the pair is evidence; for who sees both.
  public let agreement: Agreement?
  /// Days from the biopsy to its report, ascending; for who sees tissue.
  public let daysToReport: [Int]?
  /// Days from the seal to tissue's report, ascending; for who sees both.
  public let daysFromSeal: [Int]?

  /// How often a call decides.
  public struct Yield: Sendable, Hashable {
    public var called = 0
    /// One subtype is left.
    public var subtype = 0
    /// The arm is decided.
    public var arm = 0
  }

  /// Counts of pairs; no figure that needs an interval.
  public struct Agreement: Sendable, Hashable {
    /// By tissue's subtype, then by the call's: `F1`, `F2`, `F3`, `indeterminate`.
    public var subtypes: [String: [String: Int]] = [:]
    /// By tissue's arm, then by the call's.
    public var arms: [String: [String: Int]] = [:]
    /// Pairs that are evidence.
    public var pairs = 0
    /// Pairs that are none.
    public var notEvidence = 0
  }
}

extension Session {
  /// - Parameter day: the day of reading; today in the study's time zone where it is nil.
  public func summary(on day: CalendarDay? = nil) throws -> StudySummary {
    try survey(.summary) { space, everybody in
      let day = day ?? space.today
      return everybody.summary(on: day, sight: space.sight) { people in
        var count = SummaryCount(sight: space.sight)
        for person in people {
          count.add(
            person.stored, person.record, Assessment(person.record, space.settings, on: day))
        }
        return count.summary(space, day)
      }
    }
  }
}

private struct SummaryCount {
  let sight: Sight
  private var enrolled = 0
  private var states: [String: Int] = [:]
  private var consequences: [String: Int] = [:]
  private var yield = StudySummary.Yield()
  private var agreement = StudySummary.Agreement()
  private var daysToReport: [Int] = []
  private var daysFromSeal: [Int] = []

  init(sight: Sight) { self.sight = sight }

  mutating func add(
    _ stored: StoredParticipant, _ record: ParticipantRecord, _ assessment: Assessment
  ) {
    enrolled += 1
    let state =
      sight.showsReconciliation
      ? assessment.state.rawValue : Workspace.progress(stored, sight)
    states[state, default: 0] += 1
    consequences[assessment.consequence.rawValue, default: 0] += 1
    let call = record.calls.last { $0.standing == .standing }
    if let call {
      yield.called += 1
      yield.subtype += call.subtype == nil ? 0 : 1
      yield.arm += call.arm == .undetermined ? 0 : 1
    }
    for result in record.tissue {
      daysToReport.append(result.reportedOn.number - result.biopsyOn.number)
    }
    guard let tissue = record.tissue.first(where: { $0.entry == assessment.tissueEntry }),
      let subtype = tissue.finding.subtype,
      let compared = record.calls.first(where: { $0.entry == assessment.callEntry })
    else { return }
    let isEvidence = assessment.notEvidence.allSatisfy { $0 == .indeterminate }
    guard isEvidence else {
      agreement.notEvidence += 1
      return
    }
    agreement.pairs += 1
    let word = compared.subtype?.rawValue ?? "indeterminate"
    agreement.subtypes[subtype.rawValue, default: [:]][word, default: 0] += 1
    agreement.arms[Arm([subtype]).rawValue, default: [:]][compared.arm.rawValue, default: 0] += 1
    daysFromSeal.append(tissue.reportedOn.number - compared.sealedOn.number)
  }

  func summary(_ space: Workspace, _ day: CalendarDay) -> StudySummary {
    let seesBoth = sight.isSuperset(of: [.calls, .tissue])
    return StudySummary(
      study: space.settings.study, on: day, isSimulated: space.settings.isSimulated,
      isUnblinded: space.study.unblinded, enrolled: enrolled, states: states,
      consequences: sight.showsReconciliation ? consequences : nil,
      yield: sight.contains(.calls) ? yield : nil, agreement: seesBoth ? agreement : nil,
      daysToReport: sight.contains(.tissue) ? daysToReport.sorted() : nil,
      daysFromSeal: seesBoth ? daysFromSeal.sorted() : nil)
  }
}

extension StudySummary {
  public var document: JSONValue {
    func counts(_ counts: [String: Int]) -> JSONValue { .object(counts.mapValues { .integer($0) }) }
    func table(_ table: [String: [String: Int]]) -> JSONValue { .object(table.mapValues(counts)) }
    func days(_ days: [Int]?) -> JSONValue {
      days.map { .array($0.map { .integer($0) }) } ?? .null
    }
    return [
      "study": .string(study), "on": .day(on), "simulated": .bool(isSimulated),
      "unblinded": .bool(isUnblinded), "enrolled": .integer(enrolled), "states": counts(states),
      "consequences": consequences.map(counts) ?? .null,
      "yield": yield.map {
        [
          "called": .integer($0.called), "subtype": .integer($0.subtype), "arm": .integer($0.arm),
        ]
      } ?? .null,
      "agreement": agreement.map {
        [
          "pairs": .integer($0.pairs), "not_evidence": .integer($0.notEvidence),
          "subtypes": table($0.subtypes), "arms": table($0.arms),
        ]
      } ?? .null,
      "days_biopsy_to_report": days(daysToReport), "days_seal_to_report": days(daysFromSeal),
    ]
  }
}
