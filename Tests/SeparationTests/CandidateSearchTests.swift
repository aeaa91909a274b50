import Foundation
import KernelTypes
import Separation
import TestSupport
import Testing
import Volumes

/// Local minima of the residual over the field map, R2* profiled, by trying everything in Double.
struct BruteForce {
  let echoes: Echoes
  let decays: [Double]
  let window: Double
  let periodic: Bool
  let samples: Int

  /// Minima in order of cost: position in Hz, residual, R2*.
  func minima(_ signal: [Complex]) -> [(psi: Double, residual: Double, r2star: Double)] {
    let fine = 20
    let step = window / Double(samples * fine)
    let curve = (0..<(samples * fine)).map { i -> (residual: Double, r2star: Double) in
      let psi = -window / 2 + Double(i) * step
      let all = decays.map { (echoes.project(signal, psi: psi, r2star: $0).residual, $0) }
      return all.min { $0.0 < $1.0 } ?? (0, 0)
    }
    let n = curve.count
    var found: [(psi: Double, residual: Double, r2star: Double)] = []
    for i in 0..<n {
      if !periodic, i == 0 || i == n - 1 { continue }
      let (before, after) = (curve[(i + n - 1) % n].residual, curve[(i + 1) % n].residual)
      if curve[i].residual <= before, curve[i].residual < after {
        found.append((-window / 2 + Double(i) * step, curve[i].residual, curve[i].r2star))
      }
    }
    return found.sorted { $0.residual < $1.residual }
  }
}

@Suite struct CandidateSearchTests {
  static let decays: [Double] = [10, 90, 260, 600]
  static let noise = 25.0
  static let modelError = 0.02
  static let searched = [1, 2, 3].map { protocols[$0] }

  static let voxels: [Voxel] = [0, 0.1, 0.5, 0.95].flatMap { pdff in
    [(20.0, -310.0), (60, 37), (150, 120), (500, 430)].map { r2star, psi in
      Voxel(pdff: pdff, r2star: r2star, psi: psi)
    }
  }

  private func brute(_ echoes: Echoes, _ tables: KernelTables) -> BruteForce {
    BruteForce(
      echoes: echoes, decays: Self.decays, window: echoes.plan.window.value,
      periodic: echoes.plan.evenSpacing != nil, samples: tables.search.samples)
  }

  @Test(arguments: searched)
  func equalsTryingEverything(_ echoes: Echoes) throws {
    let tables = tables(
      echoes, noise: Self.noise, modelError: Self.modelError, decays: Self.decays)
    let brute = brute(echoes, tables)
    let step = Double(tables.search.sampleStep)
    let signals = simulate(Self.voxels, echoes, noise: Self.noise, seed: 11)
    for (signal, found) in zip(signals, search(signals, tables)) {
      let known = brute.minima(signal)
      let energy = signal.reduce(0) { $0 + $1.square }
      let variance =
        Self.noise * Self.noise
        + Self.modelError * Self.modelError * energy / Double(echoes.times.count)
      // A parabola through three of ten samples of an oscillation errs by 1.2e-3 of its amplitude
      // (fourth derivative), by more where the best R2* changes between them; each of two minima may.
      let tolerance = 2 * 2.4e-3 * energy / (2 * variance)
      #expect(found[0].nats == 0)
      #expect(zip(found, found.dropFirst()).allSatisfy { $0.nats <= $1.nats })
      let least = try #require(known.first).residual
      for (k, candidate) in found.enumerated() where candidate.nats < 1e4 {
        let near = known.min {
          distance($0.psi, candidate.psi, brute) < distance($1.psi, candidate.psi, brute)
        }
        let best = try #require(near)
        let nats = (best.residual - least) / (2 * variance)
        // At the end of an aperiodic window there is a candidate without a parabola.
        let atEdge = !brute.periodic && abs(abs(candidate.psi) - 600) < 1.5 * step
        if atEdge { continue }
        // A tenth of a sample; brute force itself is quantised to a twentieth.
        #expect(distance(best.psi, candidate.psi, brute) < (0.1 + 0.05) * step, "candidate \(k)")
        #expect(abs(candidate.nats - nats) < tolerance + 0.02, "candidate \(k)")
        // R2* is profiled: where two values cost the same either may be said.
        let said = echoes.project(signal, psi: best.psi, r2star: candidate.r2star).residual
        #expect((said - best.residual) / (2 * variance) < 2 * tolerance + 0.02)
        #expect(Self.decays.contains(candidate.r2star))
      }
      // Every minimum that matters is among the four.
      for minimum in known.prefix(3)
      where (minimum.residual - least) / (2 * variance) < (found[3].nats - tolerance) {
        #expect(
          found.contains { distance($0.psi, minimum.psi, brute) < step },
          "missed \(minimum)")
      }
    }
  }

  private func distance(_ a: Double, _ b: Double, _ brute: BruteForce) -> Double {
    let d = abs(a - b)
    guard brute.periodic else { return d }
    return min(
      d.truncatingRemainder(dividingBy: brute.window),
      brute.window - d.truncatingRemainder(dividingBy: brute.window))
  }

  /// Even echoes see the field modulo 1 / spacing, across the ends of the window too.
  @Test func theWindowWrapsAround() {
    let echoes = protocols[2]
    let period = echoes.plan.window.value
    let tables = tables(echoes, noise: 5)
    let step = Double(tables.search.sampleStep)
    let offsets = [-0.5, -0.499, 0.4995, 0, 0.37].map { $0 * period }
    for turns in [-1.0, 0, 2] {
      let voxels = offsets.map { Voxel(pdff: 0.2, r2star: 40, psi: $0 + turns * period) }
      let found = search(simulate(voxels, echoes), tables)
      for (candidates, psi) in zip(found, offsets) {
        let d = (candidates[0].psi - psi) / period
        #expect(abs(d - d.rounded()) * period < 0.1 * step, "\(psi) \(candidates)")
        #expect(abs(candidates[0].psi) <= period / 2 + step)
      }
    }
  }

  @Test(arguments: Kernels.available.map(\.name), searched)
  func instructionSetsAgree(_ name: String, _ echoes: Echoes) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    let tables = tables(echoes, noise: Self.noise, modelError: Self.modelError)
    let signals = simulate(Self.voxels, echoes, noise: Self.noise, seed: 12)
    let step = Double(tables.search.sampleStep)
    for (a, b) in zip(
      search(signals, tables, kernels: .baseline), search(signals, tables, kernels: kernels))
    {
      for (p, q) in zip(a, b) where p.nats < 1e4 {
        // Rounding of sums of 15 products of single precision: 2e-6 of up to 2000 nats.
        #expect(abs(p.nats - q.nats) < 4e-3)
        #expect(abs(p.psi - q.psi) < 1e-3 * step)
      }
    }
  }
}
