import Volumes

/// A body's subcutaneous fat in a PDFF map, by which its scale shows.
///
/// Fat reads 80...100 % on every scanner, water tissue 0...30 %: a map of a whole body's width has a
/// mode of each. An organ alone does not count, however its values lie: a steatotic liver with its
/// vessels, in permille, reads like fat and water in percent. So the width is asked for: no organ is
/// 250 mm wide.
struct BodyFat {
  private static let leastWidth = 250.0
  /// Values of tissue, a regular sample.
  private let sample: [Float]

  /// nil where what is not background is less than a body's width.
  ///
  /// - Parameter values: shape (x, y, z).
  init?(_ values: [Float], grid: VoxelGrid) {
    let background = BodyFat.background(values)
    let extent = BodyFat.extent(values, grid: grid, background: background)
    guard extent >= Self.leastWidth else { return nil }
    let step = max(1, values.count / 400_000)
    let tissue = stride(from: 0, to: values.count, by: step).map { values[$0] }
      .filter { $0.isFinite && $0 != background }
    guard tissue.count >= 200 else { return nil }
    sample = tissue
  }

  /// Fat's mode as a share of full scale, where value x factor is a fraction of a body's fat and water;
  /// nil where it is not.
  func mode(factor: Double) -> Double? {
    let count = Double(sample.count)
    let width = 0.02
    var bins = [Int](repeating: 0, count: 80)
    var (beyond, watery, middle) = (0, 0, 0)
    for value in sample {
      let share = Double(value) * factor
      if share > 1.2 || share < -0.6 { beyond += 1 }
      if share <= 0.35, share >= -0.3 { watery += 1 }
      if share > 0.45, share < 0.61 { middle += 1 }
      if share > 0, share < 1.6 { bins[Int(share / width)] += 1 }
    }
    guard Double(beyond) <= 0.005 * count, Double(watery) >= 0.15 * count else { return nil }
    // The fullest 0.06 of the upper half.
    var (place, fullest) = (0, -1)
    for bin in 26..<78 {
      let sum = bins[bin - 1] + bins[bin] + bins[bin + 1]
      if sum > fullest { (place, fullest) = (bin, sum) }
    }
    let mode = (Double(place) + 0.5) * width
    let around = bins[place - 4...min(79, place + 3)].reduce(0, +)
    guard (0.78...1.02).contains(mode), Double(around) >= 0.03 * count, around > middle else {
      return nil
    }
    return mode
  }

  /// The one value that fills what is not body, where there is one.
  private static func background(_ values: [Float]) -> Float? {
    let step = max(1, values.count / 20_000)
    var counts: [Float: Int] = [:]
    var total = 0
    for index in stride(from: 0, to: values.count, by: step) where values[index].isFinite {
      counts[values[index], default: 0] += 1
      total += 1
    }
    guard let most = counts.max(by: { $0.value < $1.value }), most.value * 5 > total else {
      return nil
    }
    return most.key
  }

  /// The greatest extent of what is not background along an axis, mm.
  private static func extent(_ values: [Float], grid: VoxelGrid, background: Float?) -> Double {
    var (columns, rows) = ([Int](repeating: 0, count: grid.nx), [Int](repeating: 0, count: grid.ny))
    var index = 0
    for _ in 0..<grid.nz {
      for y in 0..<grid.ny {
        for x in 0..<grid.nx {
          let value = values[index]
          index += 1
          guard value.isFinite, value != background else { continue }
          columns[x] += 1
          rows[y] += 1
        }
      }
    }
    // A line that holds only a few voxels is noise.
    func span(_ counts: [Int], _ size: Double) -> Double {
      let least = max(1, (counts.max() ?? 0) / 50)
      guard let first = counts.firstIndex(where: { $0 >= least }),
        let last = counts.lastIndex(where: { $0 >= least })
      else { return 0 }
      return Double(last - first + 1) * size
    }
    return max(span(columns, grid.spacing.x), span(rows, grid.spacing.y))
  }
}
