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
  /// What is proposed: the candidate that suits the field best after the shift, shape (voxel).
  let proposal: Buffer<UInt8>
  private let problem: FieldProblem
  private let cells: Cells
  private let leastWeight: Float
  /// Bound of each voxel's gain, nats, shape (voxel).
  private let gains: Buffer<Float>
  /// Cells of each layer in which a voxel may gain, or all together lose little.
  private let open: [[Bool]]

  /// - Parameters:
  ///   - shift: of the field, Hz.
  ///   - leastWeight: pairs of a smaller weight do not bind.
  init(_ problem: FieldProblem, shift: Float, cells: Cells, leastWeight: Float) {
    self.problem = problem
    self.cells = cells
    self.leastWeight = leastWeight
    problem.updatePairCosts()
    let graph = problem.graph()
    let proposal = Buffer<UInt8>(unwritten: problem.count)
    let gains = Buffer<Float>(unwritten: problem.count)
    open = inPieces(cells.layers.count, piece: 1) { range in
      let layer = cells.layers[range.lowerBound]
      problem.kernels.proposeShift(graph, layer.voxels, shift, proposal.pointer)
      var sums = [Float](repeating: 0, count: cells.inLayer)
      var some = [Bool](repeating: false, count: cells.inLayer)
      var changing = some
      for i in layer.voxels {
        let (old, new) = (Int(problem.choice[i]), Int(proposal[i]))
        gains[i] = 0
        if old == new { continue }
        gains[i] = problem.pairCosts[i] + problem.own(i, old) - problem.own(i, new)
        let cell = Int(cells.ofVoxel[i]) - layer.firstCell
        sums[cell] += gains[i]
        changing[cell] = true
        if gains[i] > 0 { some[cell] = true }
      }
      return sums.indices.map { some[$0] || (changing[$0] && sums[$0] > -problem.most) }
    }
    (self.proposal, self.gains) = (proposal, gains)
  }

  /// nil where no block could gain.
  func sets() -> VoxelSets? {
    let open = open
    let first = build { layer, cell in open[layer][cell] }
    var gaining = [Bool](repeating: false, count: cells.count)
    for found in first {
      for set in 0..<found.sets.count where found.bounds[set] > 0 {
        gaining[cell(found.sets[set])] = true
      }
    }
    guard gaining.contains(true) else {
      unmark(first)
      return nil
    }
    let around = cells.grown(gaining, by: 2)
    let all =
      first
      + build { layer, cell in around[layer * cells.inLayer + cell] && !open[layer][cell] }
    unmark(all)
    var kept = VoxelSets()
    for found in all {
      kept.append(found.sets) { set in
        let members = found.sets[set]
        return (around[cell(members)] || found.bounds[set] > -problem.most)
          && members.contains { changes(Int($0)) }
      }
    }
    return kept
  }

  /// Sets of a layer, and the bound of what each gains by itself.
  private struct Found {
    var sets = VoxelSets()
    var bounds: [Float] = []
  }

  @inline(__always)
  private func changes(_ i: Int) -> Bool { proposal[i] != problem.choice[i] }

  private func unmark(_ all: [Found]) {
    inParallel(all.count, piece: 1) { range in
      for i in all[range.lowerBound].sets.members { problem.marks[Int(i)] = -1 }
    }
  }

  private func cell(_ set: ArraySlice<Int32>) -> Int {
    set.first.map { Int(cells.ofVoxel[Int($0)]) } ?? 0
  }

  /// Connected pieces of smooth field within each cell that is open, layer by layer; their voxels are
  /// marked. Voxels that hang on nothing belong to none.
  private func build(
    _ isOpen: @Sendable (_ layer: Int, _ cell: Int) -> Bool
  ) -> [Found] {
    let p = problem
    return inPieces(cells.layers.count, piece: 1) { range in
      let layer = cells.layers[range.lowerBound]
      var (sets, bounds) = (VoxelSets(), [Float]())
      for seed in layer.voxels where p.marks[seed] < 0 {
        let home = cells.ofVoxel[seed]
        guard isOpen(range.lowerBound, Int(home) - layer.firstCell) else { continue }
        sets.add(seed)
        p.marks[seed] = 0
        var next = sets.members.count - 1
        var bound = false
        while next < sets.members.count {
          let i = Int(sets.members[next])
          next += 1
          for direction in 0..<6 {
            let j = p.neighbour(i, direction)
            if j < 0 || p.weight(i, j, direction) < leastWeight { continue }
            bound = true
            if cells.ofVoxel[j] != home || p.marks[j] >= 0 || abs(p.step(i, j)) > smoothStep {
              continue
            }
            sets.add(j)
            p.marks[j] = 0
          }
        }
        if bound {
          sets.close()
          bounds.append(sets[sets.count - 1].reduce(0) { $0 + gains[Int($1)] })
        } else {
          p.marks[seed] = -1
          sets.drop()
        }
      }
      return Found(sets: sets, bounds: bounds)
    }
  }
}

