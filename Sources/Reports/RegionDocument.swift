import Calibration
import Documents
import Regions
import Separation
import Volumes

extension RegionStatistics {
  /// One entry of `rois` in `measurement.json`: PDFF in percent, R2* in 1/s, volumes in ml,
  /// uncertainties in percentage points: of the calibrated values where there are some.
  func document(_ calibration: CalibrationRecord?, t1Bias: T1Bias? = nil) -> JSONValue {
    let calibrated = calibration?.regions[label]
    let uncertainty = calibrated?.uncertainty ?? self.uncertainty
    var members: [String: JSONValue] = [
      "label": .number(Double(label)),
      "name": .string(name),
      "voxels": .number(Double(voxels)),
      "voxels_used": .number(Double(voxelsUsed)),
      "volume_ml": .finite(volumeMillilitres),
      "volume_used_ml": .finite(usedMillilitres),
      "volume_drawn_ml": .finite(drawnMillilitres),
      "pdff_percent": SummaryStatistics.document(fatFraction, factor: 100),
      "standard_uncertainty": [
        "mean": uncertainty.mean.document, "median": uncertainty.median.document,
      ],
      "calibrated_pdff_percent": calibrated.map { calibration?.document(of: $0) ?? .null } ?? .null,
      "r2star_per_s": r2star.map { SummaryStatistics.document($0, factor: 1) } ?? .null,
      "t1_bias": t1Bias.flatMap { bias in fatFraction.map { bias.document(of: $0.mean) } } ?? .null,
      "excluded": .counts(excluded.map { ($0.rawValue, $1) }),
      "flagged": .counts(
        Quality.catalogue.compactMap { entry in flagged[entry.bit].map { (entry.name, $0) } }),
    ]
    if !slices.isEmpty { members["slices"] = .array(slices.map(\.document)) }
    return .object(members)
  }
}

extension T1Bias {
  /// `t1_bias` of a region: by how many points its mean reads too high, percentage points.
  fileprivate func document(of mean: FatFraction) -> JSONValue {
    [
      "liver": .finite(liverT1.map { bias(ofMeasured: mean, waterT1: $0).percent }),
      "tumour": .finite(tumourT1.map { bias(ofMeasured: mean, waterT1: $0).percent }),
      "largest": .finite(largest(ofMeasured: mean).percent),
      "flip_angle_deg": .finite((flipAngle.value * 180 / .pi * 1e9).rounded() / 1e9),
      "repetition_time_ms": .finite(repetitionTime.milliseconds),
      "contrast_agent": .bool(contrast != nil),
      "seconds_since_contrast": .finite(contrast?.timeSinceInjection?.value),
    ]
  }
}

extension StandardUncertainty {
  /// The keys of the contract, percentage points; null where not used.
  fileprivate var document: JSONValue {
    func points(_ part: FatFraction?) -> JSONValue { .finite(part?.percent) }
    return [
      "total": points(total), "noise": points(noise), "redrawing": points(redrawing),
      "ledger": points(ledger), "repeatability": points(repeatability), "t1": points(t1),
    ]
  }
}

extension CalibrationRecord {
  /// `calibrated_pdff_percent` of a region.
  fileprivate func document(of region: CalibratedRegion) -> JSONValue {
    [
      "mean": .finite(region.mean.percent), "median": .finite(region.median.percent),
      "ledger": [
        "scanner": .string(entry.scanner), "protocol": .string(entry.protocol),
        "measured_on": .string("\(entry.measuredOn)"),
        "valid_until": .string("\(entry.validUntil)"),
        "intercept_percent": .number(entry.line.intercept.value),
        "slope": .number(entry.line.slope.value), "sha256": .string(ledgerSHA256),
      ],
    ]
  }
}

extension LesionCall {
  /// `subtype`: the call, and under `fed` the value that it rests on.
  var document: JSONValue {
    guard case .object(var members) = call.document else { return call.document }
    members["fed"] =
      fed.map { fed in
        [
          "label": .number(Double(fed.label)), "name": .string(fed.name),
          "pdff_percent": .finite(fed.value?.percent),
          "standard_uncertainty": .finite(fed.standardUncertainty?.percent),
          "calibrated": .bool(fed.isCalibrated),
          "background_label": .finite(fed.backgroundLabel.map(Double.init)),
          "background_pdff_percent": .finite(fed.background?.percent),
        ]
      } ?? .null
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
