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
  public static func write(
    _ volume: Volume<Float>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) {
    try write(grid: volume.grid, real: volume.values, as: .float32, to: path, options)
  }

  /// Writes a bit field or labels as uint16.
  public static func write(
    _ volume: Volume<UInt16>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) {
    try write(
      grid: volume.grid, real: volume.values.map(Float.init), as: .uint16, to: path, options)
  }

  /// Writes a mask as uint8.
  public static func write(
    _ volume: Volume<UInt8>, to path: String, _ options: Options = Options()
  ) throws(VolumesError) {
    try write(grid: volume.grid, real: volume.values.map(Float.init), as: .uint8, to: path, options)
  }

  /// Writes frames as any type: `real` and, exactly for complex types, `imaginary` have the shape
  /// (x, y, z, frame), x fastest. Integers are rounded to the nearest.
  ///
  /// - Throws: `image-value-unstorable` where a value does not fit the type, `image-unwritable`.
  public static func write(
    grid: VoxelGrid, frames: Int = 1, real: [Float], imaginary: [Float]? = nil,
    as datatype: NIfTIDatatype, to path: String, _ options: Options = Options()
  ) throws(VolumesError) {
    do throws(VolumesError) {
      let bytes = try encode(
        grid: grid, frames: frames, real: real, imaginary: imaginary, as: datatype, options)
      let packed =
        path.lowercased().hasSuffix(".gz") ? bytes.withUnsafeBytes { Gzip.compress($0) } : bytes
      do throws(OutputError) {
        try AtomicFile.write(path, packed)
      } catch {
        throw VolumesError(.unwritable, error.detail)
      }
    } catch {
      throw error.placed(in: path)
    }
  }

  /// The bytes of a `.nii` file.
  public static func encode(
    grid: VoxelGrid, frames: Int = 1, real: [Float], imaginary: [Float]? = nil,
    as datatype: NIfTIDatatype, _ options: Options = Options()
  ) throws(VolumesError) -> [UInt8] {
    precondition(frames > 0 && real.count == grid.count * frames, "values fill the frames")
    precondition((imaginary != nil) == datatype.isComplex, "complex types have two parts")
    precondition(imaginary == nil || imaginary?.count == real.count, "parts have one shape")
    let header = HeaderWriter(grid: grid, frames: frames, datatype: datatype, options: options)
    let encoder = VoxelEncoder(datatype: datatype, scaling: options.scaling)
    return header.bytes + (try encoder.encode(real: real, imaginary: imaginary))
  }
}
