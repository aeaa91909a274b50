/// Wall time of each stage of a separation, for `benchmarks/`: handed to `separate` where it is wanted,
/// and read after it.
public final class StageTimes {
  /// Stages in the order of their ends, and the seconds of each.
  public private(set) var laps: [(stage: String, seconds: Double)] = []
  private var last = ContinuousClock.now

  public init() {}

  /// The next stage begins now.
  package func start() { last = .now }

  /// Ends the stage that began at the lap before.
  package func lap(_ stage: String) {
    let now = ContinuousClock.now
    laps.append((stage, (now - last) / .seconds(1)))
    last = now
  }
}
