import ArgumentParser
import Documents
import Foundation
import Phantoms
import Volumes

/// `pdff phantom`: digital reference objects, from recipes, and scores against their truth.
struct PhantomCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom",
    abstract: "Make digital phantoms and score maps against their truth.",
    subcommands: [ListPhantoms.self, MakePhantom.self, ScorePhantom.self])
}

/// `pdff phantom list`
struct ListPhantoms: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name the recipes.")

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let recipes = try Recipe.all()
    if json {
      print(JSONValue.array(recipes.map(Self.row)).pretty(), terminator: "")
      return
    }
    let width = recipes.map(\.name.count).max() ?? 0
    for recipe in recipes {
      let fill = String(repeating: " ", count: width - recipe.name.count)
      print("\(recipe.name)\(fill)  \(recipe.title)")
    }
  }

  private static func row(_ recipe: Recipe) -> JSONValue {
    [
      "name": .string(recipe.name), "title": .string(recipe.title),
      "departs_from": .string(recipe.departsFrom),
      "export": .string(recipe.export.style.rawValue),
    ]
  }
}

/// `pdff phantom make NAME -o DIR`
struct MakePhantom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Write a phantom as a scanner would export it, with masks and truth.")

  @Argument(help: "A recipe's name (see pdff phantom list) or a recipe file.")
  var recipe: String

  @Option(name: [.short, .customLong("output")], help: "A new or an empty folder.")
  var output: String

  @Option(help: "Seed of the noise; the recipe's own by default.")
  var seed: UInt64?

  @Option(help: "Voxels along x, y, z, for example 96x96x16; the anatomy keeps its size.")
  var shape: String?

  @Option(
    name: .customLong("export"),
    help: "Export style: \(ExportOfRecipe.Style.allCases.map(\.rawValue).joined(separator: ", ")).")
  var style: ExportOfRecipe.Style?

  @Flag(help: "Leave the noise out.")
  var noiseFree = false

  func validate() throws {
    if let shape, Self.parsed(shape) == nil {
      throw ValidationError("--shape takes three numbers, for example 96x96x16, not '\(shape)'.")
    }
    if let seed, seed >= 1 << 53 { throw ValidationError("--seed must be below 2^53.") }
  }

  func run() throws {
    var made = try chosenRecipe()
    if let shape, let shape = Self.parsed(shape) { made.shape = shape }
    if let seed { made.seed = seed }
    if let style { made.export.style = style }
    if noiseFree { made.snr = 0 }
    try make(made).write(to: output)
  }

  private func chosenRecipe() throws -> Recipe {
    guard recipe.hasSuffix(".json") else { return try Recipe.named(recipe) }
    return try Recipe(file: recipe)
  }

  private static func parsed(_ shape: String) -> [Int]? {
    let numbers = shape.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    let known = numbers.compactMap { $0 }
    return numbers.count == 3 && known.count == 3 ? known : nil
  }
}

extension ExportOfRecipe.Style: ExpressibleByArgument {}

/// `pdff phantom score DIR --truth DIR`
struct ScorePhantom: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Compare PDFF and R2* maps with a phantom's truth, region by region.")

  @Argument(help: "The folder that holds PDFFmap.nii.gz.")
  var maps: String

  @Option(help: "The phantom's truth folder.")
  var truth: String

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let maps = try MapFolder(folder: maps)
    let score = try score(
      fatFraction: maps.fatFraction, r2star: maps.r2star, against: ScoredTruth(folder: truth))
    print(json ? score.json().pretty() : score.table(), terminator: "")
  }
}
