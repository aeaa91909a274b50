import Documents
import Foundation

extension ErrorSummary {
  func json() -> [String: JSONValue] {
    [
      "median_abs": .finite(medianAbsolute), "p95_abs": .finite(p95Absolute),
      "bias": .finite(meanError), "median_bias": .finite(medianError),
    ]
  }
}

extension RegionScore {
  func json() -> JSONValue {
    var pdff = pdff.json()
    pdff["beyond_10_voxels"] = .number(Double(beyond10))
    pdff["beyond_20_voxels"] = .number(Double(beyond20))
    pdff["missed_10_percent"] = .number(missed10Percent)
    pdff["missed_20_percent"] = .number(missed20Percent)
    return [
      "label": label.map { .number(Double($0)) } ?? .null, "name": .string(name),
      "voxels": .number(Double(voxels)), "missing": .number(Double(missing)),
      "pdff_points": .object(pdff), "r2star_per_s": r2star.map { .object($0.json()) } ?? .null,
    ]
  }
}

extension Score {
  /// The document of `pdff phantom score --json`.
  public func json() -> JSONValue {
    [
      "schema": "pdff.phantom-score/1", "all_tissue": allTissue.json(),
      "regions": .array(regions.map { $0.json() }),
    ]
  }

  /// The table for a reader: errors of PDFF in percentage points, of R2* in 1/s.
  public func table() -> String {
    let header = [
      "region", "voxels", "missing", "median", "95 %", "bias", ">10 %", ">20 %", "R2* median",
      "R2* bias",
    ]
    let rows = [header] + ([allTissue] + regions).map(\.cells)
    let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      row.enumerated().map { column, cell in
        let fill = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + fill : fill + cell
      }.joined(separator: "  ")
    }
    return (["PDFF error in percentage points; a missing voxel counts as beyond 10 and 20"] + lines)
      .joined(separator: "\n") + "\n"
  }
}

extension RegionScore {
  fileprivate var cells: [String] {
    [
      name, "\(voxels)", "\(missing)", fixed(pdff.medianAbsolute, 3), fixed(pdff.p95Absolute, 2),
      fixed(pdff.meanError, 3), fixed(missed10Percent, 3), fixed(missed20Percent, 3),
      fixed(r2star?.medianAbsolute, 2), fixed(r2star?.meanError, 2),
    ]
  }
}

/// A number with so many decimals; "-" for none.
private func fixed(_ value: Double?, _ decimals: Int) -> String {
  guard let value, value.isFinite else { return "-" }
  return String(format: "%.\(decimals)f", value)
}
