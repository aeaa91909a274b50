import Foundation
import Separation
import TestSupport
import Testing
import Volumes

/// Random candidates on a grid in which every voxel has signal.
struct Lattice {
  let voxels: SignalVoxels
  let candidates: Buffer<Float>
  var prior = FieldPrior()
  var period: Double?

  init(_ nx: Int, _ ny: Int, _ nz: Int, seed: UInt64, period: Double? = nil) {
    let grid = VoxelGrid(
      nx: nx, ny: ny, nz: nz,
      affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    voxels = SignalVoxels(grid: grid, isSignal: Array(repeating: true, count: grid.count))
    candidates = Buffer(grid.count * 12, zero: 0)
    self.period = period
    var generator = SeededGenerator(seed: seed)
    for i in 0..<grid.count {
      for k in 0..<4 {
        candidates[i * 12 + k] = Float.random(in: -60...60, using: &generator)
        candidates[i * 12 + 4 + k] = Float.random(in: 0...16, using: &generator)
      }
    }
  }

  var inference: FieldMapInference {
    FieldMapInference(
      kernels: .best, voxels: voxels, candidates: candidates, period: period, prior: prior)
  }

  func own(_ i: Int, _ k: Int) -> Double {
    let costs = (0..<4).map { Double(candidates[i * 12 + 4 + $0]) }
    return min(prior.cap, costs[k] - (costs.min() ?? 0))
  }

  func pair(_ i: Int, _ a: Int, _ j: Int, _ b: Int) -> Double {
    var d = Double(candidates[i * 12 + a]) - Double(candidates[j * 12 + b])
    if let period { d -= (d / period).rounded() * period }
    return min(prior.most, d * d / (2 * prior.stepSD * prior.stepSD))
  }

  func chosen() -> [Int] {
    let choice = inference.choose()
    return (0..<choice.count).map { Int(choice[$0]) }
  }
}

@Suite struct MessagePassingTests {
  /// Single precision of messages: sums of a few hundred nats.
  static let rounding = 1e-3

  @Test(arguments: [(40, 1, 1), (1, 24, 1), (1, 1, 40)], [nil, 55.0])
  func chainsAreSolvedExactly(_ shape: (x: Int, y: Int, z: Int), _ period: Double?) {
    for seed in 1...8 {
      let lattice = Lattice(shape.x, shape.y, shape.z, seed: UInt64(seed), period: period)
      let count = shape.x * shape.y * shape.z
      // Dynamic programming.
      var cost = (0..<4).map { lattice.own(0, $0) }
      for i in 1..<count {
        cost = (0..<4).map { b in
          lattice.own(i, b) + ((0..<4).map { cost[$0] + lattice.pair(i - 1, $0, i, b) }.min() ?? 0)
        }
      }
      let least = cost.min() ?? .nan
      let chosen = lattice.chosen()
      var energy = lattice.own(0, chosen[0])
      for i in 1..<count {
        energy += lattice.own(i, chosen[i]) + lattice.pair(i - 1, chosen[i - 1], i, chosen[i])
      }
      #expect(abs(energy - least) < Self.rounding, "seed \(seed)")
      #expect(abs(lattice.inference.energy(of: lattice.inference.choose()) - least) < 0.01)
    }
  }

  /// Loops are not solved exactly: the energy's excess over the least of 4^9.
  @Test func squaresComeNearTheMinimum() {
    var edges: [(Int, Int)] = []
    for i in 0..<9 {
      if i % 3 < 2 { edges.append((i, i + 1)) }
      if i < 6 { edges.append((i, i + 3)) }
    }
    #expect(edges.count == 12)
    var (found, least, exact) = (0.0, 0.0, 0)
    let rounds = 24
    for seed in 0..<rounds {
      let shapes = [(3, 3, 1), (3, 1, 3), (1, 3, 3)]
      let shape = shapes[seed % 3]
      let lattice = Lattice(shape.0, shape.1, shape.2, seed: UInt64(100 + seed))
      let own: [Double] = (0..<36).map { lattice.own($0 / 4, $0 % 4) }
      let pairs: [Double] = edges.flatMap { edge in
        (0..<16).map { lattice.pair(edge.0, $0 / 4, edge.1, $0 % 4) }
      }
      func label(_ code: Int, _ i: Int) -> Int { (code >> (2 * i)) & 3 }
      func energy(_ code: Int) -> Double {
        var sum = 0.0
        for i in 0..<9 { sum += own[i * 4 + label(code, i)] }
        for (e, edge) in edges.enumerated() {
          sum += pairs[e * 16 + label(code, edge.0) * 4 + label(code, edge.1)]
        }
        return sum
      }
      var best = Double.infinity
      for code in 0..<(1 << 18) { best = min(best, energy(code)) }
      let chosen = lattice.chosen()
      var code = 0
      for i in 0..<9 { code |= chosen[i] << (2 * i) }
      #expect(energy(code) > best - 1e-6)
      // No square by more than a quarter, all together by less than 3 %.
      #expect(energy(code) < best * 1.25, "seed \(seed)")
      found += energy(code)
      least += best
      if energy(code) < best + 1e-3 { exact += 1 }
    }
    #expect(found < least * 1.03)
    #expect(exact > rounds / 2, "\(exact) of \(rounds)")
  }

  @Test func repetitionGivesTheSame() {
    let lattice = Lattice(37, 41, 5, seed: 9)
    let first = lattice.chosen()
    for _ in 0..<3 { #expect(lattice.chosen() == first) }
  }

  @Test(arguments: Kernels.available.map(\.name))
  func instructionSetsAgree(_ name: String) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    let lattice = Lattice(37, 41, 5, seed: 10, period: 100)
    let inference = FieldMapInference(
      kernels: kernels, voxels: lattice.voxels, candidates: lattice.candidates, period: 100)
    let (chosen, known) = (inference.choose(), lattice.inference.choose())
    // Ties within rounding may fall either way.
    let energies = (inference.energy(of: chosen), inference.energy(of: known))
    #expect(abs(energies.0 / energies.1 - 1) < 1e-3)
    let differing = (0..<known.count).count { chosen[$0] != known[$0] }
    #expect(differing < known.count / 200, "\(differing)")
  }

  /// A smooth field with a wrong candidate that costs a little less in every third voxel.
  @Test func neighboursOverruleAWrongMinimum() {
    let lattice = Lattice(20, 20, 4, seed: 3)
    for i in 0..<1600 {
      for k in 0..<4 { lattice.candidates[i * 12 + 4 + k] = 40 }
      let smooth = Float(i % 20) * 3 + Float(i / 20 % 20) * 2
      lattice.candidates[i * 12 + i % 4] = smooth
      lattice.candidates[i * 12 + 4 + i % 4] = i % 3 == 0 ? 2 : 0
      lattice.candidates[i * 12 + (i + 1) % 4] = smooth + 400
      lattice.candidates[i * 12 + 4 + (i + 1) % 4] = i % 3 == 0 ? 0 : 9
    }
    let chosen = lattice.chosen()
    #expect(chosen.enumerated().allSatisfy { $0.element == $0.offset % 4 })
  }
}
