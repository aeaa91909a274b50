import Documents
import KernelTypes
import Scans
import Separation
import Volumes

/// Times what does a few operations on every voxel, against the bytes that it must read and write.
///
/// Keys: for each operation "bytes" per voxel, seconds, and how many cores it uses.
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
  let arithmetic = inPlace(inPhase.values, opposedPhase.values)
  var (real, imaginary) = (bright, bright.map { $0 / 200 - 2.5 })
  let polar = fastest(of: 5) {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        PolarKernel.combine(real: real, imaginary: imaginary, quarterTurns: 1)
      }
    }
  }
  func row(_ bytes: Int, _ seconds: Double, cores: Int) -> JSONValue {
    [
      "bytes": .number(Double(bytes)), "seconds": .number(seconds),
      "cores": .number(Double(cores)),
    ]
  }
  let all = threadCounts[threadCounts.count - 1]
  // A map is a float and a quality word of two bytes.
  return [
    "voxels": .number(Double(grid.count)),
    "two-point": row(4 + 4 + 4 + 2, twoPoint, cores: all),
    "two-point, arithmetic alone": row(4 + 4 + 4 + 2, arithmetic, cores: all),
    "water and fat": row(4 + 4 + 4 + 2, waterFat, cores: all),
    "magnitude and phase": row(8 + 8, polar, cores: 1),
  ]
}

/// The arithmetic of the two-point maps alone, into memory that is there already.
private func inPlace(_ inPhase: [Float], _ opposedPhase: [Float]) -> Double {
  var fraction = [Float](repeating: 0, count: inPhase.count)
  var quality = [UInt16](repeating: 0, count: inPhase.count)
  return inPhase.withUnsafeBufferPointer { ip in
    opposedPhase.withUnsafeBufferPointer { op in
      fraction.withUnsafeMutableBufferPointer { fraction in
        quality.withUnsafeMutableBufferPointer { quality in
          fastest(of: 20) {
            RatioPlan.twoPoint(threshold: 20).divide(
              ip, op, into: fraction, quality, kernels: .best)
          }
        }
      }
    }
  }
}
