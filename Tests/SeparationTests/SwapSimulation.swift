import Foundation
import Separation
import TestSupport
import Testing
import Volumes

/// Islands of one tissue each, of 1 to 500 voxels, half of which are given to the alarm with fat and
/// water exchanged: what it says, and what is so.
struct SwapSimulation {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var tesla: Double
    var milliseconds: [Double]
    /// R2* of the islands, 1/s, any as likely as another.
    var r2star = 20.0...100
    /// Standard deviation of the angle between water and fat at TE = 0, one for each island, rad.
    var phaseSD = 0.0
    var testDescription: String { name }
  }

  static let protocols: [Case] = [
    Case(name: "3 T, 1.15 n, six", tesla: 3, milliseconds: (1...6).map { 1.15 * Double($0) }),
    Case(
      name: "3 T, 1.2 + 1.6 n, six", tesla: 3, milliseconds: (0..<6).map { 1.2 + 1.6 * Double($0) }),
    Case(
      name: "1.5 T, 1.2 + 2.0 n, six", tesla: 1.5,
      milliseconds: (0..<6).map { 1.2 + 2 * Double($0) }),
    Case(
      name: "3 T, 1.22 + 0.98 n, four", tesla: 3,
      milliseconds: (0..<4).map { 1.22 + 0.98 * Double($0) }),
    Case(name: "1.5 T, 1.6 + 2.2 n, three", tesla: 1.5, milliseconds: [1.6, 3.8, 6]),
    Case(
      name: "3 T, uneven, six", tesla: 3, milliseconds: [1.1, 2.0, 3.2, 4.1, 5.6, 6.9]),
  ]

  /// Three echoes at which fat is in phase with water.
  static let inPhase = Case(name: "1.5 T, 2.3 n, three", tesla: 1.5, milliseconds: [2.3, 4.6, 6.9])

  /// Three echoes by what tissue is like, and by echo times that tell less.
  static let threeEchoes: [Case] = {
    func at(_ tesla: Double, _ name: String, _ milliseconds: [Double]) -> Case {
      Case(name: "\(tesla) T, \(name)", tesla: tesla, milliseconds: milliseconds)
    }
    func phase(_ sd: Double, _ example: Case) -> Case {
      var example = example
      example.name += "; phase \(sd)"
      example.phaseSD = sd
      return example
    }
    func decay(_ r2star: ClosedRange<Double>, _ example: Case) -> Case {
      var example = example
      example.name += "; R2* \(Int(r2star.lowerBound))...\(Int(r2star.upperBound))"
      example.r2star = r2star
      return example
    }
    let usual = at(1.5, "1.6 + 2.2 n", [1.6, 3.8, 6])
    let short = at(3, "1.2 + 1.0 n", [1.2, 2.2, 3.2])
    return [
      decay(0...150, usual), decay(30...70, usual), phase(0.5, usual),
      at(1.5, "1.2 + 2.0 n", [1.2, 3.2, 5.2]),
      inPhase, phase(0.5, inPhase), short, phase(0.5, short),
      phase(0.5, at(3, "1.1, 2.0, 3.2", [1.1, 2, 3.2])),
    ]
  }()

  /// One region as the alarm saw it.
  struct Outcome {
    var voxels: Int
    var probability: Double
    var verdict: SwapRegion.Verdict
    /// Whether its map is the exchanged one: the field lies, on average, within a quarter of the shift
    /// from it, or from the true one. nil where the map given is neither (fits from where a voxel has
    /// no minimum end elsewhere).
    var isSwapped: Bool?
  }

  private static let cells = 4
  private static let pitch = 9

  private let echoes: Echoes
  private let grid: VoxelGrid
  private let frequency: Hertz
  private let noiseSD: Double
  private let fieldMap: Volume<Float>
  private let r2star: Volume<Float>
  private let trueField: Volume<Float>
  private let series: EchoSeries

  /// - Parameters:
  ///   - snr: |W + F| over the noise of one real channel.
  ///   - pure: whether all islands are water or fat alone.
  ///   - modelError: what the model cannot follow, alike all over a region, as a share of the signal.
  init(
    _ example: Case, snr: Double, modelError: Double, seed: UInt64, pure: Bool = false
  ) {
    var generator = SeededGenerator(seed: seed)
    let echoes = Echoes(milliseconds: example.milliseconds, tesla: example.tesla)
    frequency = larmorFrequency(at: Tesla(example.tesla))
    let side = Self.cells * Self.pitch
    grid = VoxelGrid(
      nx: side, ny: side, nz: side,
      affine: Affine(
        SIMD3(1.8, 0, 0), SIMD3(0, 1.8, 0), SIMD3(0, 0, 1.8), origin: SIMD3(0, 0, 0)))
    noiseSD = 1000 / snr
    var field = Volume<Float>(grid: grid, repeating: .nan)
    var (given, decay) = (field, field)
    let n = echoes.times.count
    var real = [Float](repeating: 0, count: grid.count * n)
    var imaginary = real
    for cell in 0..<(Self.cells * Self.cells * Self.cells) {
      let island = Island(
        of: example, swapped: cell.isMultiple(of: 2), fatShift: 3.4 * frequency.megahertz,
        pure: pure, using: &generator)
      let wrong = (0..<n).map { _ in normalPair(&generator) * modelError }
      for (at, place) in island.places(cell: cell, cells: Self.cells, pitch: Self.pitch) {
        let voxel = island.voxel(place)
        field.values[at] = Float(voxel.psi)
        given.values[at] = Float(voxel.psi + island.shift)
        decay.values[at] = Float(voxel.r2star)
        let clean = echoes.signal(voxel)
        let size = (clean.reduce(0) { $0 + $1.square } / Double(n)).squareRoot()
        for k in 0..<n {
          let turn = Complex(phase: 2 * .pi * voxel.psi * echoes.times[k])
          let s = clean[k] + wrong[k] * turn * size + normalPair(&generator) * noiseSD
          real[k * grid.count + at] = Float(s.re)
          imaginary[k * grid.count + at] = Float(s.im)
        }
      }
    }
    self.echoes = echoes
    trueField = field
    fieldMap = given
    r2star = decay
    series = EchoSeries(
      grid: grid, echoTimes: echoes.times.map { Seconds($0) }, real: real, imaginary: imaginary)
  }

  func outcomes() -> [Outcome] {
    let (regions, ofVoxel, judged) = ComplexSeparation.judgeSwaps(
      fieldMap: fieldMap, r2star: r2star, series: series, frequency: frequency, conjugated: false,
      noiseSD: noiseSD, settings: .init())
    let period = echoes.plan.evenSpacing.map { 1 / $0.value }
    func wrapped(_ d: Double) -> Double { period.map { d - (d / $0).rounded() * $0 } ?? d }
    let step = abs(wrapped(3.4 * frequency.megahertz))
    var off = [Double](repeating: 0, count: regions.count)
    for (at, r) in ofVoxel.values.enumerated() where r >= 0 {
      off[Int(r)] += abs(wrapped(Double(judged.values[at] - trueField.values[at])))
    }
    return zip(regions, off).map { region, sum in
      let share = sum / Double(region.voxels) / step
      return Outcome(
        voxels: region.voxels, probability: region.probability, verdict: region.verdict,
        isSwapped: share < 0.25 ? false : abs(share - 1) < 0.25 ? true : nil)
    }
  }
}

