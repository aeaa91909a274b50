/// The log-rank test of equal survival in two or more groups (Mantel 1966; Peto and Peto 1972): observed
/// less expected events of each group, with their hypergeometric covariance, against chi-squared.
public enum LogRank {
  public struct Group: Sendable, Equatable {
    public let count: Int
    public let observed: Int
    public let expected: Double
  }

  public struct Result: Sendable, Equatable {
    public let test: TestResult
    /// In the order of the groups given.
    public let groups: [Group]
  }

  /// nil where no event happened while two groups were at risk: then nothing tells them apart. A group
  /// that had left before the first event counts for nothing.
  public static func test(_ groups: [[FollowUp]]) -> Result? {
    var moments = Moments(groups: groups.count)
    for (atRisk, events) in eventTimes(groups) { moments.add(atRisk, events) }
    let present = groups.indices.filter { moments.expected[$0] > 0 }
    guard present.count > 1 else { return nil }
    let chosen = Array(present.dropLast())
    var covariance = SmallMatrix(size: chosen.count)
    for (i, a) in chosen.enumerated() {
      for (j, b) in chosen.enumerated() { covariance[i, j] = moments.covariance[a, b] }
    }
    let difference = chosen.map { Double(moments.observed[$0]) - moments.expected[$0] }
    guard let solved = covariance.cholesky()?.solve(difference) else { return nil }
    let statistic = zip(difference, solved).reduce(0) { $0 + $1.0 * $1.1 }
    let degrees = Double(chosen.count)
    return Result(
      test: TestResult(
        statistic: statistic, degreesOfFreedom: degrees,
        p: ChiSquared(degreesOfFreedom: degrees).survival(statistic)),
      groups: groups.indices.map {
        Group(
          count: groups[$0].count, observed: moments.observed[$0],
          expected: moments.expected[$0])
      })
  }

  /// Every time with an event: at risk and events, by group.
  private static func eventTimes(_ groups: [[FollowUp]]) -> [(atRisk: [Int], events: [Int])] {
    let ordered = groups.map { $0.sorted { $0.time < $1.time } }
    var place = [Int](repeating: 0, count: groups.count)
    var rows: [(atRisk: [Int], events: [Int])] = []
    while true {
      let next = ordered.indices.compactMap { g in
        place[g] < ordered[g].count ? ordered[g][place[g]].time : nil
      }
      guard let time = next.min() else { return rows }
      let atRisk = ordered.indices.map { ordered[$0].count - place[$0] }
      var events = [Int](repeating: 0, count: groups.count)
      for g in ordered.indices {
        while place[g] < ordered[g].count, ordered[g][place[g]].time == time {
          events[g] += ordered[g][place[g]].isEvent ? 1 : 0
          place[g] += 1
        }
      }
      if events.contains(where: { $0 > 0 }) { rows.append((atRisk, events)) }
    }
  }

  private struct Moments {
    var observed: [Int]
    var expected: [Double]
    var covariance: SmallMatrix

    init(groups: Int) {
      observed = [Int](repeating: 0, count: groups)
      expected = [Double](repeating: 0, count: groups)
      covariance = SmallMatrix(size: groups)
    }

    mutating func add(_ atRisk: [Int], _ events: [Int]) {
      let n = Double(atRisk.reduce(0, +))
      let d = Double(events.reduce(0, +))
      let shares = atRisk.map { Double($0) / n }
      let spread = n > 1 ? d * (n - d) / (n - 1) : 0
      for a in atRisk.indices {
        observed[a] += events[a]
        expected[a] += d * shares[a]
        for b in atRisk.indices {
          covariance[a, b] += spread * shares[a] * ((a == b ? 1 : 0) - shares[b])
        }
      }
    }
  }
}
