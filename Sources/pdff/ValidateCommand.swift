import Agreement
import ArgumentParser
import Calibration
import Documents
import Faults
import Foundation

/// `pdff validate COHORT.csv -o DIR`: is MRI fat good enough to stand in for tissue?
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract:
      "Hold provisional subtypes from MRI fat against tissue, with every figure's interval.",
    discussion: """
      COHORT.csv needs participant_id, tumour_pdff_percent and tissue_subtype (F1, F2, F3, failed or \
      empty); docs/validation.md lists what else is read. DIR gets validation.json, validation.html, \
      tables/ and figures/. --plan says what a sample can show before there are data.
      Research use only: not a diagnostic device.
      """)

  @Argument(help: ArgumentHelp("The cohort, a CSV file.", valueName: "cohort.csv"))
  var cohort: String?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("Folder for the results.", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Adverse events, a CSV file: participant_id, ctcae_term, grade, related_to_tace.",
      valueName: "events.csv"))
  var adverseEvents: String?

  @Option(
    help: ArgumentHelp(
      "The subtype model: its probabilities are checked, and it makes the calls where the cohort has "
        + "none.", valueName: "model.json"))
  var model: String?

  @Option(help: "Of every resampling; the same seed gives the same figures.")
  var seed = ValidationOptions().seed

  @Option(help: "Samples of the bootstrap.")
  var resamples = ValidationOptions().resamples

  @Flag(help: "Print validation.json and nothing else.")
  var json = false

  @OptionGroup(title: "From a registry") var source: RegistryCohort

  @OptionGroup(title: "Before there are data") var plan: PlanOptions

  func validate() throws {
    guard (100...1_000_000).contains(resamples) else {
      throw ValidationError("--resamples lies within 100 and 1000000.")
    }
    if plan.isAsked {
      guard cohort == nil, model == nil, adverseEvents == nil, source.registry == nil else {
        throw ValidationError("--plan takes no cohort: it says what to expect.")
      }
      try plan.check()
    } else {
      guard (cohort == nil) != (source.registry == nil) else {
        throw ValidationError("Give a cohort, --registry or --plan; one of them.")
      }
      guard source.registry == nil || adverseEvents == nil else {
        throw ValidationError("A registry brings its own adverse events.")
      }
      guard output != nil || json else {
        throw ValidationError("Say where the results go (-o DIR), or --json.")
      }
      guard plan.isEmpty else {
        throw ValidationError("--kappa, --prevalence and --n go with --plan.")
      }
    }
  }

  func run() throws {
    if plan.isAsked { return try Console.result(json ? plan.document().pretty() : plan.text()) }
    let inputs = [cohort, source.registry, adverseEvents, model].compactMap { $0 }
    if let output { for input in inputs { try refuseReplacing(input, in: output) } }
    let model = try model.map { try SubtypeModel(file: $0) }
    let name = cohort ?? source.registry ?? ""
    let participants = try read(name)
    var options = ValidationOptions()
    options.seed = seed
    options.resamples = resamples
    let validation: Validation
    do {
      validation = try Validation(participants, model: model, options: options)
    } catch {
      throw error.placed(in: name)
    }
    try deliver(validation)
  }

  private func deliver(_ validation: Validation) throws {
    let document = validation.document
    if let output { try ValidationFolder(output).write(validation, document) }
    Console.warn(validation.notices)
    try Console.result(json ? document.pretty() : validation.summary)
  }

  private func read(_ path: String) throws -> ValidationCohort {
    do {
      let (table, events, none) = try tables(path)
      let cohort = try ValidationCohort(table, adverseEvents: events)
      return none ? cohort.withoutAdverseEvents() : cohort
    } catch let error as CohortError {
      throw error.placed(in: path)
    } catch let error as AdverseEventTableError {
      throw error.error.placed(in: adverseEvents ?? path)
    } catch let error as TableError {
      throw error.placed(in: path)
    }
  }

  /// The cohort, the adverse events, and whether it is known that there were none.
  private func tables(_ path: String) throws -> (CSVTable, CSVTable?, Bool) {
    if let tables = try source.tables() {
      return (tables.cohort, tables.adverseEvents, tables.adverseEvents == nil)
    }
    let table = try CSVTable(file: path)
    let (events, none) = try secondTable()
    return (table, events, none)
  }

  /// The second table; one with a head alone says that there was no adverse event.
  private func secondTable() throws -> (table: CSVTable?, none: Bool) {
    guard let adverseEvents else { return (nil, false) }
    do {
      return (try CSVTable(file: adverseEvents), false)
    } catch  where error.code == .empty {
      return (nil, true)
    }
  }

  /// An output has a fixed name, which an input may carry.
  private func refuseReplacing(_ input: String, in folder: String) throws {
    for name in ["validation.json", "validation.html"] {
      if let place = FilePlace("\(folder)/\(name)"), place == FilePlace(input) {
        throw Fault<CommandFault>(.overwritesInput, file: name)
      }
    }
  }
}

/// What `--plan` needs.
struct PlanOptions: ParsableArguments {
  @Flag(help: "Say what a sample can show: needs --kappa, --prevalence and --n.")
  var plan = false

  @Option(help: "The kappa that is expected.")
  var kappa: Double?

  @Option(
    help: ArgumentHelp("The shares of F1, F2 and F3, adding up to 1.", valueName: "a,b,c"))
  var prevalence: String?

  @Option(help: "Participants with a determinate call and tissue.")
  var n: Int?

  var isAsked: Bool { plan }
  var isEmpty: Bool { kappa == nil && prevalence == nil && n == nil }

  func check() throws {
    guard kappa != nil, prevalence != nil, n != nil else {
      throw ValidationError("--plan needs --kappa, --prevalence and --n.")
    }
  }

  func document() throws -> JSONValue { try made().document }
  func text() throws -> String { try made().text }

  private func made() throws -> ValidationPlan {
    let shares = (prevalence ?? "").split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) ?? .nan }
    return try ValidationPlan(kappa: kappa ?? .nan, prevalence: shares, n: n ?? 0)
  }
}
