import CNIfTI

/// The header of a single file, with the four bytes after it that say: no extensions.
struct HeaderWriter {
  let grid: VoxelGrid
  let frames: Int
  let datatype: NIfTIDatatype
  let options: NIfTIWriter.Options

  var bytes: [UInt8] { dimensions.contains { $0 > Int(Int16.max) } ? version2 : version1 }

  private var dimensions: [Int] {
    [frames > 1 ? 4 : 3, grid.nx, grid.ny, grid.nz, frames, 1, 1, 1]
  }

  private static let millimetresAndSeconds = 2 | 8

  private var version1: [UInt8] {
    var fields = FieldWriter(count: 352)
    fields.put(Int32(348), 0)
    fields.put(UInt8(ascii: "r"), 38)
    for (axis, length) in dimensions.enumerated() { fields.put(Int16(length), 40 + 2 * axis) }
    fields.put(Int16(datatype.rawValue), 70)
    fields.put(Int16(8 * datatype.bytesPerVoxel), 72)
    let form = QuaternionForm(grid.affine)
    fields.putFloats(pixdim(form), 76)
    fields.putFloats([352, slope, intercept], 108)
    fields.put(UInt8(Self.millimetresAndSeconds), 123)
    fields.putText(options.description, 148, room: 80)
    fields.put(Int16(form.isExact ? options.orientationCode : 0), 252)
    fields.put(Int16(options.orientationCode), 254)
    fields.putFloats(form.parameters, 256)
    fields.putFloats(rows, 280)
    fields.putText("n+1", 344, room: 4)
    return fields.bytes
  }

  private var version2: [UInt8] {
    var fields = FieldWriter(count: 544)
    fields.put(Int32(540), 0)
    fields.putText("n+2", 4, room: 4)
    for (index, byte) in [0x0D, 0x0A, 0x1A, 0x0A].enumerated() {
      fields.put(UInt8(byte), 8 + index)
    }
    fields.put(Int16(datatype.rawValue), 12)
    fields.put(Int16(8 * datatype.bytesPerVoxel), 14)
    for (axis, length) in dimensions.enumerated() { fields.put(Int64(length), 16 + 8 * axis) }
    let form = QuaternionForm(grid.affine)
    fields.putDoubles(pixdim(form), 104)
    fields.put(Int64(544), 168)
    fields.putDoubles([slope, intercept], 176)
    fields.putText(options.description, 240, room: 80)
    fields.put(Int32(form.isExact ? options.orientationCode : 0), 344)
    fields.put(Int32(options.orientationCode), 348)
    fields.putDoubles(form.parameters, 352)
    fields.putDoubles(rows, 400)
    fields.put(Int32(Self.millimetresAndSeconds), 500)
    return fields.bytes
  }

  private var slope: Double { options.scaling?.slope ?? 1 }
  private var intercept: Double { options.scaling?.intercept ?? 0 }

  /// Handedness, edges, then 1 for the dimensions that have no length here.
  private func pixdim(_ form: QuaternionForm) -> [Double] {
    let edges = grid.spacing
    return [form.handedness, edges.x, edges.y, edges.z, 1, 1, 1, 1]
  }

  /// srow_x, srow_y, srow_z.
  private var rows: [Double] {
    let affine = grid.affine
    let (a, b, c) = affine.columns
    let o = affine.origin
    return [a.x, b.x, c.x, o.x, a.y, b.y, c.y, o.y, a.z, b.z, c.z, o.z]
  }
}

/// An affine as the standard's method 2 says it: a rotation as a quaternion, edges, handedness.
struct QuaternionForm {
  /// -1 where the grid's axes are left-handed.
  let handedness: Double
  /// b, c, d, and the first voxel's place.
  let parameters: [Double]
  /// Whether the method can say this affine: its axes are orthogonal.
  let isExact: Bool

  init(_ affine: Affine) {
    let (a, b, c) = affine.columns
    var matrix = nifti_dmat44()
    matrix.m.0 = (a.x, b.x, c.x, affine.origin.x)
    matrix.m.1 = (a.y, b.y, c.y, affine.origin.y)
    matrix.m.2 = (a.z, b.z, c.z, affine.origin.z)
    matrix.m.3 = (0, 0, 0, 1)
    var (qb, qc, qd, x, y, z, dx, dy, dz, handedness) = (
      0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    )
    nifti_dmat44_to_quatern(matrix, &qb, &qc, &qd, &x, &y, &z, &dx, &dy, &dz, &handedness)
    self.handedness = handedness < 0 ? -1 : 1
    parameters = [qb, qc, qd, x, y, z]
    let cosines = [
      a.dot(b) / (a.length * b.length), b.dot(c) / (b.length * c.length),
      c.dot(a) / (c.length * a.length),
    ]
    // Affines that came through single precision are orthogonal to some 1e-7.
    isExact = cosines.allSatisfy { abs($0) < 1e-5 }
  }
}

/// Bytes of a header, written field by field in this machine's byte order.
struct FieldWriter {
  private(set) var bytes: [UInt8]

  init(count: Int) { bytes = Array(repeating: 0, count: count) }

  mutating func put<T: BitwiseCopyable>(_ value: T, _ offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: T.self) }
  }

  mutating func putFloats(_ values: [Double], _ offset: Int) {
    for (index, value) in values.enumerated() { put(Float(value), offset + 4 * index) }
  }

  mutating func putDoubles(_ values: [Double], _ offset: Int) {
    for (index, value) in values.enumerated() { put(value, offset + 8 * index) }
  }

  /// Text and at least one zero after it, cut between characters.
  mutating func putText(_ text: String, _ offset: Int, room: Int) {
    var end = offset
    for character in text {
      let piece = Array(String(character).utf8)
      guard end + piece.count < offset + room else { return }
      for byte in piece {
        put(byte, end)
        end += 1
      }
    }
  }
}
