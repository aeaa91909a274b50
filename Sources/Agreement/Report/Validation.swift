import Calibration
import Documents
import Faults
import Statistics

/// The validation pack: ten sections from one cohort.
public struct Validation: Sendable {
  public let sections: [ReportSection]
  public let notices: [Notice]
  public let options: ValidationOptions
  /// What the page and the document say of the input.
  let input: JSONValue
  let model: SubtypeModelReference?
  let callsAfterTheFact: Bool
  let isSimulated: Bool
  let analysed: Int
  /// nil where there was no table.
  let cohortSHA256: String?

  /// Throws `CohortError` where there are no calls and no model to make them.
  ///
  /// - Parameter model: makes the calls where the cohort has none, and says probabilities.
  public init(
    _ cohort: ValidationCohort, model: SubtypeModel? = nil, options: ValidationOptions
  ) throws(CohortError) {
    let evidence = try CohortEvidence(cohort, model: model)
    let analysed = evidence.analysed
    let tables = AgreementTables(analysed)
    let nested = NestedValidation.figure(
      analysed.map(\.latentRow), classes: Subtype.allCases.map(\.rawValue), seed: options.seed)
    let hasDays = cohort.columns.contains(CohortColumn.firstTACEDays.rawValue)
    let landmark = Landmark(
      emptyMeansNone: hasDays && !cohort.columns.contains(CohortColumn.asTreatedArm.rawValue))
    sections = [
      .flow(evidence), .confusion(tables), .kappa(tables, options),
      .discrimination(analysed, model: model),
      .modelChecks(analysed, nested: nested, hasModel: model != nil),
      .measurement(evidence.counting, analysed: analysed, model: model),
      .decision(analysed, nested: nested, hasModel: model != nil), .subgroups(analysed, options),
      .endpoints(evidence, events: cohort.adverseEvents, landmark: landmark),
      .sampleSize(
        ReportSection.plan(of: tables), isFromSample: true, halfWidths: options.halfWidths),
    ]
    notices = Self.notices(cohort, evidence, model)
    self.options = options
    self.model = model?.reference
    isSimulated = cohort.isSimulated
    callsAfterTheFact = evidence.callsAfterTheFact
    self.analysed = analysed.count
    cohortSHA256 = cohort.sha256.isEmpty ? nil : cohort.sha256
    input = [
      "cohort_sha256": cohort.sha256.isEmpty ? nil : .string(cohort.sha256),
      "adverse_events_sha256": cohort.adverseEventsSHA256.map { .string($0) } ?? .null,
      "participants": .number(Double(cohort.participants.count)),
      "rows": .number(Double(cohort.participants.reduce(0) { $0 + $1.rows.count })),
      "columns": .array(cohort.columns.sorted().map { .string($0) }),
      "columns_not_read": .array(cohort.unknownColumns.map { .string($0) }),
    ]
  }

  private static func notices(
    _ cohort: ValidationCohort, _ evidence: CohortEvidence, _ model: SubtypeModel?
  ) -> [Notice] {
    var notices: [Notice] = []
    if !cohort.unknownColumns.isEmpty {
      notices.append(
        Notice(
          ValidationNotice.columnsUnknown, cohort.unknownColumns.joined(separator: ", ")))
    }
    if evidence.callsAfterTheFact {
      notices.append(Notice(ValidationNotice.callsAfterTheFact))
    } else if !evidence.showsSeals {
      notices.append(Notice(ValidationNotice.sealsUnknown))
    }
    if let model {
      if model.reference.status == .demonstration {
        notices.append(Notice(ValidationNotice.modelDemonstration))
      }
      let blind = evidence.counting.count {
        $0.counted.percent != nil && $0.counted.standardUncertainty == nil
      }
      if evidence.callsAfterTheFact, blind > 0 {
        notices.append(Notice(ValidationNotice.uncertaintyMissing, "\(blind) participants"))
      }
    } else {
      notices.append(Notice(ValidationNotice.trainingUnknown))
    }
    let apart = SetApart.allCases.compactMap { reason -> String? in
      let count = evidence.count(reason)
      return count > 0 ? "\(reason.rawValue) \(count)" : nil
    }
    if !apart.isEmpty {
      notices.append(Notice(ValidationNotice.setApart, apart.joined(separator: ", ")))
    }
    return notices
  }
}

extension Validation {
  public static let schema = "pdff.validation/1"

  /// `validation.json`, sealed.
  public var document: JSONValue {
    var sections: [String: JSONValue] = [:]
    for section in self.sections { sections[section.key.rawValue] = section.document }
    let content: JSONValue = [
      "schema": .string(Self.schema), "software": .string(Software.version),
      "input": input, "simulated": .bool(isSimulated), "model": model?.document ?? .null,
      "calls_after_the_fact": .bool(callsAfterTheFact),
      "analysed": .number(Double(analysed)),
      "seed": .number(Double(options.seed)), "resamples": .number(Double(options.resamples)),
      "level": .number(0.95), "sections": .object(sections),
      "files": .array(files.map { .string($0.name) }),
      "warnings": .array(
        notices.map { ["code": .string($0.code), "message": .string($0.message)] }),
    ]
    return content.sealed()
  }

  /// The tables and figures, by name within the output folder; UTF-8.
  public var files: [(name: String, content: String)] {
    sections.flatMap { section in
      section.csvFiles.map { ("tables/\($0.name)", $0.content) }
        + section.charts.map { ("figures/\($0.file(in: section))", $0.svg) }
    }
  }
}
