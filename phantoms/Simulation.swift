import Dispatch
import Volumes

/// One recipe, ready to be simulated slice by slice.
struct Simulation: Sendable {
  let recipe: Recipe
  let grid: VoxelGrid
  let anatomy: Anatomy
  let imagingFrequency: Hertz
  let noiseSD: Double
  private let equation: SignalEquation
  private var field: FieldModel

  init(_ recipe: Recipe) throws(PhantomsError) {
    let spectrum = try recipe.checked()
    self.recipe = recipe
    grid = recipe.grid
    anatomy = Anatomy(arms: recipe.arms)
    imagingFrequency = larmorFrequency(at: Tesla(recipe.fieldStrengthT))
    noiseSD = recipe.snr > 0 ? (recipe.tissues["liver"]?.density ?? 0) / recipe.snr : 0
    equation = SignalEquation(
      recipe: recipe, spectrum: spectrum, imagingFrequency: imagingFrequency.value)
    let fov = recipe.fieldOfViewMm
    field = FieldModel(recipe: recipe.field, half: SIMD3(fov[0], fov[1], fov[2]) / 2)
    field.dipoleHz = dipoleStrength()
  }

  /// The factor on the unit dipoles with which their steepest step between two neighbouring
  /// voxels of tissue is the recipe's.
  private func dipoleStrength() -> Double {
    guard recipe.field.steepestHzPerVoxel > 0 else { return 0 }
    let steps = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    let steepest = perSlice(grid.nz, initial: 0.0) { z in
      var most = 0.0
      for y in 0..<grid.ny {
        for x in 0..<grid.nx {
          let index = SIMD3(Double(x), Double(y), Double(z))
          let here = grid.affine.apply(index)
          let tissue = anatomy.tissue(at: here)
          guard tissue != .none, tissue.arm == 0 else { continue }
          for step in steps {
            let there = grid.affine.apply(index + step)
            guard anatomy.tissue(at: there) != .none else { continue }
            most = max(most, abs(field.unitDipoles(there) - field.unitDipoles(here)))
          }
        }
      }
      return most
    }
    let most = steepest.reduce(0, max)
    return most > 0 ? recipe.field.steepestHzPerVoxel / most : 0
  }

  /// What lies at a point, mm.
  func spins(at point: SIMD3<Double>) -> Spins {
    let tissue = anatomy.tissue(at: point)
    guard tissue != .none, let material = recipe.tissues[tissue.recipeKey] else { return Spins() }
    let fraction =
      Anatomy.value(in: material.pdffPercent, of: tissue, at: point, alongY: false) / 100
    // Rounded to Float first, so that the written truth is what was simulated.
    func single(_ value: Double) -> Double { Double(Float(value)) }
    return Spins(
      tissue: tissue,
      water: single(material.density * (1 - fraction)),
      fat: single(material.density * fraction),
      r2star: single(
        Anatomy.value(in: material.r2starPerS, of: tissue, at: point, alongY: true)),
      field: single(field.hertz(point, tissue: tissue)),
      phase: single(field.initialPhase(point)),
      waterT1: material.waterT1Ms / 1000)
  }

  /// Simulates every slice, in parallel.
  func run(seed: UInt64) -> (Truth, EchoSeries) {
    let echoes = equation.times.count
    let plane = grid.nx * grid.ny
    var truth = Truth(grid: grid)
    var real = [Float](repeating: 0, count: grid.count * echoes)
    var imaginary = real
    let slices = perSlice(grid.nz, initial: SliceOfPhantom()) { z in
      slice(z, seed: seed)
    }
    for (z, slice) in slices.enumerated() {
      let place = z * plane..<(z + 1) * plane
      truth.fatFraction.values.replaceSubrange(place, with: slice.fatFraction)
      truth.r2star.values.replaceSubrange(place, with: slice.r2star)
      truth.fieldMap.values.replaceSubrange(place, with: slice.fieldMap)
      truth.water.values.replaceSubrange(place, with: slice.water)
      truth.fat.values.replaceSubrange(place, with: slice.fat)
      truth.initialPhase.values.replaceSubrange(place, with: slice.initialPhase)
      truth.labels.values.replaceSubrange(place, with: slice.labels)
      for echo in 0..<echoes {
        let from = echo * plane..<(echo + 1) * plane
        let to = (echo * grid.nz + z) * plane..<(echo * grid.nz + z + 1) * plane
        real.replaceSubrange(to, with: slice.real[from])
        imaginary.replaceSubrange(to, with: slice.imaginary[from])
      }
    }
    let scan = EchoSeries(
      grid: grid, echoTimes: equation.times.map { Seconds($0) }, real: real,
      imaginary: imaginary)
    return (truth, scan)
  }

  /// One slice: truth and signal of every voxel, then noise, echo by echo.
  private func slice(_ z: Int, seed: UInt64) -> SliceOfPhantom {
    let plane = grid.nx * grid.ny
    let echoes = equation.times.count
    var slice = SliceOfPhantom(voxels: plane, echoes: echoes)
    for voxel in 0..<plane {
      let parts = subvoxels(voxel % grid.nx, voxel / grid.nx, z)
      guard parts.contains(where: { $0.spins.tissue != .none }) else { continue }
      slice.record(parts.map(\.spins), voxel: voxel)
      for echo in 0..<echoes {
        var sum = SIMD2<Double>(0, 0)
        for part in parts { sum += equation.signal(part.spins, echo: echo, x: part.x) }
        sum /= Double(parts.count)
        slice.real[echo * plane + voxel] = Float(sum.x)
        slice.imaginary[echo * plane + voxel] = Float(sum.y)
      }
    }
    guard noiseSD > 0 else { return slice }
    var noise = NoiseGenerator(seed: seed, slice: z)
    for place in 0..<plane * echoes {
      let pair = noise.pair() * noiseSD
      slice.real[place] += Float(pair.x)
      slice.imaginary[place] += Float(pair.y)
    }
    return slice
  }

  /// The points whose signals a voxel averages: its centre, or a square of sub-voxels in plane.
  private func subvoxels(_ x: Int, _ y: Int, _ z: Int) -> [(spins: Spins, x: Double)] {
    let n = recipe.departures.oversampling
    return (0..<n * n).map { part in
      let offset = SIMD2(Double(part % n), Double(part / n))
      let inPlane = (offset + 0.5) / Double(n) - 0.5
      let point = grid.affine.apply(
        SIMD3(Double(x) + inPlane.x, Double(y) + inPlane.y, Double(z)))
      return (spins(at: point), point.x)
    }
  }
}

/// Runs `body` for every slice on all cores and returns the results in slice order.
func perSlice<Result: Sendable>(
  _ count: Int, initial: Result, _ body: @Sendable (Int) -> Result
) -> [Result] {
  var results = [Result](repeating: initial, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let place = buffer
    DispatchQueue.concurrentPerform(iterations: count) { place[$0] = body($0) }
  }
  return results
}
