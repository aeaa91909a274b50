import Foundation
import Volumes

/// What is known of a contrast agent that was given before a scan.
///
/// How far it shortens T1 depends on agent, dose, time, flow and liver function. Published values are
/// used as values to show, never as bounds, and only where they were measured: gadoxetate at 3 T, 15 to
/// 20 minutes after injection. Hepatocellular carcinoma 724 +- 199 ms after 15 minutes (1056 +- 292
/// before: 10.1016/j.ejro.2020.100312); a liver without dysfunction loses at least 70 % of its T1
/// (94 patients by Child-Pugh class, benthamscience.com/article/128844), 243 of 809 ms.
public struct ContrastState: Sendable, Hashable {
  public var isGadoxetate: Bool
  /// From the injection to the scan, by the export's clocks; negative where they say that it came
  /// after the scan, nil where they do not say it.
  public var timeSinceInjection: Seconds?

  public init(isGadoxetate: Bool = false, timeSinceInjection: Seconds? = nil) {
    self.isGadoxetate = isGadoxetate
    self.timeSinceInjection = timeSinceInjection
  }

  /// Minutes after the injection at which T1 was measured, with the clocks' own minute.
  private static let measured = Seconds(14 * 60)...Seconds(21 * 60)

  private func isMeasured(at field: Tesla) -> Bool {
    guard isGadoxetate, let time = timeSinceInjection, (2.8...3.2).contains(field.value) else {
      return false
    }
    return Self.measured.contains(time)
  }

  func liverT1(at field: Tesla) -> Seconds? {
    isMeasured(at: field) ? Seconds(milliseconds: 243) : nil
  }

  func tumourT1(at field: Tesla) -> Seconds? {
    isMeasured(at: field) ? Seconds(milliseconds: 724) : nil
  }

  /// When it was given, as the export says it.
  var words: String {
    let agent = isGadoxetate ? "gadoxetate" : "it"
    guard let time = timeSinceInjection else { return "when \(agent) was given is not said" }
    let minutes = String(format: "%.0f min", abs(time.value) / 60)
    guard time.value >= 0 else {
      return
        "the export dates the injection \(minutes) after the scan; check whether \(agent) was in"
    }
    return "\(agent) was given \(minutes) before the scan"
  }
}
