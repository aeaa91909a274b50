import Foundation
import TestSupport
import Volumes

/// Cases that `Tests/reference/regions.py` writes.
struct Reference {
  let folder: URL

  /// Runs one part of the script; the folder goes when `body` ends.
  static func with<Case: Decodable>(
    _ part: String, of type: Case.Type, _ body: ([Case], Reference) throws -> Void
  ) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Tools.reference("regions", [part, folder.path])
    let data = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
    try body(try JSONDecoder().decode([Case].self, from: data), Reference(folder: folder))
  }

  /// Labels of a raw int32 file, x fastest.
  func labels(_ name: String) throws -> [Float] {
    try words(name).map { Float(Int32(bitPattern: $0)) }
  }

  /// Values of a raw float32 file, x fastest.
  func values(_ name: String) throws -> [Float] {
    try words(name).map { Float(bitPattern: $0) }
  }

  private func words(_ name: String) throws -> [UInt32] {
    let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent("\(name).raw")))
    return stride(from: 0, to: bytes.count, by: 4).map { at in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
  }
}

/// An upright grid.
func upright(
  _ nx: Int, _ ny: Int, _ nz: Int, spacing: SIMD3<Double> = SIMD3(1, 1, 1),
  origin: SIMD3<Double> = SIMD3(0, 0, 0)
) -> VoxelGrid {
  VoxelGrid(
    nx: nx, ny: ny, nz: nz,
    affine: Affine(
      SIMD3(spacing.x, 0, 0), SIMD3(0, spacing.y, 0), SIMD3(0, 0, spacing.z), origin: origin))
}
