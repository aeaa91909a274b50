import Faults

/// Why a phantom cannot be made or scored.
public enum PhantomsFault: String, FaultCode {
  case unknownRecipe = "unknown-recipe"
  case recipeMissing = "recipe-missing"
  case recipeUnreadable = "recipe-unreadable"
  case recipeInvalid = "recipe-invalid"
  case phantomOutputNotEmpty = "phantom-output-not-empty"
  case phantomOutputUnwritable = "phantom-output-unwritable"
  case truthMissing = "truth-missing"
  case mapsMissing = "maps-missing"
  case scoreGridsDiffer = "score-grids-differ"

  public var summary: String {
    switch self {
    case .unknownRecipe: "no phantom recipe has this name"
    case .recipeMissing: "there is no such recipe file"
    case .recipeUnreadable: "the phantom recipe cannot be read"
    case .recipeInvalid: "the phantom recipe asks for something impossible"
    case .phantomOutputNotEmpty: "the output folder is not empty"
    case .phantomOutputUnwritable: "the phantom cannot be written there"
    case .truthMissing: "the truth folder lacks a map"
    case .mapsMissing: "the folder to score has no PDFF map"
    case .scoreGridsDiffer: "map and truth lie on different grids"
    }
  }

  public var remedy: String {
    switch self {
    case .unknownRecipe: "pdff phantom list names the recipes; a path to a .json file works too"
    case .recipeMissing: "check the path; pdff phantom list names the recipes that need none"
    case .recipeUnreadable: "give a JSON object with the keys that docs/phantoms.md lists"
    case .recipeInvalid: "correct the named key; docs/phantoms.md gives the ranges"
    case .phantomOutputNotEmpty: "name a new or an empty folder"
    case .phantomOutputUnwritable: "check the folder's permissions and the free space"
    case .truthMissing: "give the truth folder that pdff phantom make wrote beside the scan"
    case .mapsMissing: "give the folder that pdff map or pdff measure wrote"
    case .scoreGridsDiffer: "score the maps of the scan that was made with this truth"
    }
  }

  public var exit: ExitStatus {
    switch self {
    case .unknownRecipe: .usage
    case .recipeUnreadable, .recipeInvalid, .scoreGridsDiffer: .data
    case .phantomOutputNotEmpty, .phantomOutputUnwritable: .cannotCreate
    case .recipeMissing, .truthMissing, .mapsMissing: .missingInput
    }
  }
}

public typealias PhantomsError = Fault<PhantomsFault>
