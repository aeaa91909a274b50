import KernelTypes
import Volumes

/// Field steps below this belong to one block, Hz.
let smoothStep: Float = 50

/// The blocks of smooth field that could gain by a proposal.
///
/// A voxel that changes gains at most what its pairs cost now, less what its own cost rises. The sum
/// of that over a block bounds what the block gains by itself; nearly everywhere it is far below
/// zero. Worth a cut are blocks that may gain, those around them, which may be taken along, and those
/// whose own evidence is less than the cost of one broken pair.
struct MovableBlocks {
  private let problem: FieldProblem
  private let proposal: Buffer<UInt8>
  private let leastWeight: Float
  /// Bound of each voxel's gain, nats, shape (voxel).
  private let gains: Buffer<Float>
  private let cells: Cells

  /// - Parameters:
  ///   - proposal: shape (voxel).
  ///   - pairCosts: what the pairs of each voxel cost now, shape (voxel).
  ///   - leastWeight: pairs of a smaller weight do not bind.
  init(
    _ problem: FieldProblem, _ proposal: Buffer<UInt8>, pairCosts: Buffer<Float>, cells: Cells,
    leastWeight: Float
  ) {
    self.problem = problem
    self.proposal = proposal
    self.leastWeight = leastWeight
    self.cells = cells
    gains = Buffer(unwritten: problem.count)
    inParallel(problem.count, piece: 1 << 14) { [gains] range in
      for i in range {
        let (old, new) = (Int(problem.choice[i]), Int(proposal[i]))
        gains[i] = new == old ? 0 : pairCosts[i] + problem.own(i, old) - problem.own(i, new)
      }
    }
  }

  /// nil where no block could gain.
  func partition() -> Partition? {
    var open = worthALook()
    var pieces = Partition(count: problem.count)
    build(&pieces, in: open)
    var gaining = [Bool](repeating: false, count: cells.count)
    var gains = pieces.bounds(self.gains)
    for block in 0..<pieces.blocks where gains[block] > 0 {
      gaining[cell(Int(pieces[block].first ?? 0))] = true
    }
    if !gaining.contains(true) { return nil }
    let around = cells.grown(gaining, by: 2)
    for cell in open.indices { open[cell] = around[cell] && !open[cell] }
    build(&pieces, in: open)
    gains = pieces.bounds(self.gains)
    return pieces.kept { block in
      (gains[block] > -problem.most || around[cell(Int(pieces[block].first ?? 0))])
        && pieces[block].contains { changes(Int($0)) }
    }
  }

  @inline(__always)
  private func changes(_ i: Int) -> Bool { proposal[i] != problem.choice[i] }

  private func cell(_ voxel: Int) -> Int { Int(cells.ofVoxel[voxel]) }

  /// Cells in which a voxel may gain, or all together lose little.
  private func worthALook() -> [Bool] {
    var sums = [Float](repeating: 0, count: cells.count)
    var some = [Bool](repeating: false, count: cells.count)
    var changing = some
    for i in 0..<problem.count where changes(i) {
      let cell = cell(i)
      sums[cell] += gains[i]
      changing[cell] = true
      if gains[i] > 0 { some[cell] = true }
    }
    return sums.indices.map { some[$0] || (changing[$0] && sums[$0] > -problem.most) }
  }

  /// Connected pieces of smooth field within each cell. Voxels that hang on nothing belong to none.
  private func build(_ pieces: inout Partition, in open: [Bool]) {
    let p = problem
    for seed in 0..<p.count where open[cell(seed)] && pieces.of[seed] < 0 {
      let home = cell(seed)
      pieces.begin(seed)
      var next = pieces.members.count - 1
      var bound = false
      while next < pieces.members.count {
        let i = Int(pieces.members[next])
        next += 1
        for direction in 0..<6 {
          let j = p.neighbour(i, direction)
          if j < 0 || p.weight(i, j, direction) < leastWeight { continue }
          bound = true
          if pieces.of[j] >= 0 || abs(p.step(i, j)) > smoothStep || cell(j) != home { continue }
          pieces.add(j)
        }
      }
      if bound { pieces.end() } else { pieces.drop() }
    }
  }
}

/// A grid in cells of 4 x 4 x 2 voxels.
struct Cells {
  private let grid: VoxelGrid
  /// The cell of each voxel, shape (voxel).
  let ofVoxel: Buffer<Int32>

  init(_ voxels: SignalVoxels) {
    let (nx, ny, nz) = (
      (voxels.grid.nx + 3) / 4, (voxels.grid.ny + 3) / 4, (voxels.grid.nz + 1) / 2
    )
    grid = VoxelGrid(nx: nx, ny: ny, nz: nz, affine: voxels.grid.affine)
    ofVoxel = Buffer(unwritten: voxels.count)
    voxels.eachRow { [ofVoxel] row, range in
      let (y, z) = (row % voxels.grid.ny, row / voxels.grid.ny)
      let base = nx * (y / 4 + ny * (z / 2))
      for i in range {
        ofVoxel[i] = Int32(base + (Int(voxels.indices[i]) - row * voxels.grid.nx) / 4)
      }
    }
  }

  var count: Int { grid.count }

  /// Cells within some steps of chosen ones, along all axes at once.
  func grown(_ chosen: [Bool], by steps: Int) -> [Bool] {
    Separation.grown(chosen, grid: grid, inPlane: steps, across: steps)
  }
}

/// Disjoint sets of voxels.
struct Partition {
  /// Set of each voxel, -1 for none, shape (voxel).
  private(set) var of: [Int32]
  /// The sets' voxels one after the other, and where each begins.
  private(set) var members: [Int32] = []
  private var starts: [Int32] = [0]

  init(count: Int) { of = [Int32](repeating: -1, count: count) }

  /// Every chosen voxel is a set.
  init(each chosen: [Bool]) {
    self.init(count: chosen.count)
    for i in chosen.indices where chosen[i] {
      begin(i)
      end()
    }
  }

  var blocks: Int { starts.count - 1 }

  subscript(block: Int) -> ArraySlice<Int32> {
    members[Int(starts[block])..<Int(starts[block + 1])]
  }

  mutating func begin(_ voxel: Int) { add(voxel) }

  mutating func add(_ voxel: Int) {
    of[voxel] = Int32(blocks)
    members.append(Int32(voxel))
  }

  /// Ends the set begun last.
  mutating func end() { starts.append(Int32(members.count)) }

  /// Sums of a value over each set's voxels.
  func bounds(_ values: Buffer<Float>) -> [Float] {
    (0..<blocks).map { self[$0].reduce(0) { $0 + values[Int($1)] } }
  }

  /// Some of the sets.
  func kept(_ isKept: (Int) -> Bool) -> Partition {
    var some = Partition(count: of.count)
    for block in 0..<blocks where isKept(block) {
      for voxel in self[block] { some.add(Int(voxel)) }
      some.end()
    }
    return some
  }

  /// Forgets the set begun last.
  mutating func drop() {
    for voxel in members[Int(starts[blocks])...] { of[Int(voxel)] = -1 }
    members.removeLast(members.count - Int(starts[blocks]))
  }
}
