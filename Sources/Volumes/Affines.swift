import CNIfTI
import Faults

/// A header's affines as libnifti works them out, in mm: sform, qform, and pixdim alone.
///
/// The first that is set counts. `pixdim` is the standard's method 1: x = pixdim[1] i, and so on,
/// with the first voxel at 0.
struct Affines {
  typealias Form = (NIfTIOrientation, Affine)
  let sform: Form?
  let qform: Form?
  /// Set only where neither of the others is.
  let pixdim: Form?

  init(_ raw: RawHeader) throws(VolumesError) {
    guard let image = Self.convert(raw) else {
      throw VolumesError(.notNIfTI, "libnifti refuses its header")
    }
    defer { nifti_image_free(image) }
    let scale = Self.millimetresPerUnit(raw.units)
    let q = Self.affine(image.pointee.qto_xyz, scale)
    let s = Self.affine(image.pointee.sto_xyz, scale)
    sform =
      raw.sformCode > 0 ? (NIfTIOrientation(source: .sform, code: raw.sformCode), s) : nil
    qform =
      raw.qformCode > 0 ? (NIfTIOrientation(source: .qform, code: raw.qformCode), q) : nil
    pixdim =
      sform == nil && qform == nil ? (NIfTIOrientation(source: .pixdim, code: 0), q) : nil
    for form in [sform, qform, pixdim].compactMap({ $0 }) { try Self.check(form) }
  }

  private static let quiet: Void = nifti_set_debug_level(0)

  private static func convert(_ raw: RawHeader) -> UnsafeMutablePointer<nifti_image>? {
    _ = quiet
    if raw.version == 1 {
      var header = nifti_1_header()
      withUnsafeMutableBytes(of: &header) { $0.copyBytes(from: raw.bytes) }
      return nifti_convert_n1hdr2nim(header, nil)
    }
    var header = nifti_2_header()
    withUnsafeMutableBytes(of: &header) { $0.copyBytes(from: raw.bytes) }
    return nifti_convert_n2hdr2nim(header, nil)
  }

  /// The standard's spatial units; a file that names none means mm.
  private static func millimetresPerUnit(_ code: Int) -> Double {
    switch code & 7 {
    case 1: 1000
    case 3: 0.001
    default: 1
    }
  }

  private static func affine(_ matrix: nifti_dmat44, _ scale: Double) -> Affine {
    let (x, y, z) = (matrix.m.0, matrix.m.1, matrix.m.2)
    return Affine(
      SIMD3(x.0, y.0, z.0) * scale, SIMD3(x.1, y.1, z.1) * scale, SIMD3(x.2, y.2, z.2) * scale,
      origin: SIMD3(x.3, y.3, z.3) * scale)
  }

  private static func check(_ form: Form) throws(VolumesError) {
    let (orientation, affine) = form
    let name = orientation.source.rawValue
    let columns = [affine.columns.0, affine.columns.1, affine.columns.2]
    guard columns.allSatisfy({ HeaderChecks.edges.contains($0.length) }) else {
      throw VolumesError(
        .voxelSize, "by its \(name) an edge of a voxel is not between 0.001 and 1000 mm")
    }
    let product = columns.reduce(1) { $0 * $1.length }
    guard abs(affine.determinant) > 1e-6 * product, affine.origin.length < 1e9 else {
      throw VolumesError(.orientation, "its \(name) does not place the voxels in space")
    }
  }
}
