import KernelTypes
import Separation
import TestSupport
import Testing
import Volumes

/// Random small problems, held against all of their 2^n answers.
@Suite struct BinaryChoicesTests {
  struct Problem {
    let alone: [Int]
    let pairs: [(a: Int, b: Int, cost: Int)]

    init(seed: UInt64, costs: ClosedRange<Int>) {
      var generator = SeededGenerator(seed: seed)
      let count = Int.random(in: 2...10, using: &generator)
      alone = (0..<count).map { _ in Int.random(in: -20...20, using: &generator) }
      pairs = (0..<(2 * count)).compactMap { _ in
        let a = Int.random(in: 0..<count, using: &generator)
        let b = Int.random(in: 0..<count, using: &generator)
        return a == b ? nil : (a, b, Int.random(in: costs, using: &generator))
      }
    }

    func cost(_ yes: [Bool]) -> Int {
      yes.indices.reduce(0) { $0 + (yes[$1] ? alone[$1] : 0) }
        + pairs.reduce(0) { $0 + (!yes[$1.a] && yes[$1.b] ? $1.cost : 0) }
    }

    func answers() -> [[Bool]] {
      (0..<(1 << alone.count)).map { code in alone.indices.map { code >> $0 & 1 == 1 } }
    }

    func solve() -> [Bool] {
      var choices = BinaryChoices(count: alone.count)
      for (i, cost) in alone.enumerated() { choices.add(i, cost: Int32(cost)) }
      for pair in pairs { choices.add(pair.a, pair.b, cost: Int32(pair.cost)) }
      return choices.solve()
    }
  }

  /// Where pairs only ever ask for likeness the answer is exact.
  @Test func likenessIsSolvedExactly() {
    for seed in 0..<400 as Range<UInt64> {
      let problem = Problem(seed: seed, costs: 0...15)
      let least = problem.answers().map(problem.cost).min()
      #expect(problem.cost(problem.solve()) == least, "seed \(seed)")
    }
  }

  /// With pairs of either sign: every yes is a yes of some best answer, all of them together.
  @Test func everyYesBelongsToABestAnswer() {
    var some = 0
    for seed in 1000..<1400 as Range<UInt64> {
      let problem = Problem(seed: seed, costs: -15...15)
      let answers = problem.answers()
      let least = answers.map(problem.cost).min()
      let found = problem.solve()
      let agrees = answers.contains { answer in
        problem.cost(answer) == least && zip(found, answer).allSatisfy { !$0 || $1 }
      }
      #expect(agrees, "seed \(seed)")
      #expect(problem.cost(found) <= 0, "seed \(seed)")
      if found.contains(true) { some += 1 }
    }
    #expect(some > 200, "\(some)")
  }
}

/// What message passing leaves behind, mended by moves of blocks.
@Suite struct BlockMovesTests {
  /// Two neighbouring slabs with two minima each, 200 Hz apart. All voxels of the left lean to the
  /// lower by a hair, those of the right to the upper by more: one field for both costs least, since
  /// the border between them would cost 40 nats a pair.
  @Test(arguments: [nil, 420.0])
  func anOrganIsNotCutInTwo(_ period: Double?) {
    let lattice = Lattice(24, 16, 6, seed: 1, period: period)
    var prior = FieldPrior()
    prior.sweeps = 0
    for i in 0..<(24 * 16 * 6) {
      let left = i % 24 < 10
      for k in 0..<4 {
        lattice.candidates[i * 12 + k] = k == 0 ? -100 : 100
        lattice.candidates[i * 12 + 4 + k] = k < 2 ? 0 : 1e5
      }
      lattice.candidates[i * 12 + 4 + (left ? 1 : 0)] = left ? 0.3 : 0.8
    }
    let inference = FieldMapInference(
      kernels: .best, voxels: lattice.voxels, candidates: lattice.candidates, period: period,
      prior: prior)
    let choice = inference.choose()
    #expect((0..<choice.count).allSatisfy { choice[$0] == 1 })
  }
}
