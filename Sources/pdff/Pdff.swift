import ArgumentParser

@main
struct Pdff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pdff",
    abstract: "Proton-density fat fraction of a tumour from an exported Dixon MRI scan.",
    discussion: "Research use only: not a diagnostic device.",
    version: "0.1.0",
    subcommands: [PhantomCommand.self])
}
