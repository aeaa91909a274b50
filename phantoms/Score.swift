import Documents
import Volumes

/// How far one quantity lies from its truth in one region, in the unit of the quantity (percentage
/// points for PDFF, 1/s for R2*). All nil where no voxel has a value.
public struct ErrorSummary: Sendable, Hashable {
  public var medianAbsolute: Double?
  /// 95th percentile of the absolute error.
  public var p95Absolute: Double?
  /// Mean and median of measured less true.
  public var meanError: Double?
  public var medianError: Double?

  /// - Parameter errors: measured less true, finite, any order.
  init(errors: [Double]) {
    guard !errors.isEmpty else { return }
    let absolute = errors.map(abs).sorted()
    let signed = errors.sorted()
    medianAbsolute = percentile(50, ofSorted: absolute)
    p95Absolute = percentile(95, ofSorted: absolute)
    meanError = errors.reduce(0, +) / Double(errors.count)
    medianError = percentile(50, ofSorted: signed)
  }
}

/// The score of one region, or of all tissue.
public struct RegionScore: Sendable, Hashable {
  /// Label in the truth's label image; nil for all tissue.
  public let label: Int?
  public let name: String
  /// Voxels in the region.
  public let voxels: Int
  /// Voxels of the region without a PDFF.
  public let missing: Int
  /// Percentage points, over the voxels that have a value.
  public let pdff: ErrorSummary
  /// Voxels with a value that is more than 10, or 20, points off.
  public let beyond10: Int
  public let beyond20: Int
  /// 1/s; nil where R2* was not given.
  public let r2star: ErrorSummary?

  /// Share of the region's voxels that are more than 10 points off or missing, percent.
  public var missed10Percent: Double { percent(beyond10 + missing) }
  /// The same for 20 points: fat taken for water, or the reverse.
  public var missed20Percent: Double { percent(beyond20 + missing) }

  private func percent(_ count: Int) -> Double {
    voxels == 0 ? 0 : 100 * Double(count) / Double(voxels)
  }
}

/// Maps against the truth of a phantom.
public struct Score: Sendable, Hashable {
  public let allTissue: RegionScore
  /// In order of label; only labels that occur.
  public let regions: [RegionScore]

  /// The region of a tissue, if it occurs.
  public subscript(tissue: TissueClass) -> RegionScore? {
    regions.first { $0.label == Int(tissue.rawValue) }
  }
}

/// The truth that a score needs: fractions, 1/s, labels (0 is no tissue) and their names.
public struct ScoredTruth: Sendable {
  public let fatFraction: Volume<Float>
  public let r2star: Volume<Float>?
  public let labels: Volume<UInt8>
  public let names: [Int: String]

  public init(
    fatFraction: Volume<Float>, r2star: Volume<Float>?, labels: Volume<UInt8>,
    names: [Int: String]
  ) {
    self.fatFraction = fatFraction
    self.r2star = r2star
    self.labels = labels
    self.names = names
  }
}

extension Truth {
  public var scored: ScoredTruth {
    ScoredTruth(
      fatFraction: fatFraction, r2star: r2star, labels: labels, names: TissueClass.names)
  }
}

/// Compares a PDFF map (fraction, NaN where missing) and, if given, an R2* map (1/s) with the truth.
///
/// - Throws: `score-grids-differ`.
public func score(
  fatFraction: Volume<Float>, r2star: Volume<Float>? = nil, against truth: ScoredTruth
) throws(PhantomsError) -> Score {
  let grids = [fatFraction.grid, truth.fatFraction.grid, r2star?.grid].compactMap { $0 }
  for grid in grids where !grid.coincides(with: truth.labels.grid) {
    throw PhantomsError(
      .scoreGridsDiffer, "\(grid.summary); the truth has \(truth.labels.grid.summary)")
  }
  var members = [[Int]](repeating: [], count: 256)
  for (voxel, label) in truth.labels.values.enumerated() where label != 0 {
    members[Int(label)].append(voxel)
  }
  func region(_ label: Int?, _ name: String, _ voxels: [Int]) -> RegionScore {
    regionScore(
      label: label, name: name, voxels: voxels, fatFraction: fatFraction, r2star: r2star,
      truth: truth)
  }
  let regions = members.indices.filter { !members[$0].isEmpty }.map {
    region($0, truth.names[$0] ?? "label \($0)", members[$0])
  }
  return Score(allTissue: region(nil, "all tissue", members.flatMap { $0 }), regions: regions)
}

private func regionScore(
  label: Int?, name: String, voxels: [Int], fatFraction: Volume<Float>, r2star: Volume<Float>?,
  truth: ScoredTruth
) -> RegionScore {
  func errors(_ map: Volume<Float>, _ known: Volume<Float>, scale: Double) -> [Double] {
    voxels.compactMap {
      let error = scale * (Double(map.values[$0]) - Double(known.values[$0]))
      return error.isFinite ? error : nil
    }
  }
  let pdff = errors(fatFraction, truth.fatFraction, scale: 100)
  var decay: ErrorSummary?
  if let r2star, let known = truth.r2star {
    decay = ErrorSummary(errors: errors(r2star, known, scale: 1))
  }
  return RegionScore(
    label: label, name: name, voxels: voxels.count, missing: voxels.count - pdff.count,
    pdff: ErrorSummary(errors: pdff), beyond10: pdff.count { abs($0) > 10 },
    beyond20: pdff.count { abs($0) > 20 }, r2star: decay)
}

/// Percentile with linear interpolation between order statistics, as NumPy's default.
func percentile(_ p: Double, ofSorted values: [Double]) -> Double {
  let place = p / 100 * Double(values.count - 1)
  let below = Int(place)
  let above = min(below + 1, values.count - 1)
  return values[below] + (place - Double(below)) * (values[above] - values[below])
}
