import Documents
import Faults
import Foundation
import Regions
import Volumes

/// A file with masks as it lies on disk: layers of values on one grid, and the names of its labels.
///
/// NIfTI (`.nii`, `.nii.gz`, a pair), NRRD (`.nrrd`, 3D Slicer's `.seg.nrrd`), or a DICOM segmentation;
/// which of them, its content says.
public struct MaskFile: Sendable {
  /// One layer: labels of one layer don't overlap, those of several may.
  public struct Layer: Sendable {
    /// Shape (x, y, z, frame), x fastest.
    public let values: [Float]
    public let frames: Int
    /// Names of labels; of those that the file names.
    public let names: [Int: String]
  }

  public let path: String
  public let grid: VoxelGrid
  public let layers: [Layer]
  /// Whether the file says where its voxels lie.
  public let isPlaced: Bool
  /// Which of a NIfTI header's affines counts, and another that places the voxels elsewhere.
  public let forms: (used: String, other: String, otherGrid: VoxelGrid)?
  /// The files read, with the SHA-256 of their bytes.
  public let sources: [(path: String, sha256: String)]

  /// Base name.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// Reads a file.
  /// - Throws: `VolumesError`, `RegionsError`, `SegmentationsError`.
  public static func read(_ path: String) throws -> MaskFile {
    switch try MaskFormat(path) {
    case .nifti: try MaskFile(nifti: path)
    case .nrrd: try MaskFile(nrrd: path, bytes: MaskFormat.bytes(path))
    case .dicom: try DICOMSegmentation.read(path, bytes: MaskFormat.bytes(path))
    }
  }

  /// The file's labels: one image for each layer that has a voxel.
  /// - Throws: `RegionsError` where the values are no labels, or there are none at all.
  public func labelImages() throws(RegionsError) -> [LabelImage] {
    var images: [LabelImage] = []
    var empty: RegionsError?
    for layer in layers {
      do throws(RegionsError) {
        var image = try LabelImage(
          grid: grid, values: layer.values, frames: layer.frames, file: path)
        image.names = layer.names
        images.append(image)
      } catch {
        guard error.code == .maskEmpty else { throw error }
        empty = error
      }
    }
    if images.isEmpty { throw empty ?? RegionsError(.maskEmpty, file: path) }
    return images
  }

  /// What is to be said of the file besides its labels' own notices.
  public var notices: [Notice] {
    var notices: [Notice] = []
    if !isPlaced { notices.append(Notice(RegionsNotice.withoutOrientation, name)) }
    if let forms {
      notices.append(
        Notice(
          RegionsNotice.orientationsDiffer,
          "\(name); the \(forms.used) was used, not the \(forms.other)"))
    }
    let empty = layers.flatMap { layer in
      let there = Set(layer.values)
      return layer.names.sorted { $0.key < $1.key }.filter { !there.contains(Float($0.key)) }
        .map { "\"\($0.value)\"" }
    }
    if !empty.isEmpty {
      notices.append(
        Notice(SegmentationsNotice.segmentEmpty, "\(name): \(empty.joined(separator: ", "))"))
    }
    return notices
  }

  private init(nifti path: String) throws {
    let image = try NIfTIImage.read(path)
    guard image.imaginary == nil else {
      throw RegionsError(.maskFrames, "its voxels are complex numbers", file: path)
    }
    self.path = path
    grid = image.grid
    layers = [Layer(values: image.real, frames: image.frames, names: [:])]
    isPlaced = image.orientation.source != .pixdim
    forms = image.header.disagreeing.map { other in
      (
        image.orientation.source.rawValue, other.orientation.source.rawValue,
        VoxelGrid(
          nx: image.grid.nx, ny: image.grid.ny, nz: image.grid.nz, affine: other.affine)
      )
    }
    sources = image.sources
  }

  /// A NRRD file's bytes.
  package static func nrrd(bytes: [UInt8]) throws -> MaskFile {
    guard NRRDImage.isNRRD(bytes) else { throw SegmentationsError(.nrrdDamaged) }
    return try MaskFile(nrrd: "mask.nrrd", bytes: bytes)
  }

  init(nrrd path: String, bytes: [UInt8]) throws {
    let image = try NRRDImage(bytes, file: path)
    let table = try SegmentTable(image.pairs, layers: image.layers.count, file: path)
    if table.segments.isEmpty, image.layers.count > 1 {
      throw SegmentationsError(
        .nrrdShape, "\(image.layers.count) layers, and no list of segments", file: path)
    }
    // A single voxel stands for a segmentation without any (Slicer's guide).
    if !table.segments.isEmpty, image.grid.count == 1 {
      throw RegionsError(.maskEmpty, "none of its segments has a voxel", file: path)
    }
    let isOld = image.pairs.keys.allSatisfy { !$0.hasSuffix("_LabelValue") }
    let layers = image.layers.enumerated().map { index, values in
      Layer(
        values: isOld && image.layers.count > 1 ? values.map { $0 == 0 ? 0 : 1 } : values,
        frames: 1, names: table.names(ofLayer: index))
    }
    self.init(
      path: path, grid: image.grid, layers: layers, isPlaced: image.isPlaced,
      sources: [(path, sha256Hex(bytes))])
  }

  init(
    path: String, grid: VoxelGrid, layers: [Layer], isPlaced: Bool,
    sources: [(path: String, sha256: String)]
  ) {
    (self.path, self.grid, self.layers) = (path, grid, layers)
    (self.isPlaced, self.sources) = (isPlaced, sources)
    forms = nil
  }
}

/// What a file with masks is, by its first bytes.
enum MaskFormat {
  case nifti, nrrd, dicom

  /// The largest file that is read at once, bytes.
  static let mostBytes = 1 << 31

  /// What can't be read at all is left to the reader of NIfTI, which says why.
  init(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else {
      self = .nifti
      return
    }
    defer { try? file.close() }
    let start = [UInt8]((try? file.read(upToCount: 132)) ?? Data())
    if NRRDImage.isNRRD(start) {
      self = .nrrd
    } else if start.count == 132, start[128...].elementsEqual("DICM".utf8) {
      self = .dicom
    } else {
      self = .nifti
    }
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size <= mostBytes else {
      throw SegmentationsError(.nrrdTooLarge, file: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw VolumesError(.unreadable, file: path)
    }
    return [UInt8](data)
  }
}
