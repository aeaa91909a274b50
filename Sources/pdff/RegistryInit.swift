import ArgumentParser
import Documents
import Foundation
import Registry
import Trial

/// `pdff registry init`
struct InitRegistry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a study's registry with its first administrator.")

  @Argument(help: ArgumentHelp("The registry; it must not be there yet.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("The study's name.", valueName: "name"))
  var study: String

  @Option(help: ArgumentHelp("The first administrator.", valueName: "user"))
  var admin: String

  @Option(help: ArgumentHelp("The study's settings, study.json.", valueName: "file"))
  var config: String?

  @Flag(help: "Print the token as one JSON document.")
  var json = false

  func run() throws {
    let document = try config.map { try StudyFile.read($0) } ?? .object([:])
    let settings: StudySettings
    do {
      settings = try StudySettings(document, study: study)
    } catch {
      throw config.map { error.placed(in: $0) } ?? error
    }
    try Console.result(
      Self.words(try Registry.create(file, settings: settings, admin: admin), admin, json))
  }

  /// A token, shown this once.
  static func words(_ token: Token, _ user: String, _ json: Bool) -> String {
    if json {
      return (["token": .string(token.text), "user": .string(user)] as JSONValue).pretty()
    }
    return """
      \(token.text)
      This is the token of \(user). It is shown this once and kept nowhere: keep it like a password.

      """
  }
}

/// `study.json`
enum StudyFile {
  static func read(_ path: String) throws -> JSONValue {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RegistryError(.settingsMissing, file: path)
    }
    do { return try JSONValue(parsing: bytes) } catch { throw error.placed(in: path) }
  }
}

/// `pdff registry configure`
struct ConfigureStudy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configure", abstract: "Change the study's settings; keys not given stay.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("Settings that change, as in study.json.", valueName: "file"))
  var config: String

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  func run() throws {
    let document = try StudyFile.read(config)
    do {
      try registry.report(registry.session().configure(document, reason: reason))
    } catch let error as TrialError {
      throw error.placed(in: config)
    }
  }
}

/// `pdff registry unblind`
struct UnblindStudy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unblind", abstract: "Let researchers see everything; for ever.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("Why.", valueName: "text"))
  var reason: String

  func run() throws { try registry.report(registry.session().unblind(reason: reason)) }
}
