import Documents
import Scans
import Separation
import Volumes

/// Times what does a few operations on every voxel, against the bytes that it must read and write.
///
/// Keys: for each operation and instruction set that it has, "bytes" per voxel and seconds.
func elementwise(voxels: Int) throws -> JSONValue {
  let side = 256
  let grid = VoxelGrid(
    nx: side, ny: side, nz: max(1, voxels / (side * side)),
    affine: Affine(SIMD3(1.5, 0, 0), SIMD3(0, 1.5, 0), SIMD3(0, 0, 5), origin: SIMD3()))
  let bright = (0..<grid.count).map { Float(400 + $0 % 613) }
  let inPhase = Volume(grid: grid, values: bright)
  let opposedPhase = Volume(grid: grid, values: bright.map { $0 * 0.8 })
  let settings = SeparationSettings()
  let twoPoint = try fastest(of: 5) {
    _ = try separate(inPhase: inPhase, opposedPhase: opposedPhase, settings: settings)
  }
  let waterFat = try fastest(of: 5) {
    _ = try separate(water: inPhase, fat: opposedPhase, settings: settings)
  }
  var (real, imaginary) = (bright, bright.map { $0 / 200 - 2.5 })
  let polar = fastest(of: 5) {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        PolarKernel.combine(real: real, imaginary: imaginary, quarterTurns: 1)
      }
    }
  }
  func row(_ bytes: Int, _ seconds: Double) -> JSONValue {
    ["bytes": .number(Double(bytes)), "seconds": .number(seconds)]
  }
  // A map is a float and a quality word of two bytes.
  return [
    "voxels": .number(Double(grid.count)),
    "two-point": row(4 + 4 + 4 + 2, twoPoint),
    "water and fat": row(4 + 4 + 4 + 2, waterFat),
    "magnitude and phase": row(8 + 8, polar),
  ]
}
