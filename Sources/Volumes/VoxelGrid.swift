/// Where voxels lie: a shape and the affine from voxel indices to millimetres.
///
/// Indices are (x, y, z), x fastest in memory. The affine maps the *centre* of voxel (i, j, k) to
/// NIfTI's RAS+ space: right, anterior, superior, in mm.
public struct VoxelGrid: Hashable, Sendable {
  public let nx: Int
  public let ny: Int
  public let nz: Int
  public let affine: Affine

  public init(nx: Int, ny: Int, nz: Int, affine: Affine) {
    precondition(nx > 0 && ny > 0 && nz > 0)
    self.nx = nx
    self.ny = ny
    self.nz = nz
    self.affine = affine
  }

  /// Number of voxels.
  public var count: Int { nx * ny * nz }

  /// Index in memory of voxel (x, y, z).
  public func index(_ x: Int, _ y: Int, _ z: Int) -> Int { x + nx * (y + ny * z) }

  /// Edge lengths of a voxel, mm.
  public var spacing: SIMD3<Double> {
    SIMD3(affine.columns.0.length, affine.columns.1.length, affine.columns.2.length)
  }

  /// Volume of one voxel in ml (cm^3), from the affine's determinant: right for sheared grids too.
  public var voxelMillilitres: Double { abs(affine.determinant) / 1000 }

  /// Same shape, and no corner of the grid displaced by more than `tolerance` of a voxel's
  /// shortest edge.
  public func coincides(with other: VoxelGrid, tolerance: Double = 0.01) -> Bool {
    guard nx == other.nx, ny == other.ny, nz == other.nz else { return false }
    let limit = tolerance * min(spacing.x, min(spacing.y, spacing.z))
    return corners.allSatisfy { (affine.apply($0) - other.affine.apply($0)).length <= limit }
  }

  /// Indices of the eight corner voxels.
  var corners: [SIMD3<Double>] {
    let far = SIMD3(Double(nx - 1), Double(ny - 1), Double(nz - 1))
    return (0..<8).map { corner in
      SIMD3(
        corner & 1 == 0 ? 0 : far.x, corner & 2 == 0 ? 0 : far.y, corner & 4 == 0 ? 0 : far.z)
    }
  }

  /// "256x256x40, 1.5x1.5x5 mm, at (-190.5, ...)": how errors and `pdff info` name a geometry.
  public var summary: String {
    let s = spacing
    let o = affine.origin
    func short(_ v: Double) -> String {
      let r = (v * 100).rounded() / 100
      return r == r.rounded() && abs(r) < 1e9 ? String(Int(r)) : String(r)
    }
    return "\(nx)x\(ny)x\(nz) voxels of \(short(s.x))x\(short(s.y))x\(short(s.z)) mm, "
      + "first voxel at (\(short(o.x)), \(short(o.y)), \(short(o.z))) mm"
  }
}

/// A 3x4 affine: x' = M x + o, columns of M and the origin, in mm.
public struct Affine: Hashable, Sendable {
  public struct Columns: Hashable, Sendable {
    public let x: SIMD3<Double>
    public let y: SIMD3<Double>
    public let z: SIMD3<Double>
  }
  private let matrix: Columns
  public let origin: SIMD3<Double>

  public init(
    _ x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>, origin: SIMD3<Double>
  ) {
    self.matrix = Columns(x: x, y: y, z: z)
    self.origin = origin
  }

  /// Columns of M: the step in mm when one voxel index grows by one.
  public var columns: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
    (matrix.x, matrix.y, matrix.z)
  }

  /// Voxel indices (may be fractional) to mm.
  public func apply(_ p: SIMD3<Double>) -> SIMD3<Double> {
    matrix.x * p.x + matrix.y * p.y + matrix.z * p.z + origin
  }

  /// Determinant of M, mm^3 with the sign of the handedness.
  public var determinant: Double { matrix.x.dot(matrix.y.cross(matrix.z)) }

  /// The affine from mm to voxel indices; nil when M is singular or not finite.
  public var inverse: Affine? {
    let d = determinant
    guard d.isFinite, abs(d) > 1e-12 else { return nil }
    // Rows of the inverse are the cross products of the columns over the determinant.
    let r0 = matrix.y.cross(matrix.z) / d
    let r1 = matrix.z.cross(matrix.x) / d
    let r2 = matrix.x.cross(matrix.y) / d
    let columns = (
      SIMD3(r0.x, r1.x, r2.x), SIMD3(r0.y, r1.y, r2.y), SIMD3(r0.z, r1.z, r2.z)
    )
    let o = columns.0 * origin.x + columns.1 * origin.y + columns.2 * origin.z
    return Affine(columns.0, columns.1, columns.2, origin: -o)
  }
}

extension SIMD3<Double> {
  public func dot(_ other: Self) -> Double { (self * other).sum() }
  public var length: Double { dot(self).squareRoot() }
  public func cross(_ o: Self) -> Self {
    SIMD3(y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x)
  }
}
