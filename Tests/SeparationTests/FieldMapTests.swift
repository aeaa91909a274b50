import Separation
import TestSupport
import Testing
import Volumes

/// Organs of water whose fields differ by what a swap shifts it, four echoes at 1.5 T: where a voxel's
/// echoes, its neighbours and its neighbours' distance contradict each other.
struct TouchingOrgans {
  static let echoes = Echoes(milliseconds: (0..<4).map { 1.744 + 3.076 * Double($0) }, tesla: 1.5)
  /// The field at which water is explained as fat next to water at 0 Hz.
  static let swapped = -105.0

  let grid: VoxelGrid
  let frequency = larmorFrequency(at: Tesla(1.5))
  /// Whether each voxel is tissue, shape (x, y, z).
  var isTissue: [Bool]
  var series: EchoSeries

  /// - Parameters:
  ///   - shape: voxels along x, y, z; the outer six in x and y are air.
  ///   - spacing: edges of a voxel, mm.
  ///   - snr: |W + F| over the noise of one real channel.
  ///   - voxel: field map in Hz, and what the phase of each echo is bent by, rad.
  init(
    _ shape: SIMD3<Int>, spacing: SIMD3<Double>, snr: Double, seed: UInt64,
    voxel: (_ x: Int, _ y: Int, _ z: Int) -> (psi: Double, bent: [Double])
  ) {
    grid = VoxelGrid(
      nx: shape.x, ny: shape.y, nz: shape.z,
      affine: Affine(
        SIMD3(spacing.x, 0, 0), SIMD3(0, spacing.y, 0), SIMD3(0, 0, spacing.z), origin: .zero))
    var generator = SeededGenerator(seed: seed)
    let echoes = Self.echoes
    let n = echoes.times.count
    isTissue = [Bool](repeating: false, count: grid.count)
    var real = [Float](repeating: 0, count: grid.count * n)
    var imaginary = real
    for z in 0..<shape.z {
      for y in 0..<shape.y {
        for x in 0..<shape.x {
          let at = grid.index(x, y, z)
          isTissue[at] = (6..<shape.x - 6).contains(x) && (6..<shape.y - 6).contains(y)
          let (psi, bent) = voxel(x, y, z)
          let clean = echoes.signal(Voxel(pdff: 0, r2star: 30, psi: psi))
          for k in 0..<n {
            let tissue = isTissue[at] ? clean[k] * Complex(phase: bent[k]) : Complex(0)
            let s = tissue + normalPair(&generator) * (1000 / snr)
            real[k * grid.count + at] = Float(s.re)
            imaginary[k * grid.count + at] = Float(s.im)
          }
        }
      }
    }
    series = EchoSeries(
      grid: grid, echoTimes: echoes.times.map { Seconds($0) }, real: real, imaginary: imaginary)
  }

  /// Number of voxels of tissue that read as fat.
  func swappedVoxels() throws -> Int {
    let maps = try separate(complex: series, frequency: frequency, settings: .init())
    return isTissue.indices.count { isTissue[$0] && maps.fatFraction.values[$0] > 0.5 }
  }
}

@Suite struct FieldMapTests {
  static let straight = [0.0, 0, 0, 0]

  /// The border between two organs slants, and the next slice lies 10 mm away: what is beneath says less
  /// than the voxel's own echoes and its slice.
  @Test(arguments: [6, 10])
  func theNextSliceIsFarAway(_ slant: Int) throws {
    let organs = TouchingOrgans([44, 36, 2], spacing: [1.5, 1.5, 10], snr: 100, seed: 21) {
      x, _, z in (x < 18 + slant * z ? TouchingOrgans.swapped : 0, Self.straight)
    }
    let swapped = try organs.swappedVoxels()
    // Of the slant's 24 rows one column at the border may go either way.
    #expect(swapped <= 24, "\(swapped) of \(24 * slant)")
  }

  /// At an SNR so low that the weights of pairs in the slice decide many voxels.
  @Test func theThicknessOfASingleSliceSaysNothing() throws {
    let maps = try [0.1, 1.5, 20].map { thickness in
      let organs = TouchingOrgans([44, 36, 1], spacing: [1.5, 1.5, thickness], snr: 2.5, seed: 23) {
        x, _, _ in (x < 20 ? 0 : 40, Self.straight)
      }
      return try separate(complex: organs.series, frequency: organs.frequency, settings: .init())
        .fieldMap?.values.map(\.bitPattern)
    }
    #expect(maps[0] == maps[1] && maps[1] == maps[2])
  }

  /// Where flow bends the phase of two echoes, fat explains water better than water does, but with water
  /// and fat out of phase.
  @Test func waterAndFatAreInPhase() throws {
    let organs = TouchingOrgans([44, 36, 2], spacing: [1.5, 1.5, 1.5], snr: 50, seed: 22) {
      x, y, _ in
      let flows = (24..<38).contains(x) && (6..<20).contains(y)
      return (flows ? 40 : 0, flows ? [0, 0.3, 0.3, 0] : Self.straight)
    }
    let swapped = try organs.swappedVoxels()
    #expect(swapped < organs.isTissue.count { $0 } / 500, "\(swapped)")
  }
}
