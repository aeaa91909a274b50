import Faults
import Foundation
import Phantoms
import TestSupport
import Testing

@Suite struct RecipeTests {
  private func fault(_ body: () throws -> Void) -> PhantomsFault? {
    do {
      try body()
      return nil
    } catch let error as PhantomsError {
      return error.code
    } catch {
      return nil
    }
  }

  @Test func theBookHoldsEveryRecipeOfTheFolder() throws {
    let folder = Tools.root.appendingPathComponent("phantoms/recipes").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Recipe.names == files.map { String($0.dropLast(5)) }.sorted())
    for recipe in try Recipe.all() {
      let file = try Recipe(file: "\(folder)/\(recipe.name).json")
      #expect(file == recipe)
      #expect(!recipe.title.isEmpty && recipe.title.count < 100)
    }
  }

  @Test func aRecipeSurvivesItsOwnJSON() throws {
    for recipe in try Recipe.all() {
      #expect(try Recipe(json: recipe.json()) == recipe, "\(recipe.name)")
    }
  }

  @Test func wrongRecipesAreRefused() {
    let cases: [(String, PhantomsFault)] = [
      ("", .recipeUnreadable), ("[]", .recipeUnreadable), ("{\"snrr\": 1}", .recipeUnreadable),
      ("{\"snr\": \"high\"}", .recipeUnreadable), ("{\"shape\": [1.5, 2, 3]}", .recipeUnreadable),
      ("{\"tissues\": {\"bone\": {}}}", .recipeUnreadable),
      ("{\"tissues\": {\"liver\": 3}}", .recipeUnreadable),
      ("{\"export\": {\"style\": \"fax\"}}", .recipeUnreadable),
      ("{\"seed\": -1}", .recipeUnreadable),
      ("{\"shape\": [0, 2, 3]}", .recipeInvalid), ("{\"shape\": [2, 3]}", .recipeInvalid),
      ("{\"shape\": [2, 3, 2000000]}", .recipeInvalid), ("{\"snr\": -1}", .recipeInvalid),
      ("{\"echo_times_ms\": []}", .recipeInvalid),
      ("{\"echo_times_ms\": [2, 1]}", .recipeInvalid),
      ("{\"field_strength_t\": 0}", .recipeInvalid), ("{\"precession\": \"?\"}", .recipeInvalid),
      ("{\"spectrum\": {\"name\": \"lard\"}}", .recipeInvalid),
      ("{\"spectrum\": {\"name\": \"own\"}}", .recipeInvalid),
      ("{\"schema\": \"pdff.phantom-recipe/2\"}", .recipeInvalid),
      ("{\"field\": {\"linear_hz\": [1]}}", .recipeInvalid),
      ("{\"departures\": {\"oversampling\": 0}}", .recipeInvalid),
      ("{\"departures\": {\"flip_deg\": 200}}", .recipeInvalid),
      ("{\"tissues\": {\"liver\": {\"pdff_percent\": [0, 120]}}}", .recipeInvalid),
      ("{\"tissues\": {\"liver\": {\"r2star_per_s\": [5]}}}", .recipeInvalid),
      ("{\"export\": {\"style\": \"two-point\"}}", .recipeInvalid),
    ]
    for (text, expected) in cases {
      let found = fault { _ = try make(try Recipe(json: Data(text.utf8))) }
      #expect(found == expected, "\(text)")
    }
    #expect(fault { _ = try Recipe.named("liver-9t") } == .unknownRecipe)
    #expect(fault { _ = try Recipe(file: "no-such-recipe.json") } == .recipeMissing)
  }

  @Test func ownSpectrumIsTaken() throws {
    var recipe = noiseFree(try small("liver-3t", [16, 16, 4]))
    let six = try make(recipe)
    recipe.spectrum = try Recipe(
      json: Data(
        """
        {"spectrum": {"name": "own", "shifts_ppm": [0.60, -0.39, -1.94, -2.60, -3.40, -3.80],
         "amplitudes": [48, 39, 4, 128, 693, 87]}}
        """.utf8)
    ).spectrum
    let own = try make(recipe)
    // Rounding of the normalised amplitudes only.
    for (a, b) in zip(six.scan.real, own.scan.real) where abs(a - b) > 1e-3 {
      Issue.record("\(a) is not \(b)")
      return
    }
  }
}
