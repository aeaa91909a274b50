import Calibration
import Documents
import Faults
import Foundation
import Regions
import Reports
import Scans
import Separation
import Volumes

/// Ledger and model, read before the work: a damaged one is found out at once.
struct CallingMaterials {
  let ledger: Ledger?
  let ledgerSHA256: String
  let scanner: String
  let protocolName: String
  let repeatability: RepeatabilityCoefficient?
  let allowUncalibrated: Bool
  let model: SubtypeModel?
  let files: [SourceFile]

  init(_ options: CalibrationOptions?) throws {
    scanner = options?.scanner ?? ""
    protocolName = options?.protocolName ?? ""
    repeatability = options?.repeatability
    allowUncalibrated = options?.allowUncalibrated ?? false
    var files: [SourceFile] = []
    func hash(_ path: String) -> String {
      sha256Hex([UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    }
    ledger = try (options?.ledger).map { try LedgerFile($0).read() }
    ledgerSHA256 = (options?.ledger).map(hash) ?? ""
    model = try (options?.model).map { try SubtypeModel(file: $0) }
    if let path = options?.ledger {
      files.append(SourceFile(path: path, sha256: ledgerSHA256, role: .ledger))
    }
    if let path = options?.model {
      files.append(SourceFile(path: path, sha256: hash(path), role: .subtypeModel))
    }
    self.files = files
  }

  /// Whether the scanner was calibrated on a day; nil where the day is not known for sure.
  func check(day: CalendarDay?) -> ScannerCheck {
    guard let ledger else { return .withoutLedger }
    return ScannerCheck(ledger, scanner: scanner, protocol: protocolName, day: day)
  }
}

/// What calibration makes of a measurement.
struct CalibratedMeasurement {
  var regions: [RegionStatistics]
  var calibration: CalibrationRecord?
  var lesionCall: LesionCall?
  var notices: [Notice] = []
}

/// Corrects the regions by the scanner's ledger entry, and asks the model for a call.
///
/// - Parameters:
///   - day: the scan's; nil where it is not known for sure.
///   - t1Bias: the T1 weighting that was left in; it widens the uncertainty, and may forbid a call.
func calibrate(
  _ measured: [RegionStatistics], lesion: Int?, background: Int?, day: CalendarDay?,
  afterTACE: Bool, t1Bias: T1Bias? = nil, by materials: CallingMaterials
) -> CalibratedMeasurement {
  let regions = measured.map { region in
    let widened =
      t1Bias.map { bias in region.addingT1 { bias.standardUncertainty(ofMeasured: $0) } } ?? region
    return materials.repeatability.map { widened.replacingUncertainty(by: $0) } ?? widened
  }
  var result = CalibratedMeasurement(regions: regions)
  let check = materials.check(day: day)
  if let notice = check.notice { result.notices.append(notice) }
  var corrected: [Int: CalibratedRegion] = [:]
  if let entry = check.entry {
    var beyond: [String] = []
    for region in regions {
      guard let pdff = region.fatFraction else { continue }
      let value = entry.line.corrected(
        mean: pdff.mean, median: pdff.median, uncertainty: region.uncertainty)
      corrected[region.label] = value
      if entry.line.extrapolates(to: value.mean) { beyond.append(region.name) }
    }
    if !beyond.isEmpty {
      result.notices.append(
        Notice(LedgerNotice.extrapolated, beyond.joined(separator: ", ")))
    }
    result.calibration = CalibrationRecord(
      entry: entry, ledgerSHA256: materials.ledgerSHA256, regions: corrected)
  }
  guard let model = materials.model else { return result }
  func region(_ label: Int?) -> CallRegion? {
    regions.first { $0.label == label }.map {
      CallRegion(measured: $0, calibrated: corrected[$0.label])
    }
  }
  let call = LesionCall(
    model: model, lesion: region(lesion), background: region(background), scanner: check,
    allowUncalibrated: materials.allowUncalibrated, afterTACE: afterTACE,
    measurement: t1Reasons(regions.first { $0.label == lesion }, t1Bias))
  if let fed = call.fed, fed.value != nil, fed.standardUncertainty == nil {
    result.notices.append(Notice(RegionsNotice.uncertaintyUnknown, fed.name))
  }
  result.lesionCall = call
  return result
}

/// That T1 may have moved a lesion's value too far for a call.
private func t1Reasons(_ lesion: RegionStatistics?, _ bias: T1Bias?) -> [SubtypeReason] {
  guard let lesion, let mean = lesion.fatFraction?.mean, let bias else { return [] }
  let largest = bias.largest(ofMeasured: mean)
  guard largest > T1Bias.callLimit else { return [] }
  func points(_ value: FatFraction) -> String { String(format: "%.1f", value.percent) }
  return [
    SubtypeReason(
      .t1Bias,
      "\(lesion.name) may be off by \(points(largest)) points, more than \(points(T1Bias.callLimit))"
    )
  ]
}