/// One island: its size, its tissue, and the shift of the field that it is given with.
private struct Island {
  let size: Int
  let pdff: Double
  let r2star: Double
  let phase: Double
  let psi: Double
  let slope: Double
  let shift: Double

  init(
    of example: SwapSimulation.Case, swapped: Bool, fatShift: Double, pure: Bool,
    using generator: inout SeededGenerator
  ) {
    size = Int(exp(Double.random(in: 0..<log(501), using: &generator)))
    let kind = Double.random(in: 0..<(pure ? 0.4 : 1), using: &generator)
    let mixed = Double.random(in: 0...1, using: &generator)
    // A fifth is pure water, a fifth pure fat.
    pdff = kind < 0.2 ? 0 : kind < 0.4 ? 1 : mixed
    r2star = Double.random(in: example.r2star, using: &generator)
    phase = normalPair(&generator).re * example.phaseSD
    psi = Double.random(in: -80...80, using: &generator)
    slope = Double.random(in: -5...5, using: &generator)
    // Water taken for fat lies at a higher field, fat taken for water at a lower one.
    shift = swapped ? (pdff < 0.5 ? fatShift : -fatShift) : 0
  }

  func voxel(_ place: SIMD3<Int>) -> Voxel {
    var voxel = Voxel(pdff: pdff, r2star: r2star, psi: psi + slope * Double(place.x))
    voxel.fat = voxel.fat * Complex(phase: phase)
    return voxel
  }

  /// The voxels next to the middle of a cell: index in the grid, place in the cell.
  func places(cell: Int, cells: Int, pitch: Int) -> [(Int, SIMD3<Int>)] {
    let corner = SIMD3(cell % cells, cell / cells % cells, cell / (cells * cells)) &* pitch
    let side = cells * pitch
    var all: [(distance: Int, place: SIMD3<Int>)] = []
    for z in 0..<(pitch - 1) {
      for y in 0..<(pitch - 1) {
        for x in 0..<(pitch - 1) {
          let d = SIMD3(x, y, z) &* 2 &- (pitch - 2)
          all.append(((d &* d).wrappedSum(), SIMD3(x, y, z)))
        }
      }
    }
    return all.sorted { $0.distance < $1.distance }.prefix(size).map {
      let p = corner &+ $0.place
      return ((p.z * side + p.y) * side + p.x, $0.place)
    }
  }
}
