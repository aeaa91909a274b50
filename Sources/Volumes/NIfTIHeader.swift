import CNIfTI
import Faults

/// What a NIfTI header says, checked: the geometry and how the voxels are stored.
public struct NIfTIHeader: Sendable {
  /// 1 or 2.
  public let version: Int
  /// Stored in the other byte order than this machine's.
  public let isSwapped: Bool
  public let grid: VoxelGrid
  /// Product of the dimensions 4 to 7.
  public let frames: Int
  public let datatype: NIfTIDatatype
  /// Slope and intercept, or nil where stored values are the values.
  public let scaling: NIfTIScaling?
  /// Where the grid's affine came from.
  public let orientation: NIfTIOrientation
  /// The other orientation's affine, where both are set and some corner voxel differs by more than
  /// a hundredth of a voxel: a reason to warn.
  public let disagreeing: (orientation: NIfTIOrientation, affine: Affine)?
  /// The header's free text.
  public let description: String
  /// Whether the voxels lie in the header's own file (`.nii`) or in another (`.hdr` and `.img`).
  public let isSingleFile: Bool
  /// Where the voxels begin in their file, bytes.
  public let dataOffset: Int

  /// Number of voxels times frames; not above 2^31.
  public var count: Int { grid.count * frames }
  /// Bytes of all voxels.
  public var byteCount: Int { count * datatype.bytesPerVoxel }

  /// Checks a header's bytes (the first 540 of the file, or all that there are).
  init(bytes: [UInt8]) throws(VolumesError) {
    let raw = try RawHeader(bytes)
    let checks = HeaderChecks(raw: raw)
    isSingleFile = try checks.isSingleFile()
    let shape = try checks.shape()
    datatype = try checks.datatype()
    dataOffset = try checks.dataOffset(isSingleFile: isSingleFile)
    scaling = try checks.scaling()
    try checks.orientation()
    version = raw.version
    isSwapped = raw.isSwapped
    frames = shape.frames
    description = raw.text
    let affines = try Affines(raw)
    let grids = [affines.sform, affines.qform, affines.pixdim].compactMap { $0 }.map {
      ($0.0, VoxelGrid(nx: shape.nx, ny: shape.ny, nz: shape.nz, affine: $0.1))
    }
    let (chosen, grid) = grids[0]
    (orientation, self.grid) = (chosen, grid)
    let other = grids.dropFirst().first { !$0.1.coincides(with: grid) }
    disagreeing = other.map { ($0.0, $0.1.affine) }
  }

  /// Reads a header without the voxels, for listings; nothing but the header is inflated.
  /// `path` names a `.nii`, `.nii.gz`, or either file of a pair.
  public static func read(_ path: String) throws(VolumesError) -> NIfTIHeader {
    let files = try NIfTIFiles(path)
    let file = try StoredFile(files.header, limit: 1 << 16)
    return try file.withBytes { bytes throws(VolumesError) in
      var stream = try ByteStream(bytes, fileLength: file.length)
      let (header, _) = try read(from: &stream)
      try header.check(isPair: files.isPair)
      return header
    }
  }

  /// Takes a header off the front of a stream, and says how many bytes that were.
  static func read(from stream: inout ByteStream) throws(VolumesError) -> (NIfTIHeader, Int) {
    var start = try stream.read(RawHeader.lengthOfVersion1)
    if RawHeader.isVersion2(start) {
      start += try stream.read(RawHeader.lengthOfVersion2 - start.count)
    }
    return (try NIfTIHeader(bytes: start), start.count)
  }

  /// A single file is named `.nii`; a pair's header says that it is one.
  func check(isPair: Bool) throws(VolumesError) {
    guard isPair == isSingleFile else { return }
    throw VolumesError(
      .pairMismatch, "its signature is that of a \(isPair ? ".nii file" : ".hdr/.img pair")")
  }
}

/// `value = slope * stored + intercept`; on both parts where the voxels are complex.
public struct NIfTIScaling: Hashable, Sendable {
  public let slope: Double
  public let intercept: Double

  public init(slope: Double, intercept: Double) {
    self.slope = slope
    self.intercept = intercept
  }
}

/// Where an affine came from: the standard's methods 3, 2 and 1, and the code of its space
/// (1 scanner, 2 aligned, 3 Talairach, 4 MNI, 5 template; 0 for `pixdim`).
public struct NIfTIOrientation: Hashable, Sendable {
  public enum Source: String, Sendable { case sform, qform, pixdim }
  public let source: Source
  public let code: Int
}
