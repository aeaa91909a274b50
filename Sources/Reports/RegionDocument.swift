import Documents
import Regions
import Volumes

extension RegionStatistics {
  /// One entry of `rois` in `measurement.json`: PDFF in percent, R2* in 1/s, volumes in ml.
  var document: JSONValue {
    let unused: JSONValue = [
      "total": nil, "noise": nil, "redrawing": nil, "ledger": nil, "repeatability": nil,
    ]
    var members: [String: JSONValue] = [
      "label": .number(Double(label)),
      "name": .string(name),
      "voxels": .number(Double(voxels)),
      "voxels_used": .number(Double(voxelsUsed)),
      "volume_ml": .finite(volumeMillilitres),
      "volume_used_ml": .finite(usedMillilitres),
      "volume_drawn_ml": .finite(drawnMillilitres),
      "pdff_percent": SummaryStatistics.document(fatFraction, factor: 100),
      "standard_uncertainty": ["mean": unused, "median": unused],
      "calibrated_pdff_percent": nil,
      "r2star_per_s": r2star.map { SummaryStatistics.document($0, factor: 1) } ?? .null,
      "excluded": .counts(excluded.map { ($0.rawValue, $1) }),
      "flagged": .counts(
        Quality.catalogue.compactMap { entry in flagged[entry.bit].map { (entry.name, $0) } }),
    ]
    if !slices.isEmpty { members["slices"] = .array(slices.map(\.document)) }
    return .object(members)
  }
}

extension SliceStatistics {
  fileprivate var document: JSONValue {
    [
      "slice": .number(Double(slice)),
      "voxels": .number(Double(voxels)),
      "voxels_used": .number(Double(voxelsUsed)),
      "volume_ml": .finite(volumeMillilitres),
      "pdff_percent": [
        "mean": .finite(mean?.percent), "median": .finite(median?.percent),
        "sd": .finite(standardDeviation?.percent),
      ],
    ]
  }
}

extension SummaryStatistics {
  /// The keys of the contract, all present; null where no voxel is usable.
  fileprivate static func document(_ summary: SummaryStatistics?, factor: Double) -> JSONValue {
    func number(_ value: Value?) -> JSONValue { .finite(value.map { $0.value * factor }) }
    return [
      "mean": number(summary?.mean), "median": number(summary?.median),
      "sd": number(summary?.standardDeviation),
      "p05": number(summary?.p05), "p25": number(summary?.p25),
      "p75": number(summary?.p75), "p95": number(summary?.p95),
      "min": number(summary?.minimum), "max": number(summary?.maximum),
    ]
  }
}

extension JSONValue {
  fileprivate static func counts(_ pairs: [(String, Int)]) -> JSONValue {
    .object(
      Dictionary(pairs.map { ($0, .number(Double($1))) }, uniquingKeysWith: { _, last in last }))
  }
}
