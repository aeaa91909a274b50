import Documents
import Statistics

/// A model for a reader: what it is, what it says, how well, and what it must not be used for.
public struct SubtypeCard {
  private let model: SubtypeModel
  private var document: JSONValue { model.document }

  public init(_ model: SubtypeModel) { self.model = model }

  public func text() -> String {
    let blocks = [identity, origin, association, boundaries, calls, sets, performance, warnings]
    return blocks.map { $0.joined(separator: "\n") }.filter { !$0.isEmpty }
      .joined(separator: "\n\n") + "\n"
  }

  private var identity: [String] {
    let reference = model.reference
    var lines = [
      "Subtype model \(reference.name.printable), version \(reference.version.printable)",
      "status       \(reference.status.rawValue)",
    ]
    switch reference.status {
    case .demonstration:
      lines.append("             made from synthetic data: NOT FOR PATIENTS")
    case .exploratory:
      lines.append("             not fixed before the data on which it is tried")
    case .prespecified:
      let frozen = document["frozen"] ?? .null
      lines.append("             frozen by \(words(frozen["by"])) at \(words(frozen["at"]))")
    }
    return lines + ["sha256       \(reference.sha256)"]
  }

  private var origin: [String] {
    let cohort = document["cohort"] ?? .null
    let counts = Subtype.allCases.map { "\($0.rawValue) \(number(cohort["n"]?[$0.rawValue], 0))" }
    let total = Subtype.allCases.compactMap { value(cohort["n"]?[$0.rawValue]) }.reduce(0, +)
    let medians = Subtype.allCases.map {
      "\($0.rawValue) \(number(cohort["median_percent"]?[$0.rawValue], 1))"
    }
    return [
      "made from    \(decimals(total, 0)) participants: \(counts.joined(separator: ", ")); "
        + "sites: \(value(cohort["sites"]).map { decimals($0, 0) } ?? "not said")",
      "fed with     the \(model.statistic.rawValue) PDFF of the tumour, "
        + (model.isCalibrated ? "calibrated" : "uncalibrated")
        + (model.usesBackground ? ", and the liver beside it" : ""),
      "range        \(decimals(model.trainingRange.lowerBound, 1)) to "
        + "\(decimals(model.trainingRange.upperBound, 1)) % (median \(medians.joined(separator: ", ")))",
    ]
  }

  private var association: [String] {
    let direction = document["direction"] ?? .null
    let interval = (try? direction.numbers("interval_95")) ?? []
    let tests = document["tests"] ?? .null
    let reach = interval.map { decimals($0, 2) }.joined(separator: " to ")
    return [
      "fat \(words(direction["fat_from_f1_to_f3"])) from F1 to F3: odds ratio "
        + "\(number(direction["odds_ratio_per_sd"], 2)) for one standard deviation (95 %: \(reach)), "
        + "p \(probability(tests["association"]?["p"]))",
      "proportional odds: p \(probability(tests["proportional_odds"]?["p"])) (small speaks against)",
      "F2 lies between:   p \(probability(tests["f2_between"]?["p"])) (small speaks for)",
      "AIC with order \(number(tests["aic"]?["ordered"], 1)), without "
        + "\(number(tests["aic"]?["unordered"], 1)) (smaller is better)",
    ]
  }

  /// Where the most probable subtype changes, for values without error.
  private var boundaries: [String] {
    var lines = ["Most probable subtype of a value without error\(atBackground):"]
    var stretches: [(low: Double, high: Double, subtype: Int)] = []
    let low = max(model.trainingRange.lowerBound, 0)
    let steps = 2000
    for index in 0...steps {
      let place = low + (model.trainingRange.upperBound - low) * Double(index) / Double(steps)
      guard
        let shares = model.probabilities(
          MeasuredValue(percent: place, standardUncertainty: 0), background: background),
        let best = shares.indices.max(by: { shares[$0] < shares[$1] })
      else { continue }
      if stretches.last?.subtype == best {
        stretches[stretches.count - 1].high = place
      } else {
        stretches.append((stretches.last?.high ?? place, place, best))
      }
    }
    for stretch in stretches {
      lines.append(
        "  \(range(stretch.low, stretch.high))  \(Subtype.allCases[stretch.subtype].rawValue)")
    }
    return lines
  }

