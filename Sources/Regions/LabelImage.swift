import Faults
import Volumes

/// A mask as drawn: whole-number labels on the mask's own grid, 0 outside every region.
///
/// A binary mask is a label image with one label, whatever its value (1, 255, ...).
public struct LabelImage: Sendable {
  /// The highest label: whole numbers up to here are exact in single precision.
  public static let highestLabel: Float = 16_777_216
  /// The most different labels in one image; more is an intensity image by mistake.
  public static let mostLabels = 4096
  /// How far a label may have drifted from a whole number (by a header's scaling).
  public static let drift: Float = 0.01

  /// Labels on the mask's grid, shape (x, y, z); 0 is outside.
  public let labels: Volume<Int32>
  /// Voxels of every label that is there, on the mask's grid; at least one label.
  public let counts: [Int: Int]
  /// Base name of the file, for messages and names.
  public let file: String?
  /// Names that the file itself gives its labels: segments of a segmentation.
  public var names: [Int: String] = [:]
  public let notices: [Notice]

  /// One nonzero value only.
  public var isBinary: Bool { counts.count == 1 }
  public var grid: VoxelGrid { labels.grid }

  /// Takes an image's values as labels.
  ///
  /// Values within 0.01 of a whole number are rounded, with a notice. Refused: NaN and infinite,
  /// negative, fractional values, labels above 2^24, more than 4096 labels, nothing but 0.
  /// - Parameters:
  ///   - values: shape (x, y, z), x fastest; `grid.count` values.
  ///   - frames: the image's number of frames; a mask has one.
  public init(grid: VoxelGrid, values: [Float], frames: Int = 1, file: String? = nil)
    throws(RegionsError)
  {
    guard frames == 1, values.count == grid.count else {
      throw RegionsError(.maskFrames, "it has \(frames) frames of \(grid.summary)", file: file)
    }
    var labels = [Int32](repeating: 0, count: values.count)
    var tally = LabelTally()
    var widest: Float = 0
    for (index, value) in values.enumerated() where value != 0 {
      let label = value.rounded()
      let off = abs(value - label)
      guard off <= Self.drift, label >= 0, label <= Self.highestLabel else {
        throw Self.refusal(values, at: index, of: grid, file: file)
      }
      widest = max(widest, off)
      labels[index] = Int32(label)
      tally.add(Int32(label))
      if tally.isOverfull { throw RegionsError(.tooManyLabels, file: file) }
    }
    self.labels = Volume(grid: grid, values: labels)
    counts = tally.finished()
    guard counts.count <= Self.mostLabels else { throw RegionsError(.tooManyLabels, file: file) }
    self.file = file.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    guard !counts.isEmpty else {
      throw RegionsError(.maskEmpty, "all \(grid.count) voxels are 0", file: file)
    }
    let place = self.file.map { "\($0), " } ?? ""
    notices =
      widest == 0
      ? [] : [Notice(RegionsNotice.labelsRounded, "\(place)by up to \(decimal(Double(widest), 6))")]
  }

  /// Takes labels as they are: 0 is outside, none is negative.
  public init(_ labels: Volume<Int32>, names: [Int: String] = [:], file: String? = nil)
    throws(RegionsError)
  {
    var tally = LabelTally()
    for label in labels.values { tally.add(label) }
    self.labels = labels
    counts = tally.finished()
    self.names = names
    self.file = file.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    notices = []
    guard !counts.isEmpty else { throw RegionsError(.maskEmpty, file: file) }
  }

  /// Why the value at `index` is no label.
  private static func refusal(
    _ values: [Float], at index: Int, of grid: VoxelGrid, file: String?
  ) -> RegionsError {
    let (x, y, z) = grid.position(index)
    let value = values[index]
    let place = "\(value) at voxel (\(x), \(y), \(z))"
    let code: RegionsFault
    if !value.isFinite {
      code = .maskNotFinite
    } else if value < -drift {
      code = .maskNegative
    } else if value > highestLabel {
      code = .labelTooLarge
    } else {
      let isProbability = values.allSatisfy { $0 >= -drift && $0 <= 1 + drift }
      code = isProbability ? .maskProbability : .maskFractional
    }
    return RegionsError(code, place, file: file)
  }
}

/// Counts labels, quickest where neighbours are alike.
private struct LabelTally {
  private var counts: [Int32: Int] = [:]
  private var label: Int32 = 0
  private var run = 0

  var isOverfull: Bool { counts.count > LabelImage.mostLabels }

  mutating func add(_ next: Int32) {
    if next != label { flush(next) }
    run += 1
  }

  private mutating func flush(_ next: Int32) {
    if run > 0, label > 0 { counts[label, default: 0] += run }
    label = next
    run = 0
  }

  mutating func finished() -> [Int: Int] {
    flush(0)
    return Dictionary(uniqueKeysWithValues: counts.map { (Int($0), $1) })
  }
}

extension VoxelGrid {
  /// Voxel (x, y, z) of an index in memory.
  func position(_ index: Int) -> (x: Int, y: Int, z: Int) {
    let (plane, x) = index.quotientAndRemainder(dividingBy: nx)
    let (z, y) = plane.quotientAndRemainder(dividingBy: ny)
    return (x, y, z)
  }
}
