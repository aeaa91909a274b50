import KernelTypes
import Volumes

/// Connected regions within which fat and water can only be exchanged together: their field map is
/// smooth, while the border of a swap shows as a jump of the field by fat's frequency.
///
/// Bright voxels that join make a region. A faint voxel joins the first bright region that it touches,
/// which does not go on through it: through faint ones a region would leak into the next. Those that
/// are left make regions among themselves.
struct FieldRegions {
  /// Voxels of one region after the other, in raster order.
  private(set) var members: [Int32] = []
  /// First member of each region, and the total at the end.
  private(set) var starts = [0]
  /// Each voxel's region, shape (voxel).
  let ofVoxel: Buffer<Int32>
  /// Border of each region: pairs of bright neighbours, and those that look like a swap.
  private(set) var borders: [(pairs: Int, swaps: Int)] = []

  /// Least trust of a voxel through which a region may grow, or that counts in a border.
  static let leastTrust: Float = 0.3

  /// - Parameters:
  ///   - neighbours: shape (voxel, 6).
  ///   - trust: 0...1, shape (voxel).
  ///   - fieldMap: Hz, shape (voxel).
  ///   - fatFraction: shape (voxel).
  ///   - tissues: whether regions also end where the fat fraction jumps.
  init(
    neighbours: Buffer<Int32>, trust: Buffer<Float>, fieldMap: [Float], fatFraction: [Float],
    shift: SwapShift, tissues: Bool
  ) {
    let graph = JoinGraph(
      neighbours: neighbours, trust: trust, fieldMap: fieldMap, fatFraction: fatFraction,
      shift: shift, tissues: tissues)
    let firsts = graph.firsts()
    ofVoxel = Buffer(unwritten: firsts.count)
    collect(firsts, isBright: graph.isBright)
    for (i, j, isSwap) in graph.borders() {
      for r in [Int(ofVoxel[i]), Int(ofVoxel[j])] {
        borders[r].pairs += 1
        if isSwap { borders[r].swaps += 1 }
      }
    }
  }

  var count: Int { borders.count }
  subscript(region: Int) -> ArraySlice<Int32> { members[starts[region]..<starts[region + 1]] }

  /// Regions of which a good part of the border looks like that of a swap. The largest region is the
  /// reference that the others are suspected against.
  func looksSwapped() -> [Int] {
    let largest = (0..<count).max { self[$0].count < self[$1].count }
    return (0..<count).filter {
      $0 != largest && borders[$0].swaps >= 12
        && Double(borders[$0].swaps) >= 0.2 * Double(borders[$0].pairs)
    }
  }

  /// Numbers the regions, bright ones first, and puts their voxels together.
  ///
  /// - Parameter firsts: each voxel's region, told by one of its voxels; shape (voxel).
  private mutating func collect(_ firsts: Buffer<Int32>, isBright: (Int) -> Bool) {
    let region = ofVoxel
    let number = Buffer<Int32>(unwritten: firsts.count)
    var regions: Int32 = 0
    for bright in [true, false] {
      for i in 0..<firsts.count where firsts[i] == i && isBright(i) == bright {
        number[i] = regions
        regions += 1
      }
    }
    borders = [(pairs: Int, swaps: Int)](repeating: (0, 0), count: Int(regions))
    inParallel(firsts.count, piece: 1 << 15) { range in
      for i in range { region[i] = number[Int(firsts[i])] }
    }
    starts = [Int](repeating: 0, count: Int(regions) + 1)
    for i in 0..<region.count { starts[Int(region[i]) + 1] += 1 }
    for r in 0..<Int(regions) { starts[r + 1] += starts[r] }
    var next = starts
    members = [Int32](count: region.count) { members in
      for i in 0..<region.count {
        let r = Int(region[i])
        members[next[r]] = Int32(i)
        next[r] += 1
      }
    }
  }
}

/// Which neighbours join.
private struct JoinGraph: Sendable {
  let neighbours: Buffer<Int32>
  let trust: Buffer<Float>
  let fieldMap: [Float]
  let fatFraction: [Float]
  let shift: SwapShift
  let tissues: Bool

  var count: Int { fieldMap.count }

  @inline(__always)
  func isBright(_ i: Int) -> Bool { trust[i] >= FieldRegions.leastTrust }

  /// The neighbour at +x, +y or +z; -1 where there is none.
  @inline(__always)
  private func next(_ i: Int, _ axis: Int) -> Int { Int(neighbours[i * 6 + axis * 2 + 1]) }

  @inline(__always)
  private func joins(_ i: Int, _ j: Int) -> Bool {
    shift.joins(step: shift.wrapped(fieldMap[i] - fieldMap[j]))
      && (!tissues || abs(fatFraction[i] - fatFraction[j]) < 0.4)
  }

