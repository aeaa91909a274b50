/// A contrast agent, as far as its kind matters to T1. The name is free text and is not kept.
public enum ContrastAgent: Sendable, Hashable {
  case none
  case gadoxetate
  case other

  /// From the words of sidecars; scanners also write that there was none.
  init(_ words: [String]) {
    let none: Set<String> = ["", "NONE", "NO", "N", "NA", "UNKNOWN"]
    let agents = words.map { $0.uppercased().filter { $0.isLetter || $0.isNumber } }.filter {
      !none.contains($0)
    }
    let names = ["GADOXET", "EOB", "PRIMOVIST", "EOVIST"]
    let isGadoxetate = agents.contains { agent in names.contains { agent.contains($0) } }
    self = agents.isEmpty ? .none : isGadoxetate ? .gadoxetate : .other
  }
}
