/// The trial's rules for what may be recorded; raw values are listed in `docs/trial.md`.
public enum Rule: String, Sendable, CaseIterable {
  case dateInFuture = "date-in-future"
  case alreadyRecorded = "already-recorded"
  case afterDeath = "after-death"
  case tissueKnown = "tissue-known"
  case scanAfterStart = "scan-after-start"
  case scanAfterBiopsy = "scan-after-biopsy"
  case scanAfterTACE = "scan-after-tace"
  case scanAfterSeal = "scan-after-seal"
  case reportBeforeBiopsy = "report-before-biopsy"
  case secondResult = "second-result"
  case lesionMissing = "lesion-missing"
  case priorAfterStart = "prior-tace-after-start"
  case notStarted = "not-started"
  case nothingPlanned = "nothing-planned"
  case alreadyPaused = "already-paused"
  case notPaused = "not-paused"
  case noPauseTooEarly = "no-pause-too-early"
  case responseEmpty = "response-empty"
  case gradeOutOfRange = "grade-out-of-range"
  case afterClosing = "after-closing"
  case otherLesionToo = "other-lesion-too"
  case outsideWindow = "tace-outside-window"
  case tooManyInTumour = "too-many-in-tumour"
  case tooManySessions = "too-many-sessions"
  case pauseOutsideDays = "pause-outside-days"
  case restartOutsideDays = "restart-outside-days"
  case notInArm = "not-in-arm"
  case beforeStart = "before-start"
  case confirmsNothing = "confirms-nothing"

  public var gravity: RuleBreach.Gravity { words.gravity }
  /// What is wrong, in general words.
  public var summary: String { words.summary }

  private var words: (gravity: RuleBreach.Gravity, summary: String) {
    switch self {
    case .dateInFuture: (.impossible, "the date lies after today")
    case .alreadyRecorded: (.impossible, "the same is recorded already")
    case .afterDeath: (.impossible, "the participant had died by then")
    case .tissueKnown: (.impossible, "tissue has answered already")
    case .scanAfterStart: (.impossible, "the scan is later than the first systemic dose")
    case .scanAfterBiopsy: (.impossible, "the scan is later than the biopsy")
    case .scanAfterTACE: (.impossible, "the scan is not earlier than a TACE, and lipiodol is oil")
    case .scanAfterSeal: (.impossible, "the scan is later than the call")
    case .reportBeforeBiopsy: (.impossible, "the report is earlier than the biopsy")
    case .secondResult: (.impossible, "tissue of the lesion has answered: amend that entry")
    case .lesionMissing: (.impossible, "the lesion is not named")
    case .priorAfterStart:
      (.impossible, "a prior TACE is earlier than the study's treatment: record it as tace")
    case .notStarted: (.impossible, "systemic treatment has not begun by then")
    case .nothingPlanned: (.impossible, "no TACE is planned that this would cancel")
    case .alreadyPaused: (.impossible, "apatinib is paused already, without a restart")
    case .notPaused: (.impossible, "apatinib is not paused by then")
    case .noPauseTooEarly:
      (.impossible, "that early it can't be known whether apatinib will be paused")
    case .responseEmpty: (.impossible, "no response category is given")
    case .gradeOutOfRange: (.impossible, "a grade is 1 to 5, and the term is not empty")
    case .afterClosing: (.deviation, "the participant had left the study's treatment by then")
    case .otherLesionToo: (.deviation, "tissue of another lesion has answered already")
    case .outsideWindow: (.deviation, "TACE lies outside its window")
    case .tooManyInTumour: (.deviation, "the tumour has had its treatments")
    case .tooManySessions: (.deviation, "the participant has had the sessions there are")
    case .pauseOutsideDays: (.deviation, "apatinib did not rest before TACE for the days it should")
    case .restartOutsideDays:
      (.deviation, "apatinib did not rest after TACE for the days it should")
    case .notInArm: (.deviation, "TACE is not in the participant's arm")
    case .beforeStart: (.deviation, "systemic treatment had not begun by then")
    case .confirmsNothing:
      (.deviation, "no response was recorded at least four weeks before, which this would confirm")
    }
  }
}
