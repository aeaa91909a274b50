/// A waiting time: when something ended it, and what; or how long nothing had.
public struct WaitingTime: Sendable, Hashable {
  public let time: Double
  /// Which of the competing causes ended it; nil where it is censored: at risk at `time`, not later.
  public let cause: Int?

  public init(time: Double, cause: Int?) {
    self.time = time
    self.cause = cause
  }
}

/// Waiting times counted by time: from one count the estimates after any time waited are made.
public struct WaitingTimes: Sendable {
  struct Count: Sendable {
    let time: Double
    /// Ended by any cause, by the one asked for, and all whose time this is.
    var events = 0
    var caused = 0
    var all = 0
  }

  /// In ascending order of time.
  let counts: [Count]

  /// - Parameters:
  ///   - waits: any order; times finite.
  ///   - cause: whose incidence is asked for.
  public init(_ waits: some Sequence<WaitingTime>, cause: Int) {
    var atTime: [Double: Count] = [:]
    for wait in waits {
      var found = atTime[wait.time] ?? Count(time: wait.time)
      found.all += 1
      if let ended = wait.cause {
        found.events += 1
        if ended == cause { found.caused += 1 }
      }
      atTime[wait.time] = found
    }
    counts = atTime.values.sorted { $0.time < $1.time }
  }
}
