import Calibration

/// How participants move between two labels.
public struct Migration: Sendable, Equatable {
  public let key: String
  public let title: String
  public let from: [String]
  public let to: [String]
  /// By `from`, then by `to`.
  public let counts: [[Int]]

  init(
    _ members: [CohortParticipant], key: String, title: String, from: Names, to: Names
  ) {
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: to.names.count), count: from.names.count)
    for member in members {
      guard let row = from.names.firstIndex(of: from.label(member)),
        let column = to.names.firstIndex(of: to.label(member))
      else { continue }
      counts[row][column] += 1
    }
    self.key = key
    self.title = title
    self.from = from.names
    self.to = to.names
    self.counts = counts
  }

  struct Names: Sendable {
    let names: [String]
    let label: @Sendable (CohortParticipant) -> String
  }

  /// Every label against every later one, subtypes and arms apart.
  public static func all(_ members: [CohortParticipant], landmark: Landmark) -> [Migration] {
    [
      Migration(
        members, key: "provisional_to_tissue_subtype",
        title: "From the provisional subtype to tissue", from: provisionalSubtypes, to: tissue),
      Migration(
        members, key: "provisional_to_tissue_arm",
        title: "From the provisional arm to that of tissue",
        from: provisionalArms, to: tissueArms),
      Migration(
        members, key: "provisional_arm_to_as_treated",
        title: "From the provisional arm to treatment",
        from: provisionalArms, to: treated(landmark)),
      Migration(
        members, key: "tissue_arm_to_as_treated", title: "From the arm of tissue to treatment",
        from: tissueArms, to: treated(landmark)),
    ]
  }

  private static let provisionalSubtypes = Names(names: CohortFlow.calls + ["no call"]) {
    $0.counted.call.map { $0.subtype?.rawValue ?? "indeterminate" } ?? "no call"
  }

  private static let provisionalArms = Names(
    names: Labelling.arms + [Arm.undetermined.rawValue, "no call"]
  ) { $0.counted.call?.arm.rawValue ?? "no call" }

  private static let tissue = Names(names: CohortFlow.outcomes) { outcome($0) { $0.rawValue } }

  private static let tissueArms = Names(names: Labelling.arms + ["failed", "pending"]) {
    outcome($0) { Arm([$0]).rawValue }
  }

  private static func outcome(_ member: CohortParticipant, _ name: (Subtype) -> String) -> String {
    switch member.tissue {
    case .subtype(let subtype): name(subtype)
    case .failed: "failed"
    case .pending: "pending"
    }
  }

  private static func treated(_ landmark: Landmark) -> Names {
    Names(names: Labelling.arms + ["not recorded"]) { member in
      if let arm = member.endpoints.asTreatedArm { return arm.rawValue }
      if member.endpoints.firstTACEDays != nil { return Arm.systemicAndTACE.rawValue }
      return landmark.emptyMeansNone ? Arm.systemic.rawValue : "not recorded"
    }
  }
}
