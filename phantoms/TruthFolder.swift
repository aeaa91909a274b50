import Faults
import Foundation
import Volumes

extension ScoredTruth {
  /// Reads a folder that `pdff phantom make` wrote as `truth`, or the phantom's folder itself.
  ///
  /// - Throws: `truth-missing`, `score-grids-differ`, or what reading NIfTI throws.
  public init(folder: String) throws {
    let inner = "\(folder)/truth"
    let root = FileManager.default.fileExists(atPath: "\(inner)/labels.nii.gz") ? inner : folder
    func image(_ name: String) throws -> NIfTIImage {
      let path = "\(root)/\(name).nii.gz"
      guard FileManager.default.fileExists(atPath: path) else {
        throw PhantomsError(.truthMissing, "\(name).nii.gz", file: folder)
      }
      let image = try NIfTIImage.read(path)
      guard image.frames == 1 else {
        throw PhantomsError(.truthMissing, "\(name) holds \(image.frames) images", file: folder)
      }
      return image
    }
    let labels = try image("labels")
    let pdff = try image("PDFFmap")
    let decay = try? image("R2starmap")
    for other in [pdff, decay].compactMap({ $0 }) {
      guard other.grid == labels.grid else {
        throw PhantomsError(.scoreGridsDiffer, "within the truth", file: folder)
      }
    }
    self.init(
      fatFraction: Volume(grid: pdff.grid, values: pdff.real.map { $0 / 100 }),
      r2star: decay.map { Volume(grid: $0.grid, values: $0.real) },
      labels: Volume(
        grid: labels.grid, values: labels.real.map { UInt8(exactly: $0.rounded()) ?? 0 }),
      names: Self.names(in: "\(root)/labels.tsv"))
  }

  /// Label and name, one pair a line, after a header; the phantom's own names where it is missing.
  private static func names(in path: String) -> [Int: String] {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      return TissueClass.names
    }
    var names: [Int: String] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: "\t", maxSplits: 1)
      if cells.count == 2, let label = Int(cells[0]) { names[label] = String(cells[1]) }
    }
    return names
  }
}

/// The maps of a folder that are scored.
public struct MapFolder: Sendable {
  /// Fraction.
  public let fatFraction: Volume<Float>
  /// 1/s.
  public let r2star: Volume<Float>?

  /// Reads `PDFFmap.nii.gz` and, where it is there, `R2starmap.nii.gz`; entities in front of the
  /// names are let pass.
  ///
  /// - Throws: `maps-missing`, or what reading NIfTI throws.
  public init(folder: String) throws {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    func image(_ suffix: String) throws -> Volume<Float>? {
      let found = files.filter {
        $0 == "\(suffix).nii.gz" || $0.hasSuffix("_\(suffix).nii.gz")
      }
      guard found.count < 2 else {
        throw PhantomsError(.mapsMissing, "several files end in \(suffix).nii.gz", file: folder)
      }
      guard let name = found.first else { return nil }
      let image = try NIfTIImage.read("\(folder)/\(name)")
      guard image.frames == 1 else {
        throw PhantomsError(.mapsMissing, "\(name) holds \(image.frames) images", file: folder)
      }
      return Volume(grid: image.grid, values: image.real)
    }
    guard var pdff = try image("PDFFmap") else {
      throw PhantomsError(.mapsMissing, file: folder)
    }
    pdff.values = pdff.values.map { $0 / 100 }
    fatFraction = pdff
    r2star = try image("R2starmap")
  }
}
