import Calibration
import Documents
import Foundation
import Statistics
import TestSupport
import Volumes

/// Cohorts and models for tests.
enum Cohorts {
  static func cohort(_ rows: [LatentRow], sites: Int = 2) -> SubtypeCohort {
    SubtypeCohort(
      members: rows.enumerated().map { number, row in
        SubtypeCohort.Member(
          participant: "participant-\(number)", value: row.value,
          subtype: Subtype.allCases[row.category],
          background: row.background.map { LatentDensity.percent($0) })
      },
      sites: (0..<sites).map { "site-\($0)" }, sha256: "of the test")
  }

  static func options(_ change: (inout SubtypeFitOptions) -> Void = { _ in }) -> SubtypeFitOptions {
    var options = SubtypeFitOptions(name: "test", version: "1", status: .exploratory)
    options.isCalibrated = true
    change(&options)
    return options
  }

  /// A clear association, 300 participants: `split`.
  static let clear: SubtypeModel? = try? SubtypeFit(
    cohort(LatentCohort(oddsRatio: 12).rows(300, seed: 2)), options()
  ).model

  /// 86 participants: `cross`.
  static let small: SubtypeModel? = try? SubtypeFit(
    cohort(LatentCohort(oddsRatio: 5).rows(86, seed: 4)), options()
  ).model
}

extension SubtypeModel {
  /// A call in percent.
  func call(
    _ percent: Double, _ uncertainty: Double, background: Double? = nil,
    isCalibrated: Bool? = nil, reasons: [SubtypeReason] = []
  ) -> SubtypeCall {
    call(
      pdff: FatFraction(percent: percent), standardUncertainty: FatFraction(percent: uncertainty),
      background: background.map { FatFraction(percent: $0) }, isCalibrated: isCalibrated,
      reasons: reasons)
  }
}
