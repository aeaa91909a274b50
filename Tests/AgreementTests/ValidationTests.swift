import Agreement
import Calibration
import Documents
import Foundation
import TestSupport
import Testing

/// The whole pack, on the simulated cohort.
@Suite struct ValidationTests {
  private static func path(_ name: String) -> String {
    Tools.root.appendingPathComponent(name).path
  }

  private static func cohort() throws -> ValidationCohort {
    try ValidationCohort(
      CSVTable(file: path("examples/validation/cohort.csv")),
      adverseEvents: CSVTable(file: path("examples/validation/adverse-events.csv")))
  }

  private static func validation(
    _ cohort: ValidationCohort, model: Bool = true, resamples: Int = 500, seed: UInt64 = 3
  ) throws -> Validation {
    var options = ValidationOptions()
    options.resamples = resamples
    options.seed = seed
    let model = model ? try SubtypeModel(file: path("models/demonstration/model.json")) : nil
    return try Validation(cohort, model: model, options: options)
  }

  private static let keys = [
    "flow", "confusion", "kappa", "discrimination", "model_checks", "measurement",
    "decision_curve", "subgroups", "endpoints", "sample_size",
  ]

  @Test func tenSectionsAreThereAndSealed() throws {
    let document = try Self.validation(Self.cohort()).document
    #expect(document.sealHolds)
    for key in Self.keys { #expect(document["sections"]?[key] != nil, "\(key)") }
    #expect(document["simulated"] == true)
    let steps = document["sections"]?["flow"]?["tables"]?["steps"]?["rows"]
    guard case .array(let rows)? = steps else {
      Issue.record("no steps")
      return
    }
    #expect(rows.first == ["enrolled", 92])
    #expect(rows.contains(["analysed", 82]), "\(rows)")
  }

  /// The same seed gives the same bytes; another one another interval and the same estimates.
  @Test func theSeedDecides() throws {
    let cohort = try Self.cohort()
    let first = try Self.validation(cohort)
    let again = try Self.validation(cohort)
    #expect(first.document == again.document)
    #expect(first.files.map(\.content) == again.files.map(\.content))
    #expect(ValidationPage(first).html() == ValidationPage(again).html())
    let other = try Self.validation(cohort, seed: 4).document
    func kappa(_ document: JSONValue) -> JSONValue? {
      document["sections"]?["kappa"]?["figures"]?["subtype_kappa_quadratic"]
    }
    #expect(kappa(other)?["value"] == kappa(first.document)?["value"])
    #expect(kappa(other)?["interval"] != kappa(first.document)?["interval"])
  }

  /// No participant of the cohort is named in any output.
  @Test func nobodyIsNamed() throws {
    let cohort = try Self.cohort()
    let validation = try Self.validation(cohort)
    let all =
      [validation.document.pretty(), ValidationPage(validation).html(), validation.summary]
      + validation.files.map(\.content)
    #expect(cohort.participants.contains { $0.identifier == "sim-001" })
    for text in all { #expect(!text.contains("sim-0")) }
  }

  /// Every figure has a title and either a value or a reason; tables are as wide as their heads.
  @Test func everyFigureSaysItsValueOrWhyNot() throws {
    for model in [true, false] {
      for section in try Self.validation(Self.cohort(), model: model).sections {
        let keys = section.figures.map(\.key)
        #expect(Set(keys).count == keys.count, "\(section.key)")
        let tables = section.tables.map(\.key) + section.charts.map { "chart \($0.key)" }
        #expect(Set(tables).count == tables.count, "\(section.key)")
        for figure in section.figures {
          if case .leftOut(let reason) = figure.content {
            #expect(!reason.isEmpty, "\(figure.key)")
          }
        }
        for table in section.tables {
          #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.key)")
        }
      }
    }
  }

  /// Twelve of each class, apart but for one value of F3 (an AUC of 0.995), or mixed.
  @Test(arguments: [(1, true), (8, false)]) func nearlySeparatedClassesAreWarnedOf(
    overlapping: Int, isWarned: Bool
  ) throws {
    var rows: [String] = []
    for (place, subtype) in ["F1", "F2", "F3"].enumerated() {
      for number in 0..<12 {
        let isLow = subtype == "F3" && number < overlapping
        let start = subtype == "F1" && !isWarned ? 3.8 : Double(2 + 2 * place)
        let percent = isLow ? 4.5 - 0.1 * Double(number) : start + 0.05 * Double(number)
        rows.append("\(subtype)-\(number),\(percent),\(subtype),\(subtype)")
      }
    }
    let text =
      "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype\n"
      + rows.joined(separator: "\n") + "\n"
    let validation = try Self.validation(
      ValidationCohort(CSVTable(bytes: Array(text.utf8))), model: false)
    let page = ValidationPage(validation).html()
    #expect(page.contains("An AUC above 0.98 has an approximate interval") == isWarned)
  }

  /// A cohort of one, of one class, and without anybody who was called.
  @Test(arguments: [
    "a,5,F1,F1", "a,5,,F1\nb,,failed,indeterminate", "a,5,F1,F1\nb,6,F1,F1\nc,7,F1,F1",
    "a,5,F1,indeterminate\nb,6,F2,indeterminate\nc,7,F3,indeterminate", "a,5,F2,",
  ]) func smallCohortsSayWhy(rows: String) throws {
    let text = "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype\n\(rows)\n"
    let cohort = try ValidationCohort(CSVTable(bytes: Array(text.utf8)))
    let validation = try Self.validation(cohort, model: false)
    let page = ValidationPage(validation).html()
    #expect(page.contains("left out"))
    #expect(validation.document["sections"]?["measurement"]?["left_out"] != .object([:]))
    // Not a number never reaches a reader.
    #expect(!page.contains("nan") && !page.contains("inf "))
  }

  @Test func callsAfterTheFactAreCalledSo() throws {
    let text =
      "participant_id,tumour_pdff_percent,tissue_subtype,standard_uncertainty\n"
      + (1...12).map { "p\($0),\($0),F\(1 + ($0 - 1) / 4),0.7\n" }.joined()
    let cohort = try ValidationCohort(CSVTable(bytes: Array(text.utf8)))
    let validation = try Self.validation(cohort)
    #expect(validation.document["calls_after_the_fact"] == true)
    #expect(validation.notices.map(\.code).contains("validation-calls-after-the-fact"))
    #expect(ValidationPage(validation).html().contains("after the fact"))
  }

  /// The model's own cohort is no evidence for it.
  @Test func theTrainedAreSetApart() throws {
    let table = try CSVTable(file: Self.path("models/demonstration/cohort.csv"))
    let validation = try Self.validation(ValidationCohort(table))
    #expect(validation.document["analysed"] == 0)
    #expect(validation.notices.contains { $0.message.contains("in-training 240") })
  }

  /// What the page shows is escaped, whatever the table holds.
  @Test func namesAreEscaped() throws {
    let text =
      "participant_id,tumour_pdff_percent,tissue_subtype,provisional_subtype,site,<b>x\n"
      + "a,5,F1,F1,<script>alert(1)</script>,\nb,9,F3,F3,=1+1,\n"
    let validation = try Self.validation(
      ValidationCohort(CSVTable(bytes: Array(text.utf8))), model: false)
    let page = ValidationPage(validation).html()
    #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"))
    #expect(!page.contains("<b>x"))
    let tables = validation.files.filter { $0.name.hasSuffix("subgroups-by_site.csv") }
    #expect(tables.first?.content.contains("'=1+1,") ?? false)
    for file in validation.files where file.name.hasSuffix(".svg") {
      #expect(!file.content.contains("<script"))
    }
  }

  @Test func thePlanGivesKappasInterval() throws {
    let plan = try ValidationPlan(kappa: 0.7, prevalence: [0.4, 0.3, 0.3], n: 86)
    // About 0.57 to 0.83, by the large-sample variance.
    guard
      case .array(let rows)? = plan.document["sections"]?["sample_size"]?["tables"]?["expected"]?[
        "rows"], case .array(let first)? = rows.first, case .number(let lower) = first[3],
      case .number(let upper) = first[4]
    else {
      Issue.record("no expected intervals")
      return
    }
    #expect(first[0] == "kappa, unweighted" && abs(lower - 0.57) < 0.01 && abs(upper - 0.83) < 0.01)
    #expect(plan.text.contains("kappa, unweighted"))
    #expect(throws: CohortError.self) {
      try ValidationPlan(kappa: 0.7, prevalence: [0.4, 0.3], n: 86)
    }
    #expect(throws: CohortError.self) {
      try ValidationPlan(kappa: 1.7, prevalence: [0.4, 0.3, 0.3], n: 86)
    }
    #expect(throws: CohortError.self) {
      try ValidationPlan(kappa: 0.7, prevalence: [0.4, 0.3, 0.3], n: 1)
    }
  }
}
