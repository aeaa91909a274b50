import KernelTypes
import Volumes

/// Connected regions within which fat and water can only be exchanged together: their field map is
/// smooth, while the border of a swap shows as a jump of the field by fat's frequency.
struct FieldRegions {
  /// Voxels of one region after the other.
  private(set) var members: [Int32] = []
  /// First member of each region, and the total at the end.
  private(set) var starts = [0]
  /// Border of each region: pairs of bright neighbours, and those that look like a swap.
  private(set) var borders: [(pairs: Int, swaps: Int)] = []

  private let fieldMap: [Float]
  private let fatFraction: [Float]
  private let shift: SwapShift
  /// Whether regions also end where the fat fraction jumps.
  private let tissues: Bool

  /// Least trust of a voxel through which a region may grow, or that counts in a border.
  static let leastTrust: Float = 0.3

  /// - Parameters:
  ///   - neighbours: shape (voxel, 6).
  ///   - trust: 0...1, shape (voxel).
  ///   - fieldMap: Hz, shape (voxel).
  ///   - fatFraction: shape (voxel).
  init(
    neighbours: Buffer<Int32>, trust: Buffer<Float>, fieldMap: [Float], fatFraction: [Float],
    shift: SwapShift, tissues: Bool
  ) {
    self.tissues = tissues
    self.fieldMap = fieldMap
    self.fatFraction = fatFraction
    self.shift = shift
    members.reserveCapacity(fieldMap.count)
    let seen = Buffer<Bool>(fieldMap.count, zero: false)
    // Bright voxels first: through faint ones a region would leak into the next.
    for bright in [true, false] {
      for seed in fieldMap.indices where !seen[seed] && (trust[seed] >= Self.leastTrust) == bright {
        seen[seed] = true
        grow(from: Int32(seed), neighbours, trust, seen)
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

  private mutating func grow(
    from seed: Int32, _ neighbours: Buffer<Int32>, _ trust: Buffer<Float>, _ seen: Buffer<Bool>
  ) {
    let bright = trust[Int(seed)] >= Self.leastTrust
    var border = (pairs: 0, swaps: 0)
    members.append(seed)
    var next = starts[starts.count - 1]
    while next < members.count {
      let i = Int(members[next])
      next += 1
      // A faint voxel joins a bright region, which does not grow through it.
      if bright, trust[i] < Self.leastTrust { continue }
      for direction in 0..<6 {
        let j = Int(neighbours[i * 6 + direction])
        if j < 0 { continue }
        let step = shift.wrapped(fieldMap[i] - fieldMap[j])
        let jump = abs(fatFraction[i] - fatFraction[j])
        if shift.joins(step: step), jump < 0.4 || !tissues {
          if !seen[j] {
            seen[j] = true
            members.append(Int32(j))
          }
        } else if trust[i] >= Self.leastTrust, trust[j] >= Self.leastTrust {
          border.pairs += 1
          if shift.looksLikeSwap(step: step, jump: jump) { border.swaps += 1 }
        }
      }
    }
    starts.append(members.count)
    borders.append(border)
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
