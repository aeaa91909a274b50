import Foundation

/// Wall time of each step, for `benchmarks/`: printed on standard error where `--timings` asks.
struct Stopwatch {
  private let clock = ContinuousClock()
  private var last = ContinuousClock.now
  private var laps: [String] = []

  /// Ends the step that began at the lap before.
  mutating func lap(_ step: String) {
    let now = clock.now
    let seconds = (now - last) / .seconds(1)
    laps.append("\(step) \(String(format: "%.3f", seconds))")
    last = now
  }

  var report: String { "timings: \(laps.joined(separator: " "))\n" }
}
