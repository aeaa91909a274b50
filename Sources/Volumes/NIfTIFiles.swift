import Faults
import Foundation

/// The file or the two files that hold an image, from the name of either.
struct NIfTIFiles {
  let header: String
  /// The file of the voxels; the header's own for `.nii`.
  let body: String
  var isPair: Bool { header != body }

  init(_ path: String) throws(VolumesError) {
    let lower = path.lowercased()
    let gz = lower.hasSuffix(".gz") ? 3 : 0
    let plain = lower.dropLast(gz)
    if plain.hasSuffix(".nii") {
      (header, body) = (path, path)
    } else if plain.hasSuffix(".hdr") {
      header = path
      body = try Self.partner(of: path, gz: gz, "img")
    } else if plain.hasSuffix(".img") {
      header = try Self.partner(of: path, gz: gz, "hdr")
      body = path
    } else {
      throw VolumesError(.unknownName, file: path)
    }
  }

  /// The other file of a pair, compressed or not, in the same case of letters.
  private static func partner(
    of path: String, gz: Int, _ suffix: String
  ) throws(VolumesError) -> String {
    guard FileManager.default.fileExists(atPath: path) else {
      throw VolumesError(.missing, file: path)
    }
    let stem = path.dropLast(gz + 3)
    let written = path.dropLast(gz).suffix(3)
    let name = written == written.uppercased() ? suffix.uppercased() : suffix
    // Compressed alike first, should both lie there.
    let endings = gz > 0 ? [String(path.suffix(3)), ""] : ["", ".gz", ".GZ"]
    for candidate in endings.map({ String(stem) + name + $0 })
    where FileManager.default.fileExists(atPath: candidate) {
      return candidate
    }
    throw VolumesError(.pairIncomplete, "its .\(suffix) is not there", file: path)
  }
}
