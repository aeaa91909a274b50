import ArgumentParser
import Calibration
import Documents
import Volumes

/// `pdff subtype call --model MODEL.json --pdff-percent X --standard-uncertainty U`
struct CallSubtype: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: "Call a provisional subtype from a fat fraction, or abstain and say why.",
    discussion: "Research use only: not a diagnostic device.")

  @Option(help: ArgumentHelp("The model's file.", valueName: "model.json"))
  var model: String

  @Option(help: "The tumour's fat fraction, in percent; as the model wants it, mean or median.")
  var pdffPercent: Double

  @Option(help: "Its standard uncertainty, in percentage points; 0 for none.")
  var standardUncertainty: Double

  @Option(help: "The fat fraction of the liver beside the tumour, in percent.")
  var backgroundPdffPercent: Double?

  @Flag(help: "Print the one JSON document and nothing else.")
  var json = false

  func validate() throws {
    guard pdffPercent.isFinite, backgroundPdffPercent?.isFinite ?? true else {
      throw ValidationError("A fat fraction is a number, in percent.")
    }
    guard standardUncertainty.isFinite, standardUncertainty >= 0 else {
      throw ValidationError("--standard-uncertainty is a number that is not negative.")
    }
  }

  func run() throws {
    let call = try SubtypeModel(file: model).call(
      pdff: FatFraction(percent: pdffPercent),
      standardUncertainty: FatFraction(percent: standardUncertainty),
      background: backgroundPdffPercent.map { FatFraction(percent: $0) })
    try Console.result(json ? call.document.pretty() : call.text())
  }
}
