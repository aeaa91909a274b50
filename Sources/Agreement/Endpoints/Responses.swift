import Statistics

/// How a group responded. Not evaluable counts as no response; who has no recorded response yet is left
/// out and counted.
public struct Responses: Sendable, Equatable {
  /// Complete or partial, and confirmed, of those with a recorded best response.
  public let objective: Figure<Proportion>
  /// Complete, partial or stable.
  public let control: Figure<Proportion>
  /// Best responses in the order of `Response.allCases`.
  public let counts: [Int]
  /// Complete or partial responses that are not, or not known to be, confirmed.
  public let unconfirmed: Int
  public let notRecorded: Int

  /// - Parameter best: which criteria, RECIST 1.1 or mRECIST.
  public init(_ members: [CohortParticipant], best: KeyPath<Endpoints, Response?>) {
    let recorded = members.filter { $0.endpoints[keyPath: best] != nil }
    func count(_ holds: (Response, Endpoints) -> Bool) -> Int {
      recorded.count { member in
        member.endpoints[keyPath: best].map { holds($0, member.endpoints) } ?? false
      }
    }
    func isResponse(_ response: Response) -> Bool { response == .complete || response == .partial }
    let all = count { response, _ in isResponse(response) }
    let confirmed = count { isResponse($0) && $1.responseConfirmed == true }
    objective = .share(confirmed, of: recorded.count, "no best response is recorded")
    control = .share(
      count { response, _ in isResponse(response) || response == .stable }, of: recorded.count,
      "no best response is recorded")
    counts = Response.allCases.map { wanted in count { response, _ in response == wanted } }
    unconfirmed = all - confirmed
    notRecorded = members.count - recorded.count
  }

  /// Whose tumour became resectable.
  public static func conversion(_ members: [CohortParticipant]) -> Figure<Proportion> {
    let recorded = members.compactMap(\.endpoints.converted)
    return .share(recorded.count { $0 }, of: recorded.count, "conversion is not recorded")
  }

  /// From a confirmed response (RECIST 1.1) to progression or death.
  public static func durations(_ members: [CohortParticipant]) -> [FollowUp] {
    members.compactMap { member in
      let known = member.endpoints
      guard known.recist == .complete || known.recist == .partial, known.responseConfirmed == true,
        let start = known.responseDays, let end = known.progressionFree, end.time >= start
      else { return nil }
      return FollowUp(time: end.time - start, isEvent: end.isEvent)
    }
  }
}

extension Figure where Value == Proportion {
  /// A share, or why there is none.
  static func share(_ successes: Int, of trials: Int, _ reason: String) -> Figure<Proportion> {
    Proportion(successes, of: trials).map { .value($0) } ?? .leftOut(reason)
  }
}
