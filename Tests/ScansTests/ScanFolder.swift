import Foundation
import Scans
import TestSupport
import Volumes

/// A folder of synthetic images, removed with its owner. Values are seeded; noise in air lets phase
/// take every angle, as scanners' images do.
final class ScanFolder {
  static let grid = ScanFolder.grid(nx: 9, ny: 7, nz: 3)

  static func grid(nx: Int, ny: Int, nz: Int, shift: Double = 0, spacing: Double = 1.5)
    -> VoxelGrid
  {
    VoxelGrid(
      nx: nx, ny: ny, nz: nz,
      affine: Affine(
        SIMD3(-spacing, 0, 0), SIMD3(0, spacing, 0), SIMD3(0, 0, 4), origin: SIMD3(shift, -20, 7)))
  }

  let url: URL
  var path: String { url.path }

  init() throws { url = try Tools.scratchFolder() }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Magnitude (0...2000, whole numbers) of an echo.
  static func magnitude(_ echo: Int, grid: VoxelGrid = grid) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(echo))
    return (0..<grid.count).map { _ in Float(Int.random(in: 0...2000, using: &generator)) }
  }

  /// Phase of an echo in 4096ths of pi, -4096...4094 in steps of 2; both ends occur.
  static func steps(_ echo: Int, grid: VoxelGrid = grid) -> [Float] {
    var generator = SeededGenerator(seed: UInt64(1000 + echo))
    var values = (0..<grid.count).map { _ in
      Float(2 * Int.random(in: -2048...2047, using: &generator))
    }
    (values[0], values[1]) = (-4096, 4094)
    return values
  }

  /// Phase of an echo in radians.
  static func radians(_ echo: Int) -> [Float] { steps(echo).map { $0 * .pi / 4096 } }

  /// Real and imaginary part of an echo.
  static func parts(_ echo: Int) -> (real: [Float], imaginary: [Float]) {
    let magnitude = magnitude(echo)
    let angle = steps(echo).map { Double($0) * .pi / 4096 }
    return (
      zip(magnitude, angle).map { Float(Double($0) * cos($1)) },
      zip(magnitude, angle).map { Float(Double($0) * sin($1)) }
    )
  }

  @discardableResult
  func image(
    _ name: String, _ values: [Float], imaginary: [Float]? = nil, frames: Int = 1,
    as type: NIfTIDatatype = .float32, scaling: NIfTIScaling? = nil, grid: VoxelGrid = grid,
    _ sidecar: String? = nil
  ) throws -> String {
    let place = path(name)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try NIfTIWriter.write(
      grid: grid, frames: frames, real: values, imaginary: imaginary, as: type, to: place,
      NIfTIWriter.Options(scaling: scaling))
    if let sidecar {
      var stem = name
      for ending in [".nii.gz", ".nii"] where stem.hasSuffix(ending) {
        stem.removeLast(ending.count)
        break
      }
      try text(stem + ".json", sidecar)
    }
    return place
  }

  func text(_ name: String, _ content: String) throws {
    let place = path(name)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try content.write(toFile: place, atomically: true, encoding: .utf8)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

  /// Echo times of the usual synthetic scan, seconds.
  static let times = [0.0012, 0.0024, 0.0036, 0.0048]

  /// A BIDS scan of `echoes` echoes at 3 T with phase in radians.
  func bids(
    prefix: String = "sub-01", echoes: Int = 4, times: [Double] = times, field: Bool = true,
    units: String? = "rad", withPhase: Bool = true
  ) throws {
    let field = field ? #", "MagneticFieldStrength": 3, "ImagingFrequency": 127.7"# : ""
    let units = units.map { #", "Units": "\#($0)""# } ?? ""
    for echo in 1...echoes {
      let common = #""EchoTime": \#(times[echo - 1])\#(field)"#
      try image(
        "\(prefix)_echo-\(echo)_part-mag_MEGRE.nii.gz", Self.magnitude(echo), as: .int16,
        #"{\#(common), "ImageType": ["ORIGINAL", "PRIMARY", "M"]}"#)
      guard withPhase else { continue }
      try image(
        "\(prefix)_echo-\(echo)_part-phase_MEGRE.nii.gz", Self.radians(echo),
        #"{\#(common)\#(units), "ImageType": ["ORIGINAL", "PRIMARY", "P"]}"#)
    }
  }

  func load(_ change: (inout ScanRequest) -> Void = { _ in }) throws -> DixonScan {
    var request = ScanRequest(inputs: [path])
    change(&request)
    return try DixonScan.load(request)
  }
}

extension DixonScan {
  /// Real and imaginary parts of one echo, shape (x, y, z); nil where the scan is not complex.
  func echo(_ index: Int) -> (real: [Float], imaginary: [Float])? {
    guard case .complex(let series) = signal else { return nil }
    let voxels = index * grid.count..<(index + 1) * grid.count
    return (Array(series.real[voxels]), Array(series.imaginary[voxels]))
  }

  func finding(_ about: String) -> Evidence? { evidence.first { $0.about == about } }
}

/// Greatest difference of two arrays; infinite where their lengths differ.
func greatestDifference(_ left: [Float], _ right: [Float]) -> Float {
  guard left.count == right.count else { return .infinity }
  return zip(left, right).map { abs($0 - $1) }.max() ?? 0
}
