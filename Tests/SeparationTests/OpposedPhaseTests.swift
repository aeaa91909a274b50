import Separation
import TestSupport
import Testing
import Volumes

/// Water and fat of opposite phase and nearly one strength: W + F, by which PDFF divides, is noise.
@Suite struct OpposedPhaseTests {
  @Test func aRatioToNothingIsNoValue() throws {
    let echoes = Echoes(milliseconds: (1...6).map { 1.15 * Double($0) })
    let grid = cube(16)
    var voxel = Voxel(pdff: 0.5, r2star: 40, psi: 20)
    voxel.fat = voxel.fat * -1
    let clean = echoes.signal(voxel)
    let inside = (0..<grid.count).map { i in
      [i % 16, i / 16 % 16, i / 256].allSatisfy { (4..<12).contains($0) }
    }
    var random = SeededGenerator(seed: 8)
    var real = [Float](repeating: 0, count: grid.count * echoes.times.count)
    var imaginary = real
    for i in 0..<grid.count {
      for k in echoes.times.indices {
        let s = (inside[i] ? clean[k] : Complex(0)) + normalPair(&random) * 5
        real[k * grid.count + i] = Float(s.re)
        imaginary[k * grid.count + i] = Float(s.im)
      }
    }
    let maps = try separate(
      complex: EchoSeries(
        grid: grid, echoTimes: echoes.times.map { Seconds($0) }, real: real, imaginary: imaginary),
      frequency: larmorFrequency(at: Tesla(3)), settings: .init())
    let values = maps.fatFraction.values
    // A fraction, of the 512 voxels.
    #expect(values.allSatisfy { $0.isNaN || abs($0 - 0.5) <= 1.5 })
    let missing = inside.indices.filter { inside[$0] && values[$0].isNaN }
    #expect(missing.count > 256, "\(missing.count)")
    #expect(
      missing.allSatisfy {
        Quality(rawValue: maps.quality.values[$0]).contains(.unmeasurable)
          && maps.fatFractionSD?.values[$0].isNaN == true && maps.r2star?.values[$0].isNaN == false
      })
  }
}
