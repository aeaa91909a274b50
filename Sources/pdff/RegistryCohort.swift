import ArgumentParser
import Documents
import Faults
import Registry

/// A registry as the source of a cohort: what it exports unblinded is the cohort's table.
struct RegistryCohort: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the cohort from a study's registry; needs --by, and is logged there.",
      valueName: "file"))
  var registry: String?

  @Option(help: ArgumentHelp("Who acts; the token is in PDFF_TOKEN.", valueName: "user"))
  var by: String?

  @Option(
    help: ArgumentHelp("A file that holds the token, instead of PDFF_TOKEN.", valueName: "file"))
  var tokenFile: String?

  func validate() throws {
    guard (registry == nil) == (by == nil), registry != nil || tokenFile == nil else {
      throw ValidationError("--registry and --by go together.")
    }
  }

  /// nil where no registry was named. Throws `RegistryError`: exit 77 for who may not see tissue
  /// and calls together, as a researcher before the study is unblinded.
  func tables() throws -> (cohort: CSVTable, adverseEvents: CSVTable?)? {
    guard let registry, let by else { return nil }
    let session = try Registry(opening: registry).session(
      user: by, token: Token.given(file: tokenFile))
    let export = try session.export(.csv, unblinded: true)
    let cohort = try CSVTable(bytes: Array(export.text.utf8))
    do {
      let events = try export.adverseEvents.map { try CSVTable(bytes: Array($0.utf8)) }
      return (cohort, events)
    } catch let error as TableError where error.code == .empty {
      return (cohort, nil)
    }
  }
}