  /// The region of every voxel, told by its first bright voxel, or by its first where it has none.
  func firsts() -> Buffer<Int32> {
    let sets = DisjointSets(count: count)
    connect(sets) { isBright($0) }
    let claimed = Buffer<Int32>(unwritten: count)
    inParallel(count, piece: 1 << 14) { range in
      for i in range {
        claimed[i] = isBright(i) ? Int32(sets.first(of: i)) : -1
        if claimed[i] >= 0 { continue }
        for direction in 0..<6 {
          let j = Int(neighbours[i * 6 + direction])
          guard j >= 0, isBright(j), joins(i, j) else { continue }
          let first = Int32(sets.first(of: j))
          if claimed[i] < 0 || first < claimed[i] { claimed[i] = first }
        }
      }
    }
    connect(sets) { claimed[$0] < 0 }
    inParallel(count, piece: 1 << 14) { range in
      for i in range where claimed[i] < 0 { claimed[i] = Int32(sets.first(of: i)) }
    }
    return claimed
  }

  /// Puts members together that are neighbours and join: within parts on all cores, then across.
  private func connect(_ sets: DisjointSets, _ isMember: @Sendable (Int) -> Bool) {
    let piece = max(1, (count + 7) / 8)
    let across = inPieces(count, piece: piece) { range in
      var across: [(Int, Int)] = []
      for i in range where isMember(i) {
        for axis in 0..<3 {
          let j = next(i, axis)
          guard j >= 0, isMember(j), joins(i, j) else { continue }
          if j < range.upperBound {
            sets.join(i, j)
          } else {
            across.append((i, j))
          }
        }
      }
      return across
    }
    for pairs in across {
      for (i, j) in pairs { sets.join(i, j) }
    }
  }

  /// Bright neighbours that do not join, and whether they look like the border of a swap.
  func borders() -> [(Int, Int, isSwap: Bool)] {
    inPieces(count, piece: 1 << 14) { range in
      var found: [(Int, Int, isSwap: Bool)] = []
      for i in range where isBright(i) {
        for axis in 0..<3 {
          let j = next(i, axis)
          guard j >= 0, isBright(j), !joins(i, j) else { continue }
          let isSwap = shift.looksLikeSwap(
            step: shift.wrapped(fieldMap[i] - fieldMap[j]),
            jump: abs(fatFraction[i] - fatFraction[j]))
          found.append((i, j, isSwap))
        }
      }
      return found
    }.flatMap { $0 }
  }
}

/// By how much an exchange of fat and water shifts the field map.
package struct SwapShift: Sendable {
  /// Shifts of the field from a solution to its swapped one, Hz: fat's main frequency up (where the
  /// solution says water) and down (where it says fat), wrapped into the field map's period.
  package let shifts: [Float]
  /// The same without sign.
  package let step: Float
  /// Period of the field map, Hz; 0 when it has none.
  package let period: Float
  private let inversePeriod: Float
  /// How far from the shifted field the swapped solution of a voxel may lie at no cost, Hz: the
  /// minimum moves with the fat fraction.
  package let slack: Float
  /// Standard deviation of the field beyond that, Hz.
  package let stepSD: Float
  /// Whether both shifts lead to the same field.
  var isOne: Bool { abs(wrapped(2 * step)) < 1 }

  package init(spectrum: FatSpectrum, frequency: Hertz, period: Double?) {
    let main = spectrum.peaks.max { $0.amplitude < $1.amplitude }?.shift.value ?? -3.4
    let full = abs(main * frequency.megahertz)
    let wrapped = period.map { full - (full / $0).rounded() * $0 } ?? full
    step = Float(abs(wrapped))
    self.period = Float(period ?? 0)
    inversePeriod = period.map { Float(1 / $0) } ?? 0
    shifts = [Float(wrapped), Float(-wrapped)]
    slack = Float(min(0.15 * full, 0.4 * abs(wrapped)))
    stepSD = Float(FieldPrior(frequency: frequency).stepSD)
  }

  @inline(__always)
  func wrapped(_ step: Float) -> Float {
    Separation.wrapped(step, into: period, inverse: inversePeriod)
  }

  /// Nats for a field that is off from where the exchanged solution lies, Hz.
  ///
  /// - Parameter variance: of what is off, Hz^2.
  @inline(__always)
  func penalty(off: Float, variance: Float = 0) -> Float {
    let beyond = max(0, abs(off) - slack)
    return min(12, 0.5 * beyond * beyond / (stepSD * stepSD + variance))
  }

  /// Whether the field is smooth between neighbours.
  @inline(__always)
  func joins(step d: Float) -> Bool { abs(d) < 0.4 * step }

  /// Whether one of two neighbours seems exchanged: the field jumps by fat's frequency and the fat
  /// fraction by more than half.
  @inline(__always)
  func looksLikeSwap(step d: Float, jump: Float) -> Bool {
    abs(abs(d) - step) < 0.35 * step && jump > 0.5
  }
}
