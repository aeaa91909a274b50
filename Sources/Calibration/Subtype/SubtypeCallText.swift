extension SubtypeCall {
  /// A few lines for a reader.
  public func text() -> String {
    let names = set.isEmpty ? "none" : set.map(\.rawValue).joined(separator: ", ")
    var lines = [
      "call           \(word)",
      "set            \(names)",
      "arm            \(arm.rawValue)",
    ]
    if let probabilities {
      let shares = Subtype.allCases.map {
        "\($0.rawValue) \(decimals(100 * probabilities[$0.index], 1)) %"
      }
      lines.append("probabilities  \(shares.joined(separator: ", "))")
    }
    for (index, reason) in reasons.enumerated() {
      lines.append("\(index == 0 ? "reasons  " : "         ")      \(reason.message)")
    }
    lines.append(
      "model          \(model.name.printable) \(model.version.printable), \(model.status.rawValue)")
    if model.status == .demonstration {
      lines.append("               made from synthetic data: NOT FOR PATIENTS")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
