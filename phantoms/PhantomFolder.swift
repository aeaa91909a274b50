import Documents
import Faults
import Foundation
import Volumes

extension Phantom {
  /// Writes scan, masks, truth, recipe and README into `folder`, which must be new or empty. All
  /// of it is there or nothing: it is written beside, then renamed.
  ///
  /// - Throws: `phantom-output-not-empty`, `phantom-output-unwritable`, or what NIfTI writing throws.
  public func write(to folder: String) throws {
    let manager = FileManager.default
    let target = URL(fileURLWithPath: folder).standardizedFileURL
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: target.path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw PhantomsError(.phantomOutputUnwritable, "a file has this name", file: folder)
      }
      let contents = try? manager.contentsOfDirectory(atPath: target.path)
      guard contents?.isEmpty == true else {
        throw PhantomsError(.phantomOutputNotEmpty, file: folder)
      }
    }
    let staging = target.deletingLastPathComponent()
      .appendingPathComponent(".\(target.lastPathComponent).\(UUID().uuidString).tmp")
    defer { try? manager.removeItem(at: staging) }
    do {
      try manager.createDirectory(at: staging, withIntermediateDirectories: true)
      try writeAll(to: PhantomFolder(root: staging))
    } catch let error as CocoaError {
      throw PhantomsError(.phantomOutputUnwritable, error.localizedDescription, file: folder)
    }
    // A folder takes the name of an empty folder in one step.
    guard rename(staging.path, target.path) == 0 else {
      throw PhantomsError(
        .phantomOutputUnwritable, String(cString: strerror(errno)), file: folder)
    }
  }

  private func writeAll(to folder: PhantomFolder) throws {
    let anat = try folder.making("sub-phantom/anat")
    for image in exportedImages() {
      try NIfTIWriter.write(
        grid: grid, frames: image.frames, real: image.real, imaginary: image.imaginary,
        as: image.datatype, to: anat.path("\(image.name).nii.gz"),
        NIfTIWriter.Options(scaling: image.scaling))
      try anat.write("\(image.name).json", image.sidecar.pretty())
    }
    try writeMasks(to: folder.making("masks"))
    try writeTruth(to: folder.making("truth"))
    var recipe = recipe
    recipe.seed = seed
    try folder.write("recipe.json", String(decoding: recipe.json(), as: UTF8.self) + "\n")
    try folder.write("README", readme)
    try folder.write("dataset_description.json", datasetDescription.pretty())
    try folder.write(".bidsignore", "masks/\ntruth/\nrecipe.json\n**/*_dixon_*\n")
  }

  private func writeMasks(to masks: PhantomFolder) throws {
    let tumour = TissueClass.tumour.rawValue
    let mask = truth.labels.values.map { $0 == tumour ? UInt8(1) : 0 }
    try NIfTIWriter.write(Volume(grid: grid, values: mask), to: masks.path("tumour.nii.gz"))
    try NIfTIWriter.write(truth.labels, to: masks.path("regions.nii.gz"))
    try masks.write("regions.tsv", labelTable)
  }

  private func writeTruth(to folder: PhantomFolder) throws {
    let percent = Volume(grid: grid, values: truth.fatFraction.values.map { 100 * $0 })
    let maps = [
      ("PDFFmap", percent), ("R2starmap", truth.r2star), ("B0map", truth.fieldMap),
      ("water", truth.water), ("fat", truth.fat), ("initialphase", truth.initialPhase),
    ]
    for (name, map) in maps { try NIfTIWriter.write(map, to: folder.path("\(name).nii.gz")) }
    let tissue = truth.labels.values.map { $0 == 0 ? UInt8(0) : 1 }
    try NIfTIWriter.write(Volume(grid: grid, values: tissue), to: folder.path("tissue.nii.gz"))
    try NIfTIWriter.write(truth.labels, to: folder.path("labels.nii.gz"))
    try folder.write("labels.tsv", labelTable)
  }

  /// Label and name of the tissues that occur.
  private var labelTable: String {
    let present = Set(truth.labels.values)
    let rows = TissueClass.allCases.filter { $0 != .none && present.contains($0.rawValue) }
    return "label\tname\n" + rows.map { "\($0.rawValue)\t\($0.name)\n" }.joined()
  }

  private var datasetDescription: JSONValue {
    [
      "Name": .string("Digital phantom: \(recipe.name)"), "BIDSVersion": "1.10.0",
      "DatasetType": "raw",
    ]
  }
}

/// A folder being filled.
private struct PhantomFolder {
  let root: URL

  func making(_ name: String) throws -> PhantomFolder {
    let inner = root.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    return PhantomFolder(root: inner)
  }

  func path(_ name: String) -> String { root.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws {
    try AtomicFile.write(path(name), Array(text.utf8))
  }
}
