import ArgumentParser
import Documents
import Registry
import Trial

extension FollowUpEvent.Kind: ExpressibleByArgument {}
extension Response.Category: ExpressibleByArgument {}
extension ResponseCriterion: ExpressibleByArgument {}

/// Yes or no.
enum Answer: String, ExpressibleByArgument, CaseIterable {
  case yes
  case no
}

/// `pdff registry follow`
struct RecordFollowUp: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "follow", abstract: "Record what became of a participant.")

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var who: ParticipantOption

  @Option(help: "What became of the participant.")
  var event: FollowUpEvent.Kind

  @Option(help: ArgumentHelp("The day.", valueName: "YYYY-MM-DD"))
  var date: DayArgument

  @Option(help: "Response by RECIST 1.1.")
  var recist: Response.Category?

  @Flag(help: "This imaging confirms the response by RECIST 1.1.")
  var recistConfirmed = false

  @Option(help: "Response by mRECIST.")
  var mrecist: Response.Category?

  @Flag(help: "This imaging confirms the response by mRECIST.")
  var mrecistConfirmed = false

  @Option(help: "Of a progression: by which criterion.")
  var criterion: ResponseCriterion?

  @Option(help: ArgumentHelp("Of an adverse event: its CTCAE term.", valueName: "text"))
  var term: String?

  @Option(help: ArgumentHelp("Of an adverse event: its CTCAE grade, 1 to 5.", valueName: "n"))
  var grade: Int?

  @Option(help: "Of an adverse event: is it related to TACE?")
  var relatedToTace: Answer?

  @OptionGroup var why: ReasonOption

  func validate() throws {
    let given: [(String, FollowUpEvent.Kind, Bool)] = [
      ("--recist", .response, recist != nil || recistConfirmed),
      ("--mrecist", .response, mrecist != nil || mrecistConfirmed),
      ("--criterion", .progression, criterion != nil), ("--term", .adverseEvent, term != nil),
      ("--grade", .adverseEvent, grade != nil),
      ("--related-to-tace", .adverseEvent, relatedToTace != nil),
    ]
    for (option, kind, isGiven) in given where isGiven && kind != event {
      throw ValidationError("\(option) belongs to --event \(kind.rawValue).")
    }
    if event == .response {
      guard recist != nil || mrecist != nil else {
        throw ValidationError("--event response needs --recist or --mrecist, or both.")
      }
      guard !recistConfirmed || recist != nil, !mrecistConfirmed || mrecist != nil else {
        throw ValidationError("A confirmation needs its category.")
      }
    }
    guard event != .progression || criterion != nil else {
      throw ValidationError("--event progression needs --criterion.")
    }
    guard event != .adverseEvent || (term != nil && grade != nil) else {
      throw ValidationError("--event adverse-event needs --term and --grade.")
    }
  }

  private var detail: FollowUpEvent.Detail {
    switch event {
    case .response:
      .response(
        recist: recist.map { Response($0, isConfirmed: recistConfirmed) },
        mrecist: mrecist.map { Response($0, isConfirmed: mrecistConfirmed) })
    case .progression: .progression(criterion: criterion ?? .recist)
    case .death: .death
    case .withdrawal: .withdrawal
    case .conversion: .conversion
    case .adverseEvent: .adverseEvent(AdverseEvent(term: term ?? "", grade: grade ?? 0))
    }
  }

  func run() throws {
    try registry.report(
      registry.session().follow(
        FollowUpRequest(
          participant: who.participant, date: date.day, detail: detail,
          relatedToTACE: relatedToTace.map { $0 == .yes }, reason: why.reason)))
  }
}
