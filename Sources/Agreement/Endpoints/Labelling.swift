import Calibration
import Statistics

/// Participants in groups by one label, for their endpoints.
public struct Labelling: Sendable {
  public struct Group: Sendable {
    public let name: String
    public let members: [CohortParticipant]
  }

  /// `provisional_subtype`, `tissue_arm` and so on.
  public let key: String
  public let title: String
  public let groups: [Group]
  /// Who carries no such label, by reason.
  public let leftOut: [LeftOut]
  /// The day from which time counts; 0 for labels known at the start.
  public let landmark: Double

  public struct LeftOut: Sendable, Equatable {
    public let reason: String
    public let count: Int

    public init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// Follow-up from the landmark; nil where it is not recorded, or ended before.
  public func followUp(_ known: FollowUp?) -> FollowUp? {
    guard let known, known.time >= landmark else { return nil }
    return FollowUp(time: known.time - landmark, isEvent: known.isEvent)
  }

  init(
    key: String, title: String, names: [String], members: [CohortParticipant], landmark: Double = 0,
    label: (CohortParticipant) -> Label
  ) {
    var groups = [String: [CohortParticipant]]()
    var reasons: [String: Int] = [:]
    for member in members {
      switch label(member) {
      case .group(let name): groups[name, default: []].append(member)
      case .none(let reason): reasons[reason, default: 0] += 1
      }
    }
    self.key = key
    self.title = title
    self.landmark = landmark
    self.groups = names.map { Group(name: $0, members: groups[$0] ?? []) }
    leftOut = reasons.sorted { $0.key < $1.key }.map { LeftOut(reason: $0.key, count: $0.value) }
  }

  enum Label {
    case group(String)
    case none(String)
  }
}

extension Labelling {
  public static func provisionalSubtype(_ members: [CohortParticipant]) -> Labelling {
    Labelling(
      key: "provisional_subtype", title: "Provisional subtype", names: CohortFlow.calls,
      members: members
    ) {
      guard let call = $0.counted.call else { return .none("no provisional call") }
      return .group(call.subtype?.rawValue ?? "indeterminate")
    }
  }

  public static func provisionalArm(_ members: [CohortParticipant]) -> Labelling {
    Labelling(
      key: "provisional_arm", title: "Arm by the provisional call",
      names: arms + [Arm.undetermined.rawValue], members: members
    ) {
      guard let call = $0.counted.call else { return .none("no provisional call") }
      return .group(call.arm.rawValue)
    }
  }

  public static func tissueSubtype(_ members: [CohortParticipant]) -> Labelling {
    Labelling(
      key: "tissue_subtype", title: "Tissue subtype", names: Subtype.allCases.map(\.rawValue),
      members: members
    ) { byTissue($0) { $0.rawValue } }
  }

  public static func tissueArm(_ members: [CohortParticipant]) -> Labelling {
    Labelling(key: "tissue_arm", title: "Arm by tissue", names: arms, members: members) {
      byTissue($0) { Arm([$0]).rawValue }
    }
  }

  private static func byTissue(_ member: CohortParticipant, _ name: (Subtype) -> String) -> Label {
    switch member.tissue {
    case .subtype(let subtype): .group(name(subtype))
    case .failed: .none("tissue failed")
    case .pending: .none("no tissue yet")
    }
  }

  static let arms = [Arm.systemic.rawValue, Arm.systemicAndTACE.rawValue]
}

/// The label 'as treated' at a landmark: who is to get TACE must live, and be followed, until then, so
/// time before the landmark belongs to nobody (Anderson, Cain and Gelber, J Clin Oncol 1983;1:710).
public struct Landmark: Sendable {
  /// The last day on which a first TACE counts, from systemic start.
  public static let day = 28.0
  public static let groups = ["TACE by day 28", "no TACE by day 28"]

  /// Whether the table has a column of first TACE days but none of arms: then an empty day says that
  /// there was no TACE.
  public let emptyMeansNone: Bool

  public init(emptyMeansNone: Bool) { self.emptyMeansNone = emptyMeansNone }

  /// - Parameter followUp: the endpoint whose event or censoring before the landmark leaves a participant
  ///   out.
  public func labelling(
    _ members: [CohortParticipant], by followUp: KeyPath<Endpoints, FollowUp?>, name: String
  ) -> Labelling {
    Labelling(
      key: "as_treated", title: "As treated, landmark day 28", names: Self.groups,
      members: members, landmark: Self.day
    ) { member in
      let known = member.endpoints
      guard let observed = known[keyPath: followUp] else { return .none("\(name) is not recorded") }
      guard observed.time >= Self.day else {
        return .none("\(name): \(observed.isEvent ? "event" : "censored") before day 28")
      }
      if let first = known.firstTACEDays {
        return .group(Self.groups[first <= Self.day ? 0 : 1])
      }
      switch known.asTreatedArm {
      case .systemic: return .group(Self.groups[1])
      case nil where emptyMeansNone: return .group(Self.groups[1])
      case nil: return .none("the treatment is not recorded")
      default: return .none("the day of the first TACE is not recorded")
      }
    }
  }
}
