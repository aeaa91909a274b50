import Documents
import Faults
import Foundation
import Geometry
import Regions
import Scans
import Segmentations
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
///
/// A mask whose geometry is at fault (`pdff doctor`) is refused, unless it is to be trusted.
func loadRegions(_ options: RegionOptions, on scan: DixonScan) throws -> LoadedRegions {
  var files: [SourceFile] = []
  var notices: [Notice] = []
  let names = try options.namesFile.map { try readLabelNames($0, files: &files) }
  let under = ScanUnderMask(scan)
  let masks = try options.masks.flatMap { path in
    let file = try MaskFile.read(path)
    files += file.sources.map { SourceFile(path: $0.path, sha256: $0.sha256, role: .mask) }
    let examination = try Examination(file, against: under)
    if let error = examination.error {
      guard options.trustMaskGeometry, error.code != .labelsDrifted else { throw error }
      notices.append(Notice(GeometryNotice.faultTrusted, "\(file.name): \(error.code.summary)"))
    }
    notices += file.notices + examination.notices
    return examination.images
  }
  let set = try RegionSet(masks, names: names, on: scan.grid)
  let said = try options.lesion.map { try set.region($0).label }
  let lesion = said ?? (set.regions.count == 1 ? set.regions[0].label : nil)
  if let lesion { _ = try set.region(labelled: lesion) }
  let background = try options.background.map { try set.region($0).label }
  if let lesion, lesion == background {
    throw RegionsError(.regionsSame, "\(lesion)")
  }
  return LoadedRegions(
    set: set, lesionLabel: lesion, backgroundLabel: background, files: files,
    notices: notices + set.notices)
}

/// The masks of a file as labels on their own grid: one image, or one for each layer of a segmentation.
func readMasks(_ path: String, files: inout [SourceFile], notices: inout [Notice]) throws
  -> [LabelImage]
{
  let file = try MaskFile.read(path)
  files += file.sources.map { SourceFile(path: $0.path, sha256: $0.sha256, role: .mask) }
  let images = try file.labelImages()
  notices += file.notices
  return images
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
