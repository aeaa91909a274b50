import ArgumentParser
import Documents
import Registry

/// `pdff registry verify`
struct VerifyRegistry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Recompute chain, seals and every table; exit 65 if not.")

  @OptionGroup var registry: RegistryOptions

  @Option(
    help: ArgumentHelp(
      "A head that was kept elsewhere; it must be in the chain.", valueName: "hash"))
  var expect: String?

  func validate() throws {
    guard expect.map({ $0.count == 64 && $0.allSatisfy(\.isHexDigit) }) ?? true else {
      throw ValidationError("--expect takes the 64 hexadecimal digits that 'head' prints.")
    }
  }

  func run() throws {
    // First the file, then who asks: a file that was changed may hold changed users.
    let found = try Registry.verify(registry.file, expecting: expect, wait: registry.wait)
    _ = try registry.session().head()
    try Console.result(
      registry.json
        ? found.document.pretty()
        : """
        holds: \(found.entries) entries, \(found.seals) seals, all tables as the log says
        head   \(found.head.hash)
        \(expect == nil ? "Only a head that was kept elsewhere (--expect) shows a cut end or a log rewritten whole." : "The expected head is in the chain.")

        """)
  }
}

/// `pdff registry head`
struct ShowHead: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "head", abstract: "Print the head of the log, to be kept elsewhere.")

  @OptionGroup var registry: RegistryOptions

  func run() throws {
    let head = try registry.session().head()
    try Console.result(registry.json ? head.document.pretty() : head.hash + "\n")
  }
}
