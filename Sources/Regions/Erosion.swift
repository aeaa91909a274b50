import Volumes

extension Region {
  /// Erosion by a ball, in millimetres.
  ///
  ///     keep p  <=>  every voxel q of the grid with |A q - A p| <= r lies in the region
  ///
  /// Distances run between voxel centres, through the affine: right for anisotropic and for sheared
  /// voxels. A distance that exceeds r by less than a hundred-thousandth counts as r, so that voxel
  /// sizes stored in single precision do not decide. Beyond the field of view nothing is known, and
  /// nothing is taken away for it. Equal to keeping where SciPy's `distance_transform_edt` exceeds r.
  /// - Parameter radius: mm; 0 or less changes nothing.
  public func eroded(byMillimetres radius: Double) -> Region {
    guard radius > 0, let first = voxels.first else { return self }
    let ball = BallRows(radius: radius * (1 + 1e-5), grid: grid)
    let frame = OutsideCounts(voxels: voxels, first: first, grid: grid, reach: ball.reach)
    return replacing(voxels: voxels.filter { !frame.hasOutside(around: $0, within: ball) })
  }
}

/// A ball on a grid as rows along x, nearest rows first: for each (dy, dz), dx runs over `from...to`.
private struct BallRows {
  struct Row {
    let dy: Int
    let dz: Int
    let from: Int
    let to: Int
    let nearest: Double
  }
  let rows: [Row]
  /// The largest |dx|, |dy|, |dz|.
  let reach: SIMD3<Int>

  init(radius: Double, grid: VoxelGrid) {
    let (cx, cy, cz) = grid.affine.columns
    // |M d| <= r reaches r |row of M^-1| along an axis; further than the grid needs no look.
    let inverse = grid.affine.inverse?.columns
    func extent(_ axis: Int, _ size: Int) -> Int {
      guard let (u, v, w) = inverse else { return 0 }
      let row = SIMD3(u[axis], v[axis], w[axis])
      let extent = (radius * row.length).rounded(.down)
      return extent < Double(size) ? Int(extent) : size - 1
    }
    let (ey, ez) = (extent(1, grid.ny), extent(2, grid.nz))
    let farthest = Double(grid.nx - 1)
    var rows: [Row] = []
    for dz in -ez...ez {
      for dy in -ey...ey {
        // |dx c + v|^2 <= r^2, a quadratic in dx.
        let v = cy * Double(dy) + cz * Double(dz)
        let a = cx.dot(cx)
        let middle = -cx.dot(v) / a
        let nearest = (v + cx * middle).length
        guard nearest <= radius else { continue }
        let half = ((radius * radius - nearest * nearest) / a).squareRoot()
        let from = max((middle - half).rounded(.up), -farthest)
        let to = min((middle + half).rounded(.down), farthest)
        guard from <= to else { continue }
        rows.append(Row(dy: dy, dz: dz, from: Int(from), to: Int(to), nearest: nearest))
      }
    }
    self.rows = rows.sorted { $0.nearest < $1.nearest }
    let ex = rows.map { max(abs($0.from), abs($0.to)) }.max() ?? 0
    reach = SIMD3(ex, ey, ez)
  }
}

/// Running counts along x of the voxels outside a region, in a box around it.
private struct OutsideCounts {
  private let grid: VoxelGrid
  private let lower: SIMD3<Int>
  private let upper: SIMD3<Int>
  private let width: Int
  private let height: Int
  /// Voxels outside the region before x, per row; each row has one entry more than voxels.
  private var counts: [Int32]

  init(voxels: [Int], first: Int, grid: VoxelGrid, reach: SIMD3<Int>) {
    self.grid = grid
    let start = grid.position(first)
    var low = SIMD3(start.x, start.y, start.z)
    var high = low
    for voxel in voxels {
      let (x, y, z) = grid.position(voxel)
      low = pointwiseMin(low, SIMD3(x, y, z))
      high = pointwiseMax(high, SIMD3(x, y, z))
    }
    lower = pointwiseMax(low &- reach, SIMD3(0, 0, 0))
    upper = pointwiseMin(high &+ reach, SIMD3(grid.nx - 1, grid.ny - 1, grid.nz - 1))
    width = upper.x - lower.x + 2
    height = upper.y - lower.y + 1
    counts = [Int32](repeating: 1, count: width * height * (upper.z - lower.z + 1))
    for voxel in voxels {
      let (x, y, z) = grid.position(voxel)
      counts[row(y, z) + x - lower.x + 1] = 0
    }
    for row in stride(from: 0, to: counts.count, by: width) {
      counts[row] = 0
      for x in row + 1..<row + width { counts[x] += counts[x - 1] }
    }
  }

  private func row(_ y: Int, _ z: Int) -> Int { width * (y - lower.y + height * (z - lower.z)) }

  /// Whether a voxel of the grid that is outside the region lies in the ball around `voxel`.
  func hasOutside(around voxel: Int, within ball: BallRows) -> Bool {
    let (x, y, z) = grid.position(voxel)
    for step in ball.rows {
      let (j, k) = (y + step.dy, z + step.dz)
      guard j >= lower.y, j <= upper.y, k >= lower.z, k <= upper.z else { continue }
      let from = max(x + step.from, lower.x)
      let to = min(x + step.to, upper.x)
      guard from <= to else { continue }
      let start = row(j, k) - lower.x
      if counts[start + to + 1] > counts[start + from] { return true }
    }
    return false
  }
}
