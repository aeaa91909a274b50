import Statistics

/// Kaplan-Meier curves of the groups of one labelling, and whether they differ.
public struct SurvivalByLabel: Sendable {
  public struct Group: Sendable {
    public let name: String
    public let curve: Figure<KaplanMeier>
    /// Without recorded follow-up.
    public let notRecorded: Int
  }

  public let groups: [Group]
  public let logRank: Figure<LogRank.Result>

  public init(_ labelling: Labelling, _ endpoint: KeyPath<Endpoints, FollowUp?>) {
    self.init(labelling) { $0.compactMap { labelling.followUp($0.endpoints[keyPath: endpoint]) } }
  }

  /// - Parameter followUps: of the members of a group.
  public init(_ labelling: Labelling, followUps: ([CohortParticipant]) -> [FollowUp]) {
    let times = labelling.groups.map { followUps($0.members) }
    groups = zip(labelling.groups, times).map { group, times in
      Group(
        name: group.name,
        curve: KaplanMeier(times).map { .value($0) } ?? .leftOut("nobody was followed"),
        notRecorded: group.members.count - times.count)
    }
    if times.count(where: { !$0.isEmpty }) < 2 {
      logRank = .leftOut("fewer than two groups were followed")
    } else {
      logRank =
        LogRank.test(times).map { .value($0) }
        ?? .leftOut("no event happened while two groups were at risk")
    }
  }
}
