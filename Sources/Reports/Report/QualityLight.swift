import Calibration
import Pages
import Regions
import Scans
import Separation
import Volumes

/// What speaks for and against a region's number, each with its standing; the worst of them is the
/// light.
struct QualityLight {
  struct Check {
    let about: String
    let standing: Standing
    let finding: String
  }

  private(set) var checks: [Check] = []

  /// Shares of used voxels from which a flag is a caution, and is bad: those of `region-flagged`, and
  /// half of the region.
  static let cautionShare = 0.1
  static let badShare = 0.5

  var standing: Standing {
    let order: [Standing] = [.bad, .caution, .good]
    return order.first { kind in checks.contains { $0.standing == kind } } ?? .neutral
  }

  var words: String {
    switch standing {
    case .bad: "Do not use this number"
    case .caution: "Use with care"
    case .good: "Nothing speaks against this number"
    case .neutral: "Nothing is known"
    }
  }

  init(_ measurement: Measurement, region: RegionStatistics, _ material: ReportMaterial) {
    if measurement.afterTACE {
      add(
        "treatment", .bad, "the scan was made after TACE: lipiodol is oil, PDFF is not measurable")
    }
    addInput(measurement.scan)
    addVoxels(region)
    addSwaps(
      region, measurement.method.swapCheck, hasImages: measurement.scan.kind != .pdff)
    addFlag(.poorFit, "fit", region, "leave more than noise explains")
    addFlag(.phasesDiffer, "fit", region, "have water and fat out of phase at TE = 0")
    addFlag(.unmeasurable, "precision", region, "are too uncertain by themselves to mean anything")
    addFlag(.r2starAtBound, "R2*", region, "have an R2* at the fit's bound")
    addFlag(.notConverged, "fit", region, "did not converge")
    addCalibration(measurement, region)
    addDrawing(material)
  }

  private mutating func add(_ about: String, _ standing: Standing, _ finding: String) {
    checks.append(Check(about: about, standing: standing, finding: finding))
  }

  private mutating func addInput(_ scan: ScanRecord) {
    switch scan.kind {
    case .complex where scan.echoTimes.count > 3:
      add("input", .good, "complex data, \(scan.echoTimes.count) echoes")
    case .complex:
      add("input", .caution, "complex data, only \(scan.echoTimes.count) echoes")
    case .magnitude:
      add("input", .caution, "magnitudes only: water and fat are harder to tell apart")
    case .waterFat:
      add("input", .caution, "the vendor's water and fat images: their separation can't be checked")
    case .twoPoint:
      add(
        "input", .caution, "two-point images: no R2*, and above 50 % fat reads as its mirror image")
    case .pdff:
      add("input", .caution, "the vendor's PDFF map: how it was made can't be checked")
    }
  }

  private mutating func addVoxels(_ region: RegionStatistics) {
    let (used, all) = (region.voxelsUsed, region.voxels)
    let words = "\(used) of \(all) voxels used"
    if LesionCall.reasons(of: region).contains(where: { $0.code == .tooFewVoxels }) {
      add("voxels", .bad, "\(words): too few")
    } else {
      let kept = all - (region.excluded[.eroded] ?? 0)
      add("voxels", Double(used) < 0.9 * Double(kept) ? .caution : .good, words)
    }
  }

  private mutating func addSwaps(_ region: RegionStatistics, _ check: SwapCheck?, hasImages: Bool) {
    guard region.voxelsUsed > 0 else {
      add("water–fat swap", .neutral, "no voxel of the region was looked at")
      return
    }
    let suspected = region.flagged[.swapSuspected] ?? 0
    let open = region.flagged[.ambiguous] ?? 0
    let share = Double(suspected + open) / Double(max(1, region.voxelsUsed))
    if share > LesionCall.swappedShare {
      add(
        "water–fat swap", .bad,
        "suspected in \(suspected), undecided in \(open) of \(region.voxelsUsed) voxels")
    } else if let check {
      add(
        "water–fat swap", .good,
        suspected + open == 0
          ? "none found in the region"
            + (check.suspected > 0 ? "; suspected elsewhere in the scan, see the warnings" : "")
          : "\(suspected + open) of \(region.voxelsUsed) voxels concerned: too few to matter")
    } else {
      add(
        "water–fat swap", .caution,
        "not checked: the alarm needs complex echoes"
          + (hasImages ? "; look at water and fat below" : ", and here are no images to look at"))
    }
  }

  private mutating func addFlag(
    _ bit: Quality, _ about: String, _ region: RegionStatistics, _ words: String
  ) {
    guard let count = region.flagged[bit], region.voxelsUsed > 0 else { return }
    let share = Double(count) / Double(region.voxelsUsed)
    guard share > QualityLight.cautionShare else { return }
    add(
      about, share > QualityLight.badShare ? .bad : .caution,
      "\(number(100 * share, 0)) % of the used voxels \(words)")
  }

  private mutating func addCalibration(_ measurement: Measurement, _ region: RegionStatistics) {
    guard let calibration = measurement.calibration else {
      add(
        "calibration", .caution,
        "the scanner is not calibrated: scanners of one phantom have differed by two percentage points"
      )
      return
    }
    let value = calibration.regions[region.label]?.mean
    let isFar = value.map { calibration.entry.line.extrapolates(to: $0) } ?? false
    add(
      "calibration", isFar ? .caution : .good,
      "phantom of \(calibration.entry.measuredOn), valid to \(calibration.entry.validUntil)"
        + (isFar ? "; the value lies beyond the phantom's fat fractions" : ""))
  }

  private mutating func addDrawing(_ material: ReportMaterial) {
    let sensitivity = DrawingSensitivity(material.drawings)
    guard let words = sensitivity.words else { return }
    add("drawing", sensitivity.standing, words)
  }
}

/// What the other drawings of the tumour say against the one that was made.
struct DrawingSensitivity {
  let changesArm: Bool
  /// Whether any drawing decides an arm.
  let decidesArm: Bool
  /// Range of the mean as measured; nil where there is nothing to compare.
  let range: ClosedRange<Double>?
  let hasArms: Bool

  var standing: Standing { changesArm ? .caution : decidesArm ? .good : .neutral }

  init(_ drawings: [DrawingResult]) {
    let means = drawings.compactMap { $0.statistics?.fatFraction?.mean.percent }
    range = means.count > 1 ? (means.min() ?? 0)...(means.max() ?? 0) : nil
    let arms = drawings.compactMap {
      $0.statistics?.fatFraction == nil ? nil : $0.call?.call.arm
    }
    hasArms = arms.count > 1
    changesArm = Set(arms).count > 1
    decidesArm = hasArms && arms.contains { $0 != .undetermined }
  }

  var words: String? {
    guard let range else { return nil }
    let moves =
      "drawn otherwise the mean is \(number(range.lowerBound, 1)) to \(number(range.upperBound, 1)) %"
    guard hasArms else { return moves }
    let arm = changesArm ? "changes with it" : decidesArm ? "stays the same" : "stays undetermined"
    return "\(moves); the arm \(arm)"
  }
}
