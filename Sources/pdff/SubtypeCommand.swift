import ArgumentParser
import Calibration
import Documents
import Faults
import Volumes

/// `pdff subtype`: the model that turns a fat fraction into a provisional subtype.
struct SubtypeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subtype",
    abstract: "Make, freeze, read and ask the model that calls a provisional FAD subtype.",
    discussion: "Research use only: not a diagnostic device.",
    subcommands: [FitSubtype.self, FreezeSubtype.self, CallSubtype.self, ShowSubtype.self])
}

/// `pdff subtype fit COHORT.csv -o MODEL.json`
struct FitSubtype: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Make a subtype model from a cohort whose tissue subtypes are known.",
    discussion: """
      Columns: participant_id, tumour_pdff_percent, tissue_subtype (F1, F2, F3); and where known \
      standard_uncertainty, background_pdff_percent, site, scanner. Fat fractions in percent.
      """)

  enum Calibration: String, EnumerableFlag {
    case calibrated
    case uncalibrated
  }

  enum Status: String, CaseIterable, ExpressibleByArgument {
    case demonstration
    case exploratory
  }

  @Argument(help: ArgumentHelp("The cohort, a CSV file.", valueName: "cohort.csv"))
  var cohort: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The model's file.", valueName: "model.json"))
  var output: String

  @Option(help: "The model's name.")
  var name: String

  @Option(help: "The model's version.")
  var version: String

  @Option(
    help: "\(Status.allCases.map(\.rawValue).joined(separator: " or ")); freeze makes the third.")
  var status: Status

  @Option(help: "Which statistic of the tumour the values are: mean or median.")
  var statistic: FedStatistic = .mean

  @Flag(help: "Whether the values were corrected by a scanner ledger.")
  var calibration: Calibration?

  @Flag(help: "Use the liver beside the tumour too (background_pdff_percent).")
  var background = false

  @Option(help: "The share of each subtype whose set may miss it.")
  var alpha = 0.1

  func run() throws {
    if let written = FilePlace(output), written == FilePlace(cohort) {
      throw Fault<CommandFault>(.overwritesInput, file: output)
    }
    var options = SubtypeFitOptions(
      name: name, version: version,
      status: status == .demonstration ? .demonstration : .exploratory)
    options.statistic = statistic
    options.isCalibrated = calibration.map { $0 == .calibrated }
    options.usesBackground = background
    options.alpha = alpha
    let fit = try Self.fit(cohort, options)
    try fit.model.write(to: output)
    Console.warn(fit.notices)
    try Console.result(SubtypeCard(fit.model).text())
  }
}

extension FitSubtype {
  /// What the cohort itself can't carry is said with its file's name.
  private static func fit(_ path: String, _ options: SubtypeFitOptions) throws -> SubtypeFit {
    do {
      let table = try CSVTable(file: path)
      return try SubtypeFit(
        SubtypeCohort(table, background: options.usesBackground), options)
    } catch let error as SubtypeError {
      throw error.code == .optionInvalid ? error : error.placed(in: path)
    } catch let error as TableError {
      throw error.placed(in: path)
    }
  }
}

extension FedStatistic: ExpressibleByArgument {}

/// `pdff subtype freeze MODEL.json -o FROZEN.json --by NAME`
struct FreezeSubtype: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze",
    abstract: "Fix a model before the data on which it will be used: status prespecified.")

  @Argument(help: ArgumentHelp("An exploratory model.", valueName: "model.json"))
  var model: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The frozen model's file.", valueName: "frozen.json"))
  var output: String

  @Option(help: "Who answers for it.")
  var by: String

  func run() throws {
    if let written = FilePlace(output), written == FilePlace(model) {
      throw Fault<CommandFault>(.overwritesInput, file: output)
    }
    let frozen = try Self.frozen(SubtypeModel(file: model), by: by, file: model)
    try frozen.write(to: output)
    try Console.result(
      "\(frozen.reference.name) \(frozen.reference.version) is prespecified from now on: "
        + "sha256 \(frozen.reference.sha256)\n")
  }
}

extension FreezeSubtype {
  private static func frozen(_ model: SubtypeModel, by name: String, file: String)
    throws(SubtypeError) -> SubtypeModel
  {
    do {
      return try model.frozen(by: name)
    } catch {
      throw error.code == .optionInvalid ? error : error.placed(in: file)
    }
  }
}

/// `pdff subtype show MODEL.json`
struct ShowSubtype: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a model's card: what it says, how well, from what.")

  @Argument(help: ArgumentHelp("The model.", valueName: "model.json"))
  var model: String

  func run() throws {
    try Console.result(SubtypeCard(SubtypeModel(file: model)).text())
  }
}
