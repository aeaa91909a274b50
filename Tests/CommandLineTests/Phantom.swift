import Foundation
import TestSupport

/// A phantom patient on disk, made by the program once for all tests of a recipe.
struct Phantom: Sendable {
  let folder: URL
  /// Where the scan lies.
  let scan: String
  var mask: String { folder.appendingPathComponent("masks/tumour.nii.gz").path }
  var labels: String { folder.appendingPathComponent("masks/regions.nii.gz").path }
  var names: String { folder.appendingPathComponent("masks/regions.tsv").path }
  var truth: String { folder.appendingPathComponent("truth").path }

  /// Small enough for a test, large enough for a tumour of some hundred voxels.
  static let shape = "96x96x16"

  init(_ recipe: String, style: String? = nil, shape: String = shape) throws {
    folder = try Tools.scratchFolder().appendingPathComponent("patient")
    let outcome = try Tools.run(
      Tools.pdff,
      ["phantom", "make", recipe, "-o", folder.path, "--shape", shape]
        + (style.map { ["--export", $0] } ?? []))
    guard outcome.status == 0 else { throw Failure(words: outcome.errors) }
    scan = try Self.scanFolder(in: folder)
  }

  /// The folder with images that is neither masks nor truth.
  private static func scanFolder(in folder: URL) throws -> String {
    let images = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".nii.gz") || $0.hasSuffix(".nii") }
      .filter { !$0.hasPrefix("masks/") && !$0.hasPrefix("truth/") }
    guard let first = images.sorted().first else { throw Failure(words: "no images") }
    return folder.appendingPathComponent(first).deletingLastPathComponent().path
  }

  func remove() { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }

  struct Failure: Error { let words: String }
}