  private var calls: [String] {
    var lines: [String] = []
    for uncertainty in [0, typicalUncertainty] {
      let title =
        uncertainty == 0
        ? "without error" : "with a standard uncertainty of \(decimals(uncertainty, 2)) points"
      lines.append("Call of a value \(title)\(atBackground):")
      for stretch in model.stretches(standardUncertainty: uncertainty, background: background) {
        let set = stretch.set.map(\.rawValue).joined(separator: ", ")
        let call = stretch.set.count == 1 ? set : "indeterminate (\(set.isEmpty ? "none" : set))"
        lines.append(
          "  \(range(stretch.range.lowerBound, stretch.range.upperBound))  "
            + "\(call.padded(to: 28))  arm \(Arm(stretch.set).rawValue)")
      }
    }
    return lines + ["  beyond       indeterminate: outside the values the model was made from"]
  }

  /// The training cohort's median; without one, the published repeatability of liver PDFF (a
  /// coefficient of 2.99 points, divided by 2.77).
  private var typicalUncertainty: Double {
    value(document["cohort"]?["median_standard_uncertainty_percent"]).flatMap { $0 > 0 ? $0 : nil }
      ?? 1.08
  }

  private var background: Double? {
    guard model.usesBackground,
      let range = try? document["cohort"]?.numbers("background_range_percent"), range.count == 2
    else { return nil }
    return (range[0] + range[1]) / 2
  }

  private var atBackground: String {
    background.map { ", beside a liver of \(decimals($0, 1)) %" } ?? ""
  }

  private var sets: [String] {
    let sets = document["conformal"] ?? .null
    return [
      "Sets of subtypes at alpha \(number(sets["alpha"], 2)), \(model.guarantee.rawValue):",
      "  " + words(sets["guarantee"]),
    ]
  }

  private var performance: [String] {
    guard let found = document["performance"], found != .null else {
      return ["Performance: too few participants for a nested validation"]
    }
    func percent(_ value: JSONValue?) -> String {
      self.value(value).map { decimals(100 * $0, 0) + " %" } ?? "-"
    }
    let coverage = Subtype.allCases.map {
      "\($0.rawValue) \(percent(found["coverage"]?[$0.rawValue]))"
    }
    return [
      "On participants held out (nested cross-validation, \(number(found["folds"], 0)) folds):",
      "  called \(percent(found["call"]?["yield"])), of these right "
        + percent(found["call"]?["accuracy"]),
      "  arm decided \(percent(found["arm"]?["yield"])), of these right "
        + percent(found["arm"]?["accuracy"]),
      "  set holds the subtype: \(coverage.joined(separator: ", "))",
      "  log loss \(number(found["log_loss"]?["model"], 3)) (prevalence alone "
        + "\(number(found["log_loss"]?["prevalence"], 3))), calibration slope "
        + number(found["calibration_slope"], 2),
    ]
  }

  private var warnings: [String] {
    ((try? document.list("warnings")) ?? []).map { "warning: \(words($0["message"]))" }
  }

  private func words(_ value: JSONValue?) -> String {
    guard case .string(let text)? = value else { return "-" }
    return text.printable
  }

  private func value(_ value: JSONValue?) -> Double? {
    guard case .number(let number)? = value else { return nil }
    return number
  }

  private func number(_ value: JSONValue?, _ digits: Int) -> String {
    self.value(value).map { decimals($0, digits) } ?? "-"
  }

  private func probability(_ value: JSONValue?) -> String {
    guard let p = self.value(value) else { return "-" }
    return p < 0.001 ? "below 0.001" : decimals(p, 3)
  }

  private func range(_ low: Double, _ high: Double) -> String {
    "\(decimals(low, 1)) to \(decimals(high, 1)) %".padded(to: 15)
  }
}

extension String {
  /// Without control characters: a name may hold anything, and a terminal should not obey it.
  var printable: String {
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: unicodeScalars.filter { $0.properties.generalCategory != .control })
    return String(shown)
  }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(width - count, 0))
  }
}
