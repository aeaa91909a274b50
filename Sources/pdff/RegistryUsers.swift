import ArgumentParser
import Documents
import Registry

/// `pdff registry user`
struct UserCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "Manage a registry's users.",
    subcommands: [AddUser.self, DisableUser.self, RenewUser.self, ListUsers.self])
}

extension Role: ExpressibleByArgument {}

/// `pdff registry user add`
struct AddUser: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a user and print the token, once.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("The user's name.", valueName: "name"))
  var name: String

  @Option(help: "What the user does in the study.")
  var role: Role

  func run() throws {
    let token = try registry.session().addUser(name: name, role: role)
    try Console.result(InitRegistry.words(token, name, registry.json))
  }
}

/// `pdff registry user renew`
struct RenewUser: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "Give a user a new token in place of the old one.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("The user's name.", valueName: "name"))
  var name: String

  func run() throws {
    let token = try registry.session().renewUser(name: name)
    try Console.result(InitRegistry.words(token, name, registry.json))
  }
}

/// `pdff registry user disable`
struct DisableUser: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "End a user's access; what the user recorded stays.")

  @OptionGroup var registry: RegistryOptions

  @Option(help: ArgumentHelp("The user's name.", valueName: "name"))
  var name: String

  func run() throws { try registry.report(registry.session().disableUser(name: name)) }
}

/// `pdff registry user list`
struct ListUsers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List users and their roles.")

  @OptionGroup var registry: RegistryOptions

  func run() throws {
    let users = try registry.session().users()
    if registry.json {
      try Console.result(JSONValue.array(users.map(\.document)).pretty())
    } else {
      try Console.result(
        LeftTable(
          ["user", "role", ""],
          users.map { [$0.name, $0.role.rawValue, $0.isActive ? "" : "disabled"] }
        ).text)
    }
  }
}
