import ArgumentParser
import Documents
import Registry
import Trial

/// `pdff registry forecast`
struct ShowForecast: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "Say how likely tissue is to answer by each participant's deadline.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("One participant; all who wait by default.", valueName: "id"))
  var participant: String?

  @Option(help: ArgumentHelp("The day of reading; today by default.", valueName: "YYYY-MM-DD"))
  var on: DayArgument?

  func run() throws {
    let session = try registry.session()
    let forecasts = try session.forecast(participant: participant, on: on?.day)
    let isSimulated = try session.settings().isSimulated
    if registry.json {
      let document: JSONValue = [
        "simulated": .bool(isSimulated), "forecasts": .array(forecasts.map(\.document)),
      ]
      try Console.result(document.pretty())
      return
    }
    let mark = isSimulated ? simulatedMark : ""
    guard !forecasts.isEmpty else {
      try Console.result(mark + "nobody waits for tissue\n")
      return
    }
    let head = ["participant", "waited", "deadline", "tissue by then", "95 % interval", "of", ""]
    try Console.result(mark + LeftTable(head, forecasts.map(\.cells)).text)
  }
}

extension Forecast {
  fileprivate var cells: [String] {
    let wait = "\(daysWaited) days"
    guard let estimate else {
      return [participant, wait, deadline?.description ?? "", "", "", "", gap?.words ?? ""]
    }
    func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }
    return [
      participant, wait, deadline?.description ?? "", percent(estimate.probability),
      "\(percent(estimate.interval.lowerBound)) to \(percent(estimate.interval.upperBound))",
      "\(atRisk)",
    ]
  }
}
