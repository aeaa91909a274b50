import Calibration
import Documents
import Statistics

/// The last section before there are data: `pdff validate --plan`.
public struct ValidationPlan: Sendable {
  private let plan: SamplePlan
  private let section: ReportSection

  /// Throws `CohortError` where no table of calls has such a kappa or such shares.
  ///
  /// - Parameters:
  ///   - prevalence: of F1, F2 and F3, adding up to 1.
  ///   - n: participants with a determinate call and tissue.
  public init(
    kappa: Double, prevalence: [Double], n: Int, options: ValidationOptions = ValidationOptions()
  ) throws(CohortError) {
    guard n <= 1_000_000 else {
      throw CohortError(.planInvalid, "--n is at most 1000000")
    }
    do {
      plan = try SamplePlan(
        classes: Subtype.allCases.map(\.rawValue), kappa: kappa, prevalence: prevalence, n: n)
    } catch {
      switch error {
      case .kappa:
        throw CohortError(
          .planInvalid, "--kappa lies above -1 and below 1, and not so low that a cell is negative")
      case .prevalence:
        throw CohortError(
          .planInvalid, "--prevalence is three shares above 0 that add up to 1")
      case .count: throw CohortError(.planInvalid, "--n is 2 or more")
      }
    }
    section = .sampleSize(.value(plan), isFromSample: false, halfWidths: options.halfWidths)
  }

  /// With the section as it stands in `validation.json`.
  public var document: JSONValue {
    [
      "schema": "pdff.validation-plan/1", "software": .string(Software.version),
      "kappa": .number(plan.kappa), "prevalence": .array(plan.prevalence.map { .number($0) }),
      "n": .number(Double(plan.n)), "level": .number(plan.level),
      "sections": [section.key.rawValue: section.document],
    ]
  }

  /// For a terminal.
  public var text: String { SectionText(section).text }
}
