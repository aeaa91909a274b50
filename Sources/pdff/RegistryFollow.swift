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
    do {
      _ = try parts.detail()
    } catch FollowUpParts.Problem.foreign(let name) {
      throw ValidationError("--\(name.rawValue) belongs to --event \(name.kind.rawValue).")
    } catch FollowUpParts.Problem.confirmsNothing(_) {
      throw ValidationError("A confirmation needs its category.")
    } catch FollowUpParts.Problem.missing(let names) {
      let options = names.map { "--\($0.rawValue)" }.joined(separator: " or ")
      throw ValidationError(
        "--event \(event.rawValue) needs \(options)\(names.count > 1 ? ", or both" : "").")
    }
  }

  private var parts: FollowUpParts {
    var parts = FollowUpParts(event)
    (parts.recist, parts.recistConfirmed) = (recist, recistConfirmed)
    (parts.mrecist, parts.mrecistConfirmed) = (mrecist, mrecistConfirmed)
    (parts.criterion, parts.term, parts.grade) = (criterion, term, grade)
    parts.relatedToTACE = relatedToTace.map { $0 == .yes }
    return parts
  }

  func run() throws {
    try registry.report(
      registry.session().follow(
        FollowUpRequest(
          participant: who.participant, date: date.day, detail: parts.detail(),
          relatedToTACE: parts.relatedToTACE, reason: why.reason)))
  }
}
