import Foundation
import TestSupport
import Volumes

/// A tiny complex scan on disk as a scanner exports it, to be spoiled: three echoes of 12x10x4
/// voxels with BIDS names and sidecars, a mask and a PDFF map.
final class SmallScan {
  static let grid = VoxelGrid(
    nx: 12, ny: 10, nz: 4,
    affine: Affine([-2, 0, 0], [0, 2, 0], [0, 0, 5], origin: [20, -10, 5]))
  static let participant = "doe-jane-19610203"

  let root: URL
  /// The scan's folder; its name must never be shown.
  let folder: URL
  var grids: [VoxelGrid]
  /// Values of the phase images, radians as written.
  var phaseValue: (_ voxel: Int, _ echo: Int) -> Float
  var magnitudeValue: (_ voxel: Int, _ echo: Int) -> Float
  /// Sidecars by image name without ending.
  var sidecars: [String: [String: Any]] = [:]

  init() throws {
    root = try Tools.scratchFolder()
    folder = root.appendingPathComponent(Self.participant)
    grids = [Self.grid, Self.grid, Self.grid]
    var random = SeededGenerator(seed: 3)
    let noise = (0..<2000).map { _ in Float.random(in: -0.02...0.02, using: &random) }
    magnitudeValue = { voxel, echo in
      1000 * exp(-0.05 * Float(echo)) + 50 * noise[(voxel * 7 + echo) % 2000]
    }
    phaseValue = { voxel, echo in
      // A field that falls along x, wrapped as exporters write it.
      let turns = 0.08 * Float(voxel % 12) * Float(echo + 1)
      let angle = 2 * .pi * (turns - turns.rounded()) + noise[(voxel * 3 + echo) % 2000]
      return min(max(angle, -.pi), .pi)
    }
    for echo in 0..<3 {
      for part in ["mag", "phase"] {
        var sidecar: [String: Any] = [
          "EchoTime": 0.0023 * Double(echo + 1), "MagneticFieldStrength": 1.5,
        ]
        if part == "phase" { sidecar["Units"] = "rad" }
        sidecars[name(echo, part)] = sidecar
      }
    }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  func name(_ echo: Int, _ part: String) -> String { "sub-x_echo-\(echo + 1)_part-\(part)_MEGRE" }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Writes images and sidecars into the folder.
  func write() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for echo in 0..<3 {
      try write(name(echo, "mag"), grids[echo]) { self.magnitudeValue($0, echo) }
      try write(name(echo, "phase"), grids[echo]) { self.phaseValue($0, echo) }
    }
    for (name, content) in sidecars {
      let data = try JSONSerialization.data(withJSONObject: content)
      try data.write(to: folder.appendingPathComponent(name + ".json"))
    }
  }

  func write(_ name: String, _ grid: VoxelGrid, in place: URL? = nil, value: (Int) -> Float) throws
  {
    let values = (0..<grid.count).map(value)
    try NIfTIWriter.write(
      Volume(grid: grid, values: values),
      to: (place ?? folder).appendingPathComponent(name + ".nii.gz").path)
  }

  /// A mask beside the scan's folder: a box of 5x4x2 voxels, moved in mm.
  func mask(moved: SIMD3<Double> = [0, 0, 0], value: Float = 1) throws -> String {
    let (x, y, z) = Self.grid.affine.columns
    let grid = VoxelGrid(
      nx: 12, ny: 10, nz: 4, affine: Affine(x, y, z, origin: Self.grid.affine.origin + moved))
    try write("tumour", grid, in: root) { index in
      let inside = (3..<8).contains(index % 12) && (3..<7).contains(index / 12 % 10)
      return inside && (1..<3).contains(index / 120) ? value : 0
    }
    return root.appendingPathComponent("tumour.nii.gz").path
  }
}
