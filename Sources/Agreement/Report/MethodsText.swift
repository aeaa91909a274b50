import Pages

/// How the figures were made, in words that can go into a paper, with what they rest on.
struct MethodsText {
  let validation: Validation
  init(_ validation: Validation) { self.validation = validation }

  var markup: Markup {
    element("section", ["id": "methods"]) {
      element("h2") { "Methods" }
      for paragraph in paragraphs { element("p") { paragraph } }
      element("h3") { "References" }
      element("ol", ["class": "small"]) {
        for reference in references { element("li") { reference } }
      }
    }
  }

  private var paragraphs: [String] {
    let calls =
      validation.callsAfterTheFact
      ? "Provisional subtypes were called by the model after the fact."
      : "Provisional subtypes are those recorded in the cohort."
    return [
      "\(calls) Tissue is the reference standard. Of each participant one measurement counts, the first "
        + "reader's first repeat on the first listed scanner, except where measurement itself is the "
        + "subject. Calls on which tissue was reported on or before the day of the seal, calls of another "
        + "lesion, and participants on whom the model was trained are set apart and counted.",
      "Three-class agreement and agreement on the arm are reported apart. Indeterminate calls are "
        + "reported as yield, and accuracy is given among determinate calls and of all. Shares have "
        + "Clopper-Pearson intervals, which cover at least 95 %; all other intervals are approximate "
        + "unless they are called exact. Bootstrap intervals are bias-corrected and accelerated, from "
        + "\(validation.options.resamples) resamples of participants with seed "
        + "\(validation.options.seed). No p-value is corrected for multiple testing.",
      "Survival curves are Kaplan-Meier estimates with log(-log) intervals, medians the first time at "
        + "which the curve is at most one half; groups are compared by the log-rank test. Treatment as "
        + "given is a label at a landmark, day 28 from systemic start: a participant must have been "
        + "followed until then without the event. \(ReportSection.notTreatments)",
    ]
  }

  /// Those of the figures that are shown, in the order of their first use.
  private var references: [String] {
    var seen = Set<String>()
    let fixed = ["Bossuyt PM, et al. STARD 2015. BMJ 2015;351:h5527"]
    let used = validation.sections.flatMap(\.figures).compactMap { $0.method?.reference }
    let more = [
      "Anderson JR, Cain KC, Gelber RD. J Clin Oncol 1983;1:710-719",
      "Bland JM, Altman DG. Lancet 1986;327:307-310",
    ]
    return (fixed + used + more).filter { seen.insert($0).inserted }
  }
}
