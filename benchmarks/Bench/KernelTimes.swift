import CLimits
import Documents
import Foundation
import KernelTypes
import Phantoms
import Separation
import Volumes

/// Times the two kernels that do the arithmetic, on a phantom's tissue, for every instruction set and
/// number of threads; in turns with the set's peak, since machines that others share change their pace.
///
/// - Parameters:
///   - recipe: a phantom recipe with three complex echoes or more.
///   - shape: its grid, as "128x128x24".
func kernels(recipe name: String, shape: String?) throws -> JSONValue {
  var recipe = try Recipe.named(name)
  recipe.shape =
    shape.map { $0.split(separator: "x").compactMap { Int($0) } } ?? [128, 128, 24]
  let work = KernelWork(try make(recipe))
  let sets = Kernels.available.map { kernels in
    let bests = threadCounts.map { work.bests(kernels, threads: $0) }
    let rows: JSONValue = [
      "peak": byThreads(bests.map { .number($0.peak) }),
      "search_s": byThreads(bests.map { .number($0.search) }),
      "fit_s": byThreads(bests.map { .number($0.fit) }),
    ]
    return (kernels.name, rows)
  }
  let projections = work.projections()
  return [
    "recipe": .string(name), "voxels": .number(Double(work.voxels)),
    "echoes": .number(Double(work.tables.fit.echoes)),
    "projections": .number(projections.voxel),
    "block_projections": .number(projections.block),
    "search_operations": .number(Operations.search(work.tables.search)),
    "projection_operations": .number(Operations.projection(work.tables.fit)),
    "fit_operations": .number(Operations.fit(work.tables.fit, projections: projections.voxel)),
    "sets": .object(Dictionary(uniqueKeysWithValues: sets)),
  ]
}

/// A phantom's tissue in blocks of sixteen voxels, as the kernels take it, and room for results.
private struct KernelWork: Sendable {
  let tables: KernelTables
  let voxels: Int
  let blocks: Int
  /// Shape (block, echo, 2, 16).
  private let signal: Buffer<Float>
  /// Shape (block, 16, 3, 4).
  private let candidates: Buffer<Float>
  /// Shape (block, 2, 16): each voxel's best candidate.
  private let start: Buffer<Float>
  /// Shape (block, `FitRow`, 16).
  private let fits: Buffer<Float>

  init(_ phantom: Phantom) {
    let series = phantom.scan
    let n = series.echoTimes.count
    // Whole blocks only: no lane is padding.
    let tissue = phantom.tissue.enumerated().filter(\.element).map(\.offset)
    blocks = tissue.count / laneCount
    voxels = blocks * laneCount
    let sign: Float = phantom.precession == "-" ? -1 : 1
    signal = Buffer(voxels * n * 2, zero: 0)
    for (i, voxel) in tissue.prefix(voxels).enumerated() {
      for echo in 0..<n {
        let from = echo * series.grid.count + voxel
        let to = ((i / laneCount * n + echo) * 2) * laneCount + i % laneCount
        signal[to] = series.real[from]
        signal[to + laneCount] = sign * series.imaginary[from]
      }
    }
    tables = KernelTables(
      EchoProtocol(
        echoTimes: series.echoTimes, spectrum: .standard, frequency: phantom.imagingFrequency),
      decays: [10, 40, 90, 160, 260, 400, 600, 900], noiseSD: phantom.noiseSD, modelError: 0.02,
      r2starMaximum: 1500)
    candidates = Buffer(voxels * 3 * candidateCount, zero: 0)
    fits = Buffer(voxels * FitRow.allCases.count, zero: 0)
    start = Buffer(voxels * 2, zero: 0)
    search(.best, 1)
    for i in 0..<voxels {
      let at = i / laneCount * 2 * laneCount + i % laneCount
      start[at] = candidates[i * 12]
      start[at + laneCount] = candidates[i * 12 + 8]
    }
  }

  /// The least seconds of both kernels, and the greatest rate of multiply-adds, operations/s.
  func bests(_ kernels: Kernels, threads: Int) -> (search: Double, fit: Double, peak: Double) {
    let set = (0..<Int32(limits_sets)).first {
      String(cString: limits_set_name($0)) == kernels.name
    }
    var bests = (search: Double.infinity, fit: Double.infinity, peak: 0.0)
    for _ in 0..<8 {
      if let set { bests.peak = max(bests.peak, limits_arithmetic(set, Int32(threads))) }
      bests.search = min(bests.search, fastest(of: 3) { search(kernels, threads) })
      bests.fit = min(bests.fit, fastest(of: 10) { fit(kernels, threads, tables.fit) })
    }
    return bests
  }

  func search(_ kernels: Kernels, _ threads: Int) {
    let size = tables.fit.echoes * 2 * laneCount
    onThreads(threads, blocks) { range in
      withUnsafeTemporaryAllocation(
        of: Float.self, capacity: tables.search.scratchLanes * laneCount
      ) { scratch in
        guard let scratch = scratch.baseAddress else { return }
        for block in range {
          kernels.findCandidates(
            signal.pointer + block * size, tables.search, scratch,
            candidates.pointer + block * laneCount * 3 * candidateCount)
        }
      }
    }
  }

  func fit(_ kernels: Kernels, _ threads: Int, _ plan: FitPlan) {
    let size = plan.echoes * 2 * laneCount
    let rows = FitRow.allCases.count * laneCount
    onThreads(threads, blocks) { range in
      kernels.fitSignal(
        range.count, signal.pointer + range.lowerBound * size,
        start.pointer + range.lowerBound * 2 * laneCount, plan,
        fits.pointer + range.lowerBound * rows)
    }
  }

  /// Projections that a voxel needs and that a block makes, on average: the one at the start and one
  /// for each step until a voxel has converged by itself, and until all sixteen have. Found by allowing
  /// 1, 2, ... steps.
  func projections() -> (voxel: Double, block: Double) {
    var plan = tables.fit
    let most = plan.iterations
    var sum = (voxels: voxels, blocks: blocks)
    for steps in 0..<most {
      plan.iterations = steps
      fit(.best, 1, plan)
      for block in 0..<blocks {
        let row =
          fits.pointer + (block * FitRow.allCases.count + FitRow.converged.rawValue) * laneCount
        let unfinished = (0..<laneCount).count { row[$0] < 0.5 }
        sum.voxels += unfinished
        if unfinished > 0 { sum.blocks += 1 }
      }
    }
    return (Double(sum.voxels) / Double(voxels), Double(sum.blocks) / Double(blocks))
  }
}
