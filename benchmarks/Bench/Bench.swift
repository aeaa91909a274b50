import Documents
import Foundation

/// Measures in one process what `benchmarks/run.py` puts into docs/benchmarks.md; prints one JSON
/// document. It exists only in builds with PDFF_BENCH set.
///
///     pdff-bench limits
///     pdff-bench kernels [RECIPE [SHAPE]]
///     pdff-bench elementwise [VOXELS]
///     pdff-bench inflate FILE.gz...
///     pdff-bench deflate FILE.gz...
@main
struct Bench {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let rest = Array(arguments.dropFirst())
    let found: JSONValue
    switch arguments.first {
    case "limits": found = limits()
    case "kernels":
      found = try kernels(recipe: rest.first ?? "volume-a", shape: rest.dropFirst().first)
    case "elementwise": found = try elementwise(voxels: rest.first.flatMap { Int($0) } ?? 4 << 20)
    case "inflate" where !rest.isEmpty: found = try inflating(rest)
    case "deflate" where !rest.isEmpty: found = try deflating(rest)
    default:
      FileHandle.standardError.write(
        Data("usage: pdff-bench limits|kernels|elementwise|inflate|deflate [FILE.gz...]\n".utf8))
      exit(64)
    }
    print(found.pretty(), terminator: "")
  }
}

/// Threads that are measured: one, and as many as there are cores.
let threadCounts: [Int] = {
  let cores = ProcessInfo.processInfo.activeProcessorCount
  return cores > 1 ? [1, cores] : [1]
}()

/// Seconds of the fastest of `repeats` runs.
func fastest(of repeats: Int, _ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<repeats {
    best = min(best, try clock.measure(body) / .seconds(1))
  }
  return best
}

/// Runs `body` over 0..<count in equal shares on so many threads.
func onThreads(_ threads: Int, _ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
  DispatchQueue.concurrentPerform(iterations: threads) { thread in
    body(count * thread / threads..<count * (thread + 1) / threads)
  }
}
