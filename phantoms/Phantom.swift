import Volumes

/// A digital reference object: a scan and what it was made from.
public struct Phantom: Sendable {
  public let recipe: Recipe
  public let seed: UInt64
  /// Complex echoes with noise, whatever the recipe's export style.
  public let scan: EchoSeries
  public let truth: Truth
  /// Standard deviation of one real channel, in the scan's unit.
  public let noiseSD: Double
  public let fieldStrength: Tesla
  public let imagingFrequency: Hertz
  /// "+" or "-".
  public let precession: String

  public var grid: VoxelGrid { scan.grid }
  /// Where there is tissue, x fastest.
  public var tissue: [Bool] { truth.labels.values.map { $0 != 0 } }
}

/// What the maps of a perfect separation would hold; NaN outside tissue.
public struct Truth: Sendable {
  public let grid: VoxelGrid
  /// F / (W + F), a fraction.
  public var fatFraction: Volume<Float>
  /// R2* of water, 1/s.
  public var r2star: Volume<Float>
  /// Hz, not wrapped.
  public var fieldMap: Volume<Float>
  /// Proton density of water and of fat at TE = 0, in the scan's unit.
  public var water: Volume<Float>
  public var fat: Volume<Float>
  /// Phase of water at TE = 0, rad; before conjugation for precession "-".
  public var initialPhase: Volume<Float>
  /// Raw values of `TissueClass`; 0 is air, lung and gas.
  public var labels: Volume<UInt8>

  init(grid: VoxelGrid) {
    self.grid = grid
    let nothing = Volume<Float>(grid: grid, repeating: .nan)
    fatFraction = nothing
    r2star = nothing
    fieldMap = nothing
    water = nothing
    fat = nothing
    initialPhase = nothing
    labels = Volume(grid: grid, repeating: 0)
  }
}

/// Makes the phantom of a recipe.
///
/// - Parameter seed: of the noise; the recipe's own where nil.
/// - Throws: `recipe-invalid`.
public func make(_ recipe: Recipe, seed: UInt64? = nil) throws(PhantomsError) -> Phantom {
  let simulation = try Simulation(recipe)
  let seed = seed ?? recipe.seed
  let (truth, scan) = simulation.run(seed: seed)
  return Phantom(
    recipe: recipe, seed: seed, scan: scan, truth: truth, noiseSD: simulation.noiseSD,
    fieldStrength: Tesla(recipe.fieldStrengthT), imagingFrequency: simulation.imagingFrequency,
    precession: recipe.precession)
}
