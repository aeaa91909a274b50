import Foundation
import Phantoms
import Regions
import Separation
import TestSupport
import Volumes

/// A tumour in a liver in air, scanned with noise: what the phantoms' own spectrum makes of it, without
/// a line of the fit.
struct SimulatedTumour {
  /// PDFF of the tumour in percent at a distance of so many voxels from its middle.
  enum Profile: Sendable {
    /// 5 % all over, the liver 12 %.
    case sharp
    /// 1 % in the middle, 0.9 percentage points more with every voxel, into the liver too.
    case rising

    func percent(_ distance: Double) -> Double {
      switch self {
      case .sharp: distance <= SimulatedTumour.radius ? 5 : 12
      case .rising: 1 + 0.9 * distance
      }
    }
  }

  static let grid = VoxelGrid(
    nx: 40, ny: 40, nz: 4,
    affine: Affine([2.5, 0, 0], [0, 2.5, 0], [0, 0, 6], origin: [0, 0, 0]))
  /// Of the tumour and of the liver, voxels.
  static let radius = 6.0
  static let liver = 13.0
  static let frequency = larmorFrequency(at: Tesla(3))
  static let times = (1...6).map { 0.00115 * Double($0) }

  let profile: Profile
  /// |W + F| at TE = 0 over the standard deviation of one real channel.
  var snr = 30.0
  /// Factors by which the images were zero-filled along x and y.
  var filling: [Double] = []

  static func distance(_ voxel: Int) -> Double {
    let (x, y) = (Double(voxel % grid.nx) - 19.7, Double(voxel / grid.nx % grid.ny) - 19.4)
    return (x * x + y * y).squareRoot()
  }

  /// The tumour, drawn with a contour so many voxels too large.
  static func region(shift: Double = 0) -> Region {
    let voxels = (0..<grid.count).filter { i in
      (1...2).contains(i / (grid.nx * grid.ny)) && distance(i) <= radius + shift
    }
    return Region(label: 1, name: "tumour", grid: grid, voxels: voxels)
  }

  /// True PDFF of the voxels of a region, percent.
  func truth(_ region: Region) -> [Double] {
    region.voxels.map { profile.percent(Self.distance($0)) }
  }

  /// One scan, separated.
  func scan(_ random: inout SeededGenerator) throws -> SeparatedMaps {
    let (grid, times) = (Self.grid, Self.times)
    let spectrum = SimulatedSpectrum.named("liver-six-peak")!
    let modulation = times.map {
      spectrum.modulation(time: $0, imagingFrequency: Self.frequency.value)
    }
    let noise = FilledNoise(shape: [grid.nx, grid.ny, grid.nz], factors: filling)
    var real: [Float] = []
    var imaginary: [Float] = []
    for (k, time) in times.enumerated() {
      let (re, im) = (noise.plane(&random), noise.plane(&random))
      for i in 0..<grid.count {
        var signal = SIMD2(re[i], im[i]) * (1000 / snr)
        let distance = Self.distance(i)
        if distance <= Self.liver {
          let fat = profile.percent(distance) / 100
          let spins = SIMD2(1 - fat, 0) + fat * SIMD2(modulation[k].x, modulation[k].y)
          let (x, y) = (Double(i % grid.nx) / 40 - 0.5, Double(i / grid.nx % grid.ny) / 40 - 0.5)
          let field = 20 + 60 * x - 50 * y + 40 * x * y
          let angle = 2 * Double.pi * field * time + 0.4 + x - 2 * y
          let turn = SIMD2(cos(angle), sin(angle)) * (1000 * exp(-40 * time))
          signal += SIMD2(
            spins.x * turn.x - spins.y * turn.y, spins.x * turn.y + spins.y * turn.x)
        }
        real.append(Float(signal.x))
        imaginary.append(Float(signal.y))
      }
    }
    return try separate(
      complex: EchoSeries(
        grid: grid, echoTimes: times.map { Seconds($0) }, real: real, imaginary: imaginary),
      frequency: Self.frequency, settings: SeparationSettings())
  }
}

/// A standard normal variable.
func normal(_ random: inout SeededGenerator) -> Double {
  let u = Double.random(in: 1e-12..<1, using: &random)
  return (-2 * log(u)).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
}

/// Mean and standard deviation (n - 1).
func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot())
}
