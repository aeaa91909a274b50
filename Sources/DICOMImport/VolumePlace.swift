import Foundation
import Volumes

/// Where a volume lies, to a tenth of a millimetre.
struct VolumePlace: Hashable, Sendable {
  let slices: Int
  /// Size, direction and spacing of a slice.
  private let plane: [Int]
  /// Where the first voxel of each slice lies.
  private let positions: Set<[Int]>

  init(_ frames: [DICOMFrame]) {
    let tenths = { (values: [Double]) in values.map { ($0 * 10).rounded().whole } }
    positions = Set(frames.map { tenths($0.position) })
    slices = positions.count
    let first = frames.first
    let turned = (first?.orientation ?? []).map { ($0 * 1000).rounded().whole }
    plane = [first?.rows ?? 0, first?.columns ?? 0] + turned + tenths(first?.spacing ?? [])
  }

  /// Whether both are parts of the same slices, and one has some that the other lacks.
  func isPart(of other: VolumePlace) -> Bool {
    plane == other.plane && positions != other.positions
      && !positions.isDisjoint(with: other.positions)
  }

  private static func normal(_ frame: DICOMFrame) -> SIMD3<Double> {
    let o = frame.orientation
    guard o.count == 6 else { return SIMD3(0, 0, 1) }
    let (row, column) = (SIMD3(o[0], o[1], o[2]), SIMD3(o[3], o[4], o[5]))
    return SIMD3(
      row.y * column.z - row.z * column.y, row.z * column.x - row.x * column.z,
      row.x * column.y - row.y * column.x)
  }

  /// From the first frame's place to each frame's, mm.
  private static func offsets(_ frames: [DICOMFrame]) -> [SIMD3<Double>] {
    let places = frames.map {
      $0.position.count == 3
        ? SIMD3($0.position[0], $0.position[1], $0.position[2]) : SIMD3(0, 0, 0)
    }
    return places.map { $0 - places[0] }
  }

  /// How far each frame lies from the first one along the slices' normal, mm.
  static func heights(_ frames: [DICOMFrame]) -> [Double] {
    guard let first = frames.first else { return [] }
    let normal = normal(first)
    return offsets(frames).map { ($0 * normal).sum() }
  }

  /// Why these slices are no volume: they lie in several directions, beside each other, or not evenly.
  /// A gap is a slice that was not exported, of which the converters make a volume that is too short.
  static func trouble(_ frames: [DICOMFrame]) -> String? {
    guard let first = frames.first, first.orientation.count == 6,
      frames.allSatisfy({ $0.position.count == 3 })
    else { return "its files do not say where its slices lie" }
    let isOneWay = frames.allSatisfy { frame in
      frame.orientation.count == 6
        && zip(frame.orientation, first.orientation).allSatisfy { abs($0 - $1) < 2e-3 }
        && frame.rows == first.rows && frame.columns == first.columns
    }
    guard isOneWay else { return "its slices lie in several directions" }
    let normal = normal(first)
    let offsets = offsets(frames)
    let heights = Set(heights(frames).map { ($0 * 100).rounded() / 100 }).sorted()
    let steps = zip(heights.dropFirst(), heights).map { $0 - $1 }.filter { $0 > 0.05 }
    guard let least = steps.min(), let most = steps.max() else { return nil }
    let isShifted = offsets.contains { offset in
      let aside = offset - normal * (offset * normal).sum()
      return (aside * aside).sum().squareRoot() > 0.1 + 0.1 * least
    }
    if isShifted { return "its slices are shifted against each other" }
    guard most > 1.05 * least + 0.1 else { return nil }
    return String(
      format: "its slices lie %.1f to %.1f mm apart, so that some seem to be missing", least, most)
  }
}
