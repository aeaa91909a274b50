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
  let loop = onePlainLoop(inPhase.values, opposedPhase.values)
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
    "two-point as one plain loop": row(4 + 4 + 4 + 2, loop),
    "water and fat": row(4 + 4 + 4 + 2, waterFat),
    "magnitude and phase": row(8 + 8, polar),
  ]
}

/// What the two-point maps could take: the same arithmetic, sixteen voxels at once, into memory that is
/// there already, on one core.
private func onePlainLoop(_ inPhase: [Float], _ opposedPhase: [Float]) -> Double {
  typealias Lanes = SIMD16<Float>
  var fraction = [Float](repeating: 0, count: inPhase.count)
  var quality = [UInt16](repeating: 0, count: inPhase.count)
  let missing = Lanes(repeating: .nan)
  let threshold = Lanes(repeating: 20)
  return inPhase.withUnsafeBytes { first in
    opposedPhase.withUnsafeBytes { second in
      fraction.withUnsafeMutableBytes { fraction in
        quality.withUnsafeMutableBytes { quality in
          fastest(of: 9) {
            for at in stride(from: 0, to: first.count - 63, by: 64) {
              let ip = first.loadUnaligned(fromByteOffset: at, as: Lanes.self)
              let op = second.loadUnaligned(fromByteOffset: at, as: Lanes.self)
              let isKnown = (ip - ip) .== (op - op)  // false where either is not finite
              let isSignal = ip .> threshold
              var bits = SIMD16<Int32>(repeating: 1).replacing(with: 2048, where: isSignal)
              bits.replace(with: 2, where: .!isKnown)
              fraction.storeBytes(
                of: missing.replacing(with: (ip - op) / (ip + ip), where: isKnown .& isSignal),
                toByteOffset: at, as: Lanes.self)
              quality.storeBytes(
                of: SIMD16<UInt16>(truncatingIfNeeded: bits), toByteOffset: at / 2,
                as: SIMD16<UInt16>.self)
            }
          }
        }
      }
    }
  }
}
