import Foundation
import KernelTypes
import Separation
import TestSupport
import Volumes

/// A pair of independent standard normal values, by Box and Muller.
func normalPair(_ generator: inout SeededGenerator) -> Complex {
  let u = Double.random(in: 1e-12..<1, using: &generator)
  let v = Double.random(in: 0..<1, using: &generator)
  return Complex(phase: 2 * .pi * v) * (-2 * log(u)).squareRoot()
}

/// The signals of voxels with noise, shape (voxel, echo).
func simulate(_ voxels: [Voxel], _ echoes: Echoes, noise: Double = 0, seed: UInt64 = 1)
  -> [[Complex]]
{
  var generator = SeededGenerator(seed: seed)
  return voxels.map { voxel in
    echoes.signal(voxel).map { noise > 0 ? $0 + normalPair(&generator) * noise : $0 }
  }
}

/// Sixteen voxels side by side, shape (block, echo, 2, 16); the last block is filled up.
func pack(_ signals: [[Complex]]) -> Buffer<Float> {
  let echoes = signals[0].count
  let out = Buffer<Float>((signals.count + 15) / 16 * echoes * 32, zero: 0)
  for (i, signal) in signals.enumerated() {
    for (k, s) in signal.enumerated() {
      let at = ((i / 16 * echoes + k) * 2) * 16 + i % 16
      out[at] = Float(s.re)
      out[at + 16] = Float(s.im)
    }
  }
  return out
}

func tables(
  _ echoes: Echoes, noise: Double = 1, modelError: Double = 0,
  decays: [Double] = [10, 40, 90, 160, 260, 400, 600, 900], r2starMaximum: Double = 1500
) -> KernelTables {
  KernelTables(
    echoes.plan, decays: decays, noiseSD: noise, modelError: modelError,
    r2starMaximum: r2starMaximum)
}

/// What the fit kernel said of one voxel.
struct FitResult {
  let rows: [Float]
  subscript(_ row: FitRow) -> Double { Double(rows[row.rawValue]) }
  var water: Complex { Complex(self[.waterReal], self[.waterImaginary]) }
  var fat: Complex { Complex(self[.fatReal], self[.fatImaginary]) }
  /// |F| / (|W| + |F|).
  var fraction: Double { fat.magnitude / (water.magnitude + fat.magnitude) }
}

func fit(
  _ signals: [[Complex]], _ tables: KernelTables, start: [(psi: Double, r2star: Double)],
  kernels: Kernels = .best
) -> [FitResult] {
  let packed = pack(signals)
  let rows = FitRow.allCases.count
  let size = signals[0].count * 32
  var results: [FitResult] = []
  let out = Buffer<Float>(rows * 16, zero: 0)
  let begin = Buffer<Float>(32, zero: 0)
  for block in 0..<((signals.count + 15) / 16) {
    for lane in 0..<16 {
      let i = min(block * 16 + lane, signals.count - 1)
      begin[lane] = Float(start[i].psi)
      begin[16 + lane] = Float(start[i].r2star)
    }
    kernels.fitSignal(1, packed.pointer + block * size, begin.pointer, tables.fit, out.pointer)
    for lane in 0..<min(16, signals.count - block * 16) {
      results.append(FitResult(rows: (0..<rows).map { out[$0 * 16 + lane] }))
    }
  }
  return results
}

struct Candidate {
  var psi: Double
  var nats: Double
  var r2star: Double
}

/// The four candidates of each voxel.
func search(_ signals: [[Complex]], _ tables: KernelTables, kernels: Kernels = .best)
  -> [[Candidate]]
{
  let packed = pack(signals)
  let size = signals[0].count * 32
  let scratch = Buffer<Float>(tables.search.scratchLanes * 16, zero: 0)
  let out = Buffer<Float>(16 * 12, zero: 0)
  var results: [[Candidate]] = []
  for block in 0..<((signals.count + 15) / 16) {
    kernels.findCandidates(
      packed.pointer + block * size, tables.search, scratch.pointer, out.pointer)
    for lane in 0..<min(16, signals.count - block * 16) {
      results.append(
        (0..<4).map { k in
          func value(_ row: Int) -> Double { Double(out[lane * 12 + row * 4 + k]) }
          return Candidate(psi: value(0), nats: value(1), r2star: value(2))
        })
    }
  }
  return results
}
