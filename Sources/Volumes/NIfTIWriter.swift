import Documents
import Faults

/// Writes NIfTI single files: `.nii`, or `.nii.gz` where the name says so.
///
/// NIfTI-1, or NIfTI-2 where a dimension exceeds 32767; this machine's byte order; both sform and
/// qform from the grid's affine (the qform only where the axes are orthogonal); units mm and s.
/// The same input gives the same bytes. Files are written beside and renamed.
public enum NIfTIWriter {
  public struct Options: Sendable {
    /// The space of the affine: the standard's code, 1 scanner, 2 aligned, 3 Talairach, ...
    public var orientationCode = 1
    /// Free text, at most 79 bytes of UTF-8 are kept.
    public var description = "\(Software.name) \(Software.version)"
    /// What `value = slope * stored + intercept` the stored values go by; complex: both parts.
    public var scaling: NIfTIScaling?

    public init(
      orientationCode: Int = 1, description: String? = nil, scaling: NIfTIScaling? = nil
    ) {
      self.orientationCode = orientationCode
      if let description { self.description = description }
      self.scaling = scaling
    }
  }

  /// Writes a map as float32; NaN stays NaN.
  ///
  /// - Returns: the SHA-256 of the file, as every `write` does.
  @discardableResult
  public static func write(
    _ volume: Volume<Float>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) -> String {
    try write(volume, as: .float32, to: path, options) { $0 }
  }

  /// Writes a bit field or labels as uint16.
  @discardableResult
  public static func write(
    _ volume: Volume<UInt16>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) -> String {
    try write(volume, as: .uint16, to: path, options, Float.init)
  }

  /// Writes a mask as uint8.
  @discardableResult
  public static func write(
    _ volume: Volume<UInt8>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) -> String {
    try write(volume, as: .uint8, to: path, options, Float.init)
  }

  /// Writes voxels of the type that they are stored as: without scaling they are not copied.
  private static func write<Voxel: BitwiseCopyable>(
    _ volume: Volume<Voxel>, as datatype: NIfTIDatatype, to path: String, _ options: Options,
    _ value: (Voxel) -> Float
  ) throws(VolumesError) -> String {
    guard options.scaling == nil else {
      return try write(
        grid: volume.grid, real: volume.values.map(value), as: datatype, to: path, options)
    }
    let header = HeaderWriter(grid: volume.grid, frames: 1, datatype: datatype, options: options)
    return try store(header, volume.values, in: path)
  }

  /// Writes frames as any type: `real` and, exactly for complex types, `imaginary` have the shape
  /// (x, y, z, frame), x fastest. Integers are rounded to the nearest.
  ///
  /// - Throws: `image-value-unstorable` where a value does not fit the type, `image-unwritable`.
  @discardableResult
  public static func write(
    grid: VoxelGrid, frames: Int = 1, real: [Float], imaginary: [Float]? = nil,
    as datatype: NIfTIDatatype, to path: String, _ options: Options = Options()
  ) throws(VolumesError) -> String {
    do throws(VolumesError) {
      let (header, voxels) = try parts(
        grid: grid, frames: frames, real: real, imaginary: imaginary, as: datatype, options)
      return try store(header, voxels, in: path)
    } catch {
      throw error.placed(in: path)
    }
  }

  private static func store<Voxel: BitwiseCopyable>(
    _ header: HeaderWriter, _ voxels: [Voxel], in path: String
  ) throws(VolumesError) -> String {
    let bytes = header.bytes.withUnsafeBytes { header in
      voxels.withUnsafeBytes { voxels in
        path.lowercased().hasSuffix(".gz")
          ? Gzip.compress([header, voxels]) : Array(header) + Array(voxels)
      }
    }
    do throws(OutputError) {
      try AtomicFile.write(path, bytes)
    } catch {
      throw VolumesError(.unwritable, error.detail).placed(in: path)
    }
    return sha256Hex(bytes)
  }

  /// The bytes of a `.nii` file.
  public static func encode(
    grid: VoxelGrid, frames: Int = 1, real: [Float], imaginary: [Float]? = nil,
    as datatype: NIfTIDatatype, _ options: Options = Options()
  ) throws(VolumesError) -> [UInt8] {
    let (header, voxels) = try parts(
      grid: grid, frames: frames, real: real, imaginary: imaginary, as: datatype, options)
    return header.bytes + voxels
  }

  private static func parts(
    grid: VoxelGrid, frames: Int, real: [Float], imaginary: [Float]?, as datatype: NIfTIDatatype,
    _ options: Options
  ) throws(VolumesError) -> (header: HeaderWriter, voxels: [UInt8]) {
    precondition(frames > 0 && real.count == grid.count * frames, "values fill the frames")
    precondition((imaginary != nil) == datatype.isComplex, "complex types have two parts")
    precondition(imaginary == nil || imaginary?.count == real.count, "parts have one shape")
    let header = HeaderWriter(grid: grid, frames: frames, datatype: datatype, options: options)
    let encoder = VoxelEncoder(datatype: datatype, scaling: options.scaling)
    return (header, try encoder.encode(real: real, imaginary: imaginary))
  }
}