/// A grid in cells of 4 x 4 x 2 voxels.
struct Cells {
  /// What cells of one z have: voxels that follow each other.
  struct Layer {
    let firstCell: Int
    let voxels: Range<Int>
  }

  private let grid: VoxelGrid
  /// The cell of each voxel, shape (voxel).
  let ofVoxel: Buffer<Int32>
  let layers: [Layer]

  init(_ voxels: SignalVoxels) {
    let (ny, nz) = (voxels.grid.ny, voxels.grid.nz)
    let grid = VoxelGrid(
      nx: (voxels.grid.nx + 3) / 4, ny: (ny + 3) / 4, nz: (nz + 1) / 2, affine: voxels.grid.affine)
    self.grid = grid
    ofVoxel = Buffer(unwritten: voxels.count)
    layers = (0..<grid.nz).map { z in
      let rows = (ny * 2 * z, ny * min(nz, 2 * z + 2))
      return Layer(
        firstCell: grid.nx * grid.ny * z,
        voxels: Int(voxels.rowStart[rows.0])..<Int(voxels.rowStart[rows.1]))
    }
    voxels.eachRow { [ofVoxel] row, range in
      let (y, z) = (row % ny, row / ny)
      let base = grid.nx * (y / 4 + grid.ny * (z / 2))
      for i in range {
        ofVoxel[i] = Int32(base + (Int(voxels.indices[i]) - row * voxels.grid.nx) / 4)
      }
    }
  }

  var count: Int { grid.count }
  var inLayer: Int { grid.nx * grid.ny }

  /// Cells within some steps of chosen ones, along all axes at once.
  func grown(_ chosen: [Bool], by steps: Int) -> [Bool] {
    Separation.grown(chosen, grid: grid, inPlane: steps, across: steps)
  }
}

/// Disjoint sets of voxels.
struct VoxelSets {
  /// The sets' voxels one after the other, and where each begins.
  private(set) var members: [Int32] = []
  private var starts: [Int32] = [0]

  init() {}

  /// Every voxel is a set.
  init(each voxels: [Int32]) {
    members = voxels
    starts = (0...Int32(voxels.count)).map { $0 }
  }

  var count: Int { starts.count - 1 }

  subscript(set: Int) -> ArraySlice<Int32> {
    members[Int(starts[set])..<Int(starts[set + 1])]
  }

  /// Adds a voxel to the set that is not closed yet.
  mutating func add(_ voxel: Int) { members.append(Int32(voxel)) }

  mutating func close() { starts.append(Int32(members.count)) }

  /// Forgets the set that is not closed yet.
  mutating func drop() { members.removeLast(members.count - Int(starts[count])) }

  /// Adds some of other sets.
  mutating func append(_ other: VoxelSets, where isKept: (_ set: Int) -> Bool) {
    for set in 0..<other.count where isKept(set) {
      members += other[set]
      close()
    }
  }
}
