import ArgumentParser
import Documents
import Foundation
import Registry
import Trial

/// Which participant.
struct ParticipantOption: ParsableArguments {
  @Option(help: ArgumentHelp("The participant's pseudonym.", valueName: "id"))
  var participant: String
}

/// Why something lies outside the protocol, or takes another's place.
struct ReasonOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Why, where it lies outside the protocol or takes an entry's place.", valueName: "text"))
  var reason: String?
}

/// `pdff registry enrol`
struct EnrolParticipant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol", abstract: "Enrol a participant by pseudonym.")

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var who: ParticipantOption

  @Option(help: ArgumentHelp("The site.", valueName: "name"))
  var site: String

  @Option(help: ArgumentHelp("The day of enrolment; today by default.", valueName: "YYYY-MM-DD"))
  var enrolledOn: DayArgument?

  func run() throws {
    try registry.report(
      registry.session().enrol(participant: who.participant, site: site, on: enrolledOn?.day))
  }
}

/// `pdff registry call`
struct RecordCall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Record a provisional call from a measurement, and seal it.")

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var who: ParticipantOption

  @Option(help: ArgumentHelp("The lesion, as tissue will name it.", valueName: "name"))
  var lesion: String

  @Option(help: ArgumentHelp("The measurement.json of the scan.", valueName: "file"))
  var measurement: String

  @Option(
    help: ArgumentHelp(
      "The day of the scan, where the export lost or shifted it.", valueName: "YYYY-MM-DD"))
  var acquiredOn: DayArgument?

  @Option(
    help: ArgumentHelp("In a simulated study: the day of the seal.", valueName: "YYYY-MM-DD"))
  var sealedOn: DayArgument?

  @OptionGroup var why: ReasonOption

  /// Largest file that is read, bytes.
  private static let largest = 64 << 20

  func run() throws {
    guard let bytes = FileManager.default.contents(atPath: measurement), bytes.count < Self.largest
    else { throw RegistryError(.measurementMissing, file: measurement) }
    let request = CallRequest(
      participant: who.participant, lesion: lesion, measurement: Array(bytes),
      acquiredOn: acquiredOn?.day, sealedOn: sealedOn?.day, reason: why.reason)
    try registry.report(registry.session().call(request))
  }
}

extension TissueResult.Finding: ExpressibleByArgument {}

/// `pdff registry tissue`
struct RecordTissue: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tissue", abstract: "Record what pathology reported of a lesion.")

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var who: ParticipantOption

  @Option(help: ArgumentHelp("The lesion that was biopsied.", valueName: "name"))
  var lesion: String

  @Option(help: "The subtype, or that the biopsy failed.")
  var subtype: TissueResult.Finding

  @Option(help: ArgumentHelp("The day of the biopsy.", valueName: "YYYY-MM-DD"))
  var biopsyOn: DayArgument

  @Option(help: ArgumentHelp("The day of the report.", valueName: "YYYY-MM-DD"))
  var reportedOn: DayArgument

  @Option(help: ArgumentHelp("What was taken.", valueName: "text"))
  var specimen: String

  @Option(help: ArgumentHelp("How the subtype was found.", valueName: "text"))
  var method: String

  @Option(help: ArgumentHelp("The report's number, no name.", valueName: "text"))
  var reference: String

  @OptionGroup var why: ReasonOption

  func run() throws {
    try registry.report(
      registry.session().tissue(
        TissueRequest(
          participant: who.participant, lesion: lesion, finding: subtype, biopsyOn: biopsyOn.day,
          reportedOn: reportedOn.day, specimen: specimen, method: method, reference: reference,
          reason: why.reason)))
  }
}

extension TreatmentEvent.Kind: ExpressibleByArgument {}

/// `pdff registry treat`
struct RecordTreatment: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "treat", abstract: "Record what was done or planned to treat.")

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var who: ParticipantOption

  @Option(help: "What was done or planned.")
  var event: TreatmentEvent.Kind

  @Option(help: ArgumentHelp("The day.", valueName: "YYYY-MM-DD"))
  var date: DayArgument

  @Option(help: ArgumentHelp("The tumour; needed for tace.", valueName: "name"))
  var lesion: String?

  @OptionGroup var why: ReasonOption

  func run() throws {
    try registry.report(
      registry.session().treat(
        TreatmentRequest(
          participant: who.participant, kind: event, date: date.day, lesion: lesion,
          reason: why.reason)))
  }
}
