import Foundation
import Phantoms
import Scans
import Separation
import TestSupport
import Volumes

/// An array of touching vials in air, one of each fat fraction (along x) and R2* (along y), in a
/// smooth field: what the phantoms' own spectrum makes of it, without a line of the fit.
struct Vials {
  static let percents: [Double] = [0, 5, 10, 20, 30, 50, 70, 90, 100]
  static let rates: [Double] = [20, 45, 100, 200, 350, 500]
  /// Edge of a vial and width of the air around all of them, voxels.
  static let edge = 12
  static let air = 12

  let series: EchoSeries
  let frequency: Hertz

  /// Place of a vial.
  struct Cell: Hashable {
    var percent: Double
    var rate: Double
  }

  static let cells: [Cell] = rates.flatMap { rate in
    percents.map { Cell(percent: $0, rate: rate) }
  }

  /// - Parameters:
  ///   - slices: each holds `edge * edge` voxels of every vial.
  ///   - snr: |W + F| at TE = 0 over the standard deviation of one real channel.
  ///   - filling: factors by which the image was zero-filled along x, y; none for independent noise.
  ///   - masked: without signal, noise neither.
  init(
    echoes: Echoes, tesla: Double, snr: Double, slices: Int, seed: UInt64, filling: [Double] = [],
    masked: Bool = false
  ) {
    frequency = larmorFrequency(at: Tesla(tesla))
    let spectrum = SimulatedSpectrum.named("liver-six-peak")!
    let modulation = echoes.times.map {
      let c = spectrum.modulation(time: $0, imagingFrequency: 42.577478e6 * tesla)
      return Complex(c.x, c.y)
    }
    let grid = Self.grid(slices: slices)
    var real = [Float](repeating: 0, count: grid.count * echoes.times.count)
    var imaginary = real
    var generator = SeededGenerator(seed: seed)
    let filled = FilledNoise(shape: [grid.nx, grid.ny, grid.nz], factors: filling)
    let planes =
      filling.isEmpty ? [] : (0..<2 * echoes.times.count).map { _ in filled.plane(&generator) }
    for i in 0..<grid.count {
      let (x, y, z) = (i % grid.nx, i / grid.nx % grid.ny, i / (grid.nx * grid.ny))
      let cell = Self.cell(x, y)
      // Up to 80 Hz over the array, and a phase that turns.
      let (u, v) = (Double(x) / Double(grid.nx) - 0.5, Double(y) / Double(grid.ny) - 0.5)
      let field = 30 + 70 * u - 50 * v + 60 * u * v + 2 * Double(z)
      let turn = Complex(phase: 0.5 + 2 * u - 3 * v)
      for (k, time) in echoes.times.enumerated() {
        var s =
          planes.isEmpty
          ? normalPair(&generator) : Complex(planes[2 * k][i], planes[2 * k + 1][i])
        s = s * (masked && cell == nil ? 0 : 1000 / snr)
        if let cell {
          let fat = cell.percent / 100
          let spins = Complex(1 - fat) + modulation[k] * fat
          s =
            s + spins * Complex(phase: 2 * .pi * field * time) * turn
            * (1000 * exp(-cell.rate * time))
        }
        real[k * grid.count + i] = Float(s.re)
        imaginary[k * grid.count + i] = Float(s.im)
      }
    }
    series = EchoSeries(
      grid: grid, echoTimes: echoes.times.map { Seconds($0) }, real: real, imaginary: imaginary)
  }

  private static func grid(slices: Int) -> VoxelGrid {
    VoxelGrid(
      nx: percents.count * edge + 2 * air, ny: rates.count * edge + 2 * air, nz: slices,
      affine: Affine([2, 0, 0], [0, 2, 0], [0, 0, 5], origin: [0, 0, 0]))
  }

  private static func cell(_ x: Int, _ y: Int) -> Cell? {
    guard x >= air, y >= air, x < air + percents.count * edge, y < air + rates.count * edge else {
      return nil
    }
    return Cell(percent: percents[(x - air) / edge], rate: rates[(y - air) / edge])
  }

  /// Voxels of every vial.
  func members() -> [Cell: [Int]] {
    var members: [Cell: [Int]] = [:]
    for i in 0..<series.grid.count {
      let cell = Self.cell(i % series.grid.nx, i / series.grid.nx % series.grid.ny)
      if let cell { members[cell, default: []].append(i) }
    }
    return members
  }
}
