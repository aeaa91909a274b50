import Volumes

/// The voxels that are worth a fit, in raster order, and who neighbours whom.
package struct SignalVoxels: Sendable {
  let grid: VoxelGrid
  /// Index in the grid of each voxel.
  package let indices: [Int32]
  /// First voxel of each row (y + ny z), and the total at the end.
  let rowStart: [Int32]

  /// - Parameters:
  ///   - grid: the scan's grid.
  ///   - isSignal: shape (x, y, z).
  package init(grid: VoxelGrid, isSignal: [Bool]) {
    var indices: [Int32] = []
    var rowStart: [Int32] = []
    rowStart.reserveCapacity(grid.ny * grid.nz + 1)
    for row in 0..<(grid.ny * grid.nz) {
      rowStart.append(Int32(indices.count))
      let base = row * grid.nx
      for x in 0..<grid.nx where isSignal[base + x] { indices.append(Int32(base + x)) }
    }
    rowStart.append(Int32(indices.count))
    self.grid = grid
    self.indices = indices
    self.rowStart = rowStart
  }

  package var count: Int { indices.count }

  /// Some of these voxels, chosen by their place among them.
  func chosen(_ isChosen: (Int) -> Bool) -> SignalVoxels {
    var (some, starts): ([Int32], [Int32]) = ([], [])
    for row in 0..<(rowStart.count - 1) {
      starts.append(Int32(some.count))
      for i in Int(rowStart[row])..<Int(rowStart[row + 1]) where isChosen(i) {
        some.append(indices[i])
      }
    }
    starts.append(Int32(some.count))
    return SignalVoxels(grid: grid, indices: some, rowStart: starts)
  }

  private init(grid: VoxelGrid, indices: [Int32], rowStart: [Int32]) {
    self.grid = grid
    self.indices = indices
    self.rowStart = rowStart
  }

  /// The values of these voxels, shape (voxel), of a map of shape (x, y, z); zeros fill up the last
  /// block.
  func values(of map: [Float]) -> Buffer<Float> {
    let out = Buffer<Float>(blocks * 16, zero: 0)
    indices.withUnsafeBufferPointer { indices in
      map.withUnsafeBufferPointer { map in
        nonisolated(unsafe) let (indices, map) = (indices, map)
        inParallel(count, piece: 1 << 16) { range in
          for i in range { out[i] = map[Int(indices[i])] }
        }
      }
    }
    return out
  }

  /// Number of blocks of sixteen.
  var blocks: Int { (count + 15) / 16 }

  /// Neighbours at -x, +x, -y, +y, -z, +z, shape (voxel, 6); -1 where there is none.
  package func neighbours() -> Buffer<Int32> {
    let position = Buffer<Int32>(grid.count, zero: -1)
    for (i, index) in indices.enumerated() { position[Int(index)] = Int32(i) }
    let out = Buffer<Int32>(count * 6, zero: -1)
    let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
    indices.withUnsafeBufferPointer { indices in
      nonisolated(unsafe) let indices = indices
      inParallel(count, piece: 1 << 16) { range in
        for i in range {
          let at = Int(indices[i])
          let (x, y, z) = (at % nx, at / nx % ny, at / (nx * ny))
          if x > 0 { out[i * 6] = position[at - 1] }
          if x < nx - 1 { out[i * 6 + 1] = position[at + 1] }
          if y > 0 { out[i * 6 + 2] = position[at - nx] }
          if y < ny - 1 { out[i * 6 + 3] = position[at + nx] }
          if z > 0 { out[i * 6 + 4] = position[at - nx * ny] }
          if z < nz - 1 { out[i * 6 + 5] = position[at + nx * ny] }
        }
      }
    }
    return out
  }
}

extension VoxelGrid {
  /// Voxels outside a mask of which a third of the up to six neighbours, at least, lies inside: what
  /// is dark there is tissue that is dark rather than air.
  func surrounded(by mask: [Bool]) -> [Int] {
    (0..<count).filter { i in
      if mask[i] { return false }
      let (x, y, z) = (i % nx, i / nx % ny, i / (nx * ny))
      var (inside, all) = (0, 0)
      for (exists, offset) in [
        (x > 0, -1), (x < nx - 1, 1), (y > 0, -nx), (y < ny - 1, nx), (z > 0, -nx * ny),
        (z < nz - 1, nx * ny),
      ] where exists {
        all += 1
        if mask[i + offset] { inside += 1 }
      }
      return inside * 3 >= all && inside > 0
    }
  }
}

/// The signal of chosen voxels, sixteen side by side: shape (block, echo, 2, 16).
struct PackedSignal: Sendable {
  let echoes: Int
  let voxels: Int
  let values: Buffer<Float>

  /// - Parameters:
  ///   - series: the scan.
  ///   - indices: voxels to pack; the last block is filled up with zeros.
  ///   - conjugated: whether phase is reversed on the way.
  init(_ series: EchoSeries, indices: [Int32], conjugated: Bool) {
    let n = series.echoTimes.count
    let count = indices.count
    let out = Buffer<Float>((count + 15) / 16 * 16 * n * 2, zero: 0)
    let stride = series.grid.count
    series.real.withUnsafeBufferPointer { real in
      series.imaginary.withUnsafeBufferPointer { imaginary in
        indices.withUnsafeBufferPointer { indices in
          nonisolated(unsafe) let (real, imaginary, indices) = (real, imaginary, indices)
          inParallel(count, piece: 1 << 14) { range in
            for echo in 0..<n {
              for i in range {
                let from = echo * stride + Int(indices[i])
                let to = ((i / 16 * n + echo) * 2) * 16 + i % 16
                out[to] = real[from]
                out[to + 16] = conjugated ? -imaginary[from] : imaginary[from]
              }
            }
          }
        }
      }
    }
    echoes = n
    voxels = count
    values = out
  }

  init(echoes: Int, voxels: Int, values: Buffer<Float>) {
    self.echoes = echoes
    self.voxels = voxels
    self.values = values
  }

  var blocks: Int { (voxels + 15) / 16 }
  var blockSize: Int { echoes * 32 }

  func block(_ index: Int) -> UnsafePointer<Float> {
    UnsafePointer(values.pointer + index * blockSize)
  }
}
