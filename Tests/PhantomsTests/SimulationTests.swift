import Faults
import Phantoms
import Testing
import Volumes

@Suite struct SimulationTests {
  @Test func everyRecipeIsReadAndMadeSmall() throws {
    let recipes = try Recipe.all()
    #expect(recipes.count >= 20)
    for var recipe in recipes {
      recipe.shape = [24, 24, 6]
      let phantom = try make(recipe)
      let finite = phantom.scan.real.allSatisfy { $0.isFinite }
      #expect(finite, "\(recipe.name)")
      #expect(try Recipe(json: recipe.json()) == recipe, "\(recipe.name)")
    }
  }
}
