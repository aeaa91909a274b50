import Documents
import Faults
import Foundation
import Regions
import Scans
import Volumes

/// Regions on the scan's grid, and which of them are the tumour and the liver beside it.
struct LoadedRegions {
  let set: RegionSet
  /// The tumour's label: as said, or the only region's; nil where several leave it open.
  let lesionLabel: Int?
  let backgroundLabel: Int?
  /// The masks and the file of names.
  let files: [SourceFile]
  let notices: [Notice]
}

/// Reads the masks and names that the command line gives, and places them on the scan's grid.
func loadRegions(_ options: RegionOptions, on grid: VoxelGrid) throws -> LoadedRegions {
  var files: [SourceFile] = []
  var notices: [Notice] = []
  let names = try options.namesFile.map { try readLabelNames($0, files: &files) }
  let masks = try options.masks.map { path in
    try readMask(path, files: &files, notices: &notices)
  }
  let set = try RegionSet(masks, names: names, on: grid)
  let lesion = options.lesionLabel ?? (set.regions.count == 1 ? set.regions[0].label : nil)
  for label in [lesion, options.backgroundLabel].compactMap({ $0 }) {
    _ = try set.region(labelled: label)
  }
  return LoadedRegions(
    set: set, lesionLabel: lesion, backgroundLabel: options.backgroundLabel, files: files,
    notices: notices + set.notices)
}

/// One mask as labels on its own grid.
func readMask(_ path: String, files: inout [SourceFile], notices: inout [Notice]) throws
  -> LabelImage
{
  let image = try NIfTIImage.read(path)
  guard image.imaginary == nil else {
    throw RegionsError(.maskFrames, "its voxels are complex numbers", file: path)
  }
  files += image.sources.map { SourceFile(path: $0.path, sha256: $0.sha256, role: .mask) }
  let mask = try LabelImage(
    grid: image.grid, values: image.real, frames: image.frames, file: path)
  let name = mask.file ?? "mask"
  if image.orientation.source == .pixdim {
    notices.append(Notice(RegionsNotice.withoutOrientation, name))
  }
  if let other = image.header.disagreeing {
    notices.append(
      Notice(
        RegionsNotice.orientationsDiffer,
        "\(name); the \(image.orientation.source.rawValue) was used, not the"
          + " \(other.orientation.source.rawValue)"))
  }
  return mask
}

/// Names of labels from a regular file.
private func readLabelNames(_ path: String, files: inout [SourceFile]) throws -> LabelNames {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw RegionsError(.namesMissing, file: path)
  }
  guard status.st_size <= LabelNames.mostBytes else {
    throw RegionsError(.namesTooLarge, "\(status.st_size) bytes", file: path)
  }
  guard let data = FileManager.default.contents(atPath: path) else {
    throw RegionsError(.namesMissing, file: path)
  }
  let bytes = [UInt8](data)
  let names = try LabelNames(bytes: bytes, file: path)
  files.append(SourceFile(path: path, sha256: sha256Hex(bytes), role: .sidecar))
  return names
}
