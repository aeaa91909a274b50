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
    let (nx, rows) = (grid.nx, grid.ny * grid.nz)
    let starts = Buffer<Int32>(rows + 1, zero: 0)
    let some = isSignal.withUnsafeBufferPointer { isSignal in
      nonisolated(unsafe) let isSignal = isSignal
      inParallel(rows, piece: 256) { range in
        for row in range {
          var count: Int32 = 0
          for x in 0..<nx where isSignal[row * nx + x] { count += 1 }
          starts[row + 1] = count
        }
      }
      for row in 0..<rows { starts[row + 1] += starts[row] }
      return [Int32](count: Int(starts[rows])) { out in
        nonisolated(unsafe) let out = out
        inParallel(rows, piece: 256) { range in
          for row in range {
            var at = Int(starts[row])
            for x in 0..<nx where isSignal[row * nx + x] {
              out[at] = Int32(row * nx + x)
              at += 1
            }
          }
        }
      }
    }
    self.init(grid: grid, indices: some, rowStart: (0...rows).map { starts[$0] })
  }

  package var count: Int { indices.count }

  /// Those of these voxels whose index in the grid is wanted.
  func chosen(where isWanted: (Int) -> Bool) -> SignalVoxels {
    chosen(indices.indices.filter { isWanted(Int(indices[$0])) }.map(Int32.init))
  }

  /// Some of these voxels, by their place among them, in raster order.
  func chosen(_ members: [Int32]) -> SignalVoxels {
    var starts: [Int32] = []
    starts.reserveCapacity(rowStart.count)
    var next = 0
    for start in rowStart {
      while next < members.count, members[next] < start { next += 1 }
      starts.append(Int32(next))
    }
    return SignalVoxels(grid: grid, indices: members.map { indices[Int($0)] }, rowStart: starts)
  }

  private init(grid: VoxelGrid, indices: [Int32], rowStart: [Int32]) {
    self.grid = grid
    self.indices = indices
    self.rowStart = rowStart
  }

  /// The values of these voxels, shape (voxel), of a map of shape (x, y, z); zeros fill up the last
  /// block.
  func values(of map: [Float]) -> Buffer<Float> {
    let out = Buffer<Float>(unwritten: blocks * 16)
    for i in count..<(blocks * 16) { out[i] = 0 }
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
    let place = Buffer<Int32>(grid.count, zero: -1)
    let out = Buffer<Int32>(unwritten: count * 6)
    let (nx, ny, nz) = (grid.nx, grid.ny, grid.nz)
    eachRow { row, range in
      for i in range { place[Int(indices[i])] = Int32(i) }
    }
    eachRow { row, range in
      let (y, z) = (row % ny, row / ny)
      for i in range {
        let at = Int(indices[i])
        let x = at - row * nx
        let near = out.pointer + i * 6
        near[0] = x > 0 ? place[at - 1] : -1
        near[1] = x < nx - 1 ? place[at + 1] : -1
        near[2] = y > 0 ? place[at - nx] : -1
        near[3] = y < ny - 1 ? place[at + nx] : -1
        near[4] = z > 0 ? place[at - nx * ny] : -1
        near[5] = z < nz - 1 ? place[at + nx * ny] : -1
      }
    }
    return out
  }

  /// Runs `body` on every row of the grid and its voxels.
  func eachRow(_ body: @Sendable (Int, Range<Int>) -> Void) {
    inParallel(rowStart.count - 1, piece: 256) { rows in
      for row in rows { body(row, Int(rowStart[row])..<Int(rowStart[row + 1])) }
    }
  }
}

extension VoxelGrid {
  /// How many of a voxel's up to six neighbours there are, and how many are inside something.
  @inline(__always)
  func neighbours(of i: Int, isInside: (Int) -> Bool) -> (all: Int, inside: Int) {
    let row = i / nx
    let (x, y, z) = (i - row * nx, row % ny, row / ny)
    var (inside, all) = (0, 0)
    func look(_ exists: Bool, _ offset: Int) {
      if !exists { return }
      all += 1
      if isInside(i + offset) { inside += 1 }
    }
    look(x > 0, -1)
    look(x < nx - 1, 1)
    look(y > 0, -nx)
    look(y < ny - 1, nx)
    look(z > 0, -nx * ny)
    look(z < nz - 1, nx * ny)
    return (all, inside)
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
    let out = Buffer<Float>(unwritten: (count + 15) / 16 * 16 * n * 2)
    for i in (count / 16 * 32 * n)..<out.count { out[i] = 0 }
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
