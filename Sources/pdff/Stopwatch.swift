import Foundation

/// Wall time of each step, for `benchmarks/`: printed on standard error where `--timings` asks.
struct Stopwatch {
  private let clock = ContinuousClock()
  private var last = ContinuousClock.now
  private var laps: [String] = []

  /// Ends the step that began at the lap before; its stages are told as `step.stage`.
  mutating func lap(_ step: String, of stages: [(stage: String, seconds: Double)] = []) {
    let now = clock.now
    tell(step, (now - last) / .seconds(1))
    for lap in stages { tell("\(step).\(lap.stage)", lap.seconds) }
    last = now
  }

  private mutating func tell(_ name: String, _ seconds: Double) {
    laps.append("\(name) \(String(format: "%.4f", seconds))")
  }

  var report: String { "timings: \(laps.joined(separator: " "))\n" }
}
