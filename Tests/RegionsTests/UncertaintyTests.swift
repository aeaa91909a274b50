import Foundation
import Regions
import TestSupport
import Testing
import Volumes

/// The noise of a region's mean and median, and what another contour would change.
struct UncertaintyTests {
  let grid = upright(24, 20, 4, spacing: SIMD3(2, 2, 5))

  /// A blob of voxels of an irregular shape.
  private func blob(on grid: VoxelGrid) -> Region {
    let voxels = (0..<grid.count).filter { i in
      let (x, y, z) = (i % grid.nx, i / grid.nx % grid.ny, i / (grid.nx * grid.ny))
      let (u, v) = (Double(x) - 11.3, Double(y) - 9.1)
      return z > 0 && z < 3 && u * u / 30 + v * v / 14 + 0.03 * u * v < 1
    }
    return Region(label: 1, name: "tumour", grid: grid, voxels: voxels)
  }

  private func uncertainty(
    _ region: Region, _ values: [Float], sd: [Float], _ correlation: NoiseCorrelation = .none,
    options: MeasurementOptions = MeasurementOptions()
  ) throws -> RegionUncertainty {
    let grid = region.grid
    return try measure(
      RegionSet(grid: grid, regions: [region]), fatFraction: Volume(grid: grid, values: values),
      quality: Volume(grid: grid, repeating: 0),
      noise: MapNoise(
        standardDeviation: Volume(grid: grid, values: sd), correlation: correlation),
      options: options
    ).regions[0].uncertainty
  }

  /// Tolerance: rounding. Against the double sum over all pairs.
  @Test func noiseOfTheMeanIsTheDoubleSum() throws {
    let region = blob(on: grid)
    var random = SeededGenerator(seed: 5)
    let sd = (0..<grid.count).map { _ in Float.random(in: 0.01...0.05, using: &random) }
    let values = [Float](repeating: 0.05, count: grid.count)
    let correlation = NoiseCorrelation(x: [0.6, 0, -0.2, 0.1], y: [0.3], z: [0.25])
    func rho(_ a: Int, _ b: Int) -> Double {
      let d = [
        abs(a % 24 - b % 24), abs(a / 24 % 20 - b / 24 % 20), abs(a / 480 - b / 480),
      ]
      return zip(d, correlation.axes).reduce(1.0) { product, axis in
        axis.0 == 0 ? product : axis.0 <= axis.1.count ? product * axis.1[axis.0 - 1] : 0
      }
    }
    let n = Double(region.voxels.count)
    var (alone, together) = (0.0, 0.0)
    for i in region.voxels {
      alone += Double(sd[i]) * Double(sd[i])
      for j in region.voxels { together += rho(i, j) * Double(sd[i]) * Double(sd[j]) }
    }
    let white = try uncertainty(region, values, sd: sd)
    let coloured = try uncertainty(region, values, sd: sd, correlation)
    #expect(abs((white.mean.noise?.value ?? 0) / (alone.squareRoot() / n) - 1) < 1e-12)
    #expect(abs((coloured.mean.noise?.value ?? 0) / (together.squareRoot() / n) - 1) < 1e-12)
    #expect(together > 2 * alone)
  }

  /// A voxel without a known standard deviation counts as the others; too few known, and nothing is.
  @Test func unknownDeviations() throws {
    let region = Region(label: 1, name: "r", grid: grid, voxels: [0, 1, 2, 3])
    let values = [Float](repeating: 0.05, count: grid.count)
    var sd = [Float](repeating: 0.02, count: grid.count)
    sd[1] = .nan
    sd[2] = .nan
    #expect(abs((try uncertainty(region, values, sd: sd).mean.noise?.value ?? 0) - 0.01) < 1e-9)
    sd[3] = .nan
    let unknown = try uncertainty(region, values, sd: sd)
    #expect(unknown.mean.noise == nil && unknown.median.noise == nil && unknown.mean.total == nil)
  }

  /// A bound that runs to infinity counts as 50 points, or as far as the value itself lies away.
  /// Tolerance: single precision.
  @Test func boundsWithoutEndAreHeld() throws {
    let region = Region(label: 1, name: "r", grid: grid, voxels: [0, 1, 2, 3])
    var values = [Float](repeating: 0.05, count: grid.count)
    var sd = [Float](repeating: 0, count: grid.count)
    for bound in [1e12, Float.infinity] {
      sd[1] = bound
      values[1] = 0.05
      let usual = try uncertainty(region, values, sd: sd).mean.noise?.value ?? 0
      #expect(abs(usual - 0.5 / 4) < 1e-6)
      values[1] = 9.05
      let far = try uncertainty(region, values, sd: sd).mean.noise?.value ?? 0
      #expect(abs(far - 9.0 / 4) < 1e-6)
    }
  }

  /// What noise does to mean and median when it is drawn anew over the same tissue, against what one
  /// draw says of itself. Tolerance: 12 %, three standard errors of a standard deviation from 350
  /// draws (3.8 %).
  @Test(arguments: [0.0, 0.01, 0.05], [false, true])
  func noiseIsWhatDrawingItAgainDoes(spread: Double, correlated: Bool) throws {
    let region = blob(on: grid)
    var random = SeededGenerator(seed: UInt64(1000 * spread) + (correlated ? 1 : 0))
    let tissue = (0..<grid.count).map { _ in 0.08 + spread * normal(&random) }
    let sd = (0..<grid.count).map { i in Float(i % 3 == 0 ? 0.03 : 0.015) }
    // Neighbours' mean in x and y: correlations 2/3 and 1/3, 1/2.
    let correlation =
      correlated ? NoiseCorrelation(x: [2.0 / 3, 1.0 / 3], y: [0.5]) : .none
    var (means, medians, said) = ([Double](), [Double](), SIMD2<Double>())
    let draws = 350
    for _ in 0..<draws {
      let noise = noise(&random, correlated: correlated)
      let values = (0..<grid.count).map { Float(tissue[$0] + Double(sd[$0]) * noise[$0]) }
      let inside = region.voxels.map { values[$0] }.sorted()
      means.append(inside.reduce(0.0) { $0 + Double($1) } / Double(inside.count))
      medians.append(Double(inside[inside.count / 2] + inside[(inside.count - 1) / 2]) / 2)
      let uncertainty = try uncertainty(region, values, sd: sd, correlation)
      let (mean, median) = (uncertainty.mean.noise?.value, uncertainty.median.noise?.value)
      said += SIMD2(try #require(mean), try #require(median)) / Double(draws)
    }
    #expect(abs(deviation(means) / said.x - 1) < 0.12, "mean \(deviation(means) / said.x)")
    #expect(abs(deviation(medians) / said.y - 1) < 0.12, "median \(deviation(medians) / said.y)")
  }

  private func normal(_ random: inout SeededGenerator) -> Double {
    let u = Double.random(in: Double.leastNormalMagnitude..<1, using: &random)
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }

  private func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1))
      .squareRoot()
  }

  private func noise(_ random: inout SeededGenerator, correlated: Bool) -> [Double] {
    let white = (0..<grid.count).map { _ in normal(&random) }
    guard correlated else { return white }
    return (0..<grid.count).map { i in
      let (x, y) = (i % grid.nx, i / grid.nx % grid.ny)
      let rows = y + 1 < grid.ny ? [i, i + grid.nx] : [i, i - (grid.ny - 1) * grid.nx]
      let sum = rows.reduce(0.0) { sum, row in
        sum + (0..<3).reduce(0.0) { $0 + white[row - x + (x + $1) % grid.nx] }
      }
      return sum / 6.0.squareRoot()
    }
  }

  /// PDFF that grows by g a voxel outwards from a long straight contour: the mean of a strip moves by
  /// half a step either way. Tolerance: single precision.
  @Test func redrawingIsTheSpreadOfThreeContours() throws {
    let strip = (0..<grid.count).filter { (8..<16).contains($0 % grid.nx) }
    let region = Region(label: 1, name: "strip", grid: grid, voxels: strip)
    let values = (0..<grid.count).map { Float(0.05 + 0.01 * abs(Double($0 % grid.nx) - 11.5)) }
    let sd = [Float](repeating: 0, count: grid.count)
    // Half widths 3, 4, 5 voxels: means 5 + 1.5, 2.0, 2.5 %.
    let said = try uncertainty(region, values, sd: sd)
    #expect(abs((said.mean.redrawing?.value ?? 0) - 0.005) < 1e-7)
    #expect(abs((said.median.redrawing?.value ?? 0) - 0.005) < 1e-7)
    #expect(said.mean.noise?.value == 0 && said.mean.total == said.mean.redrawing)
  }

  /// Homogeneous tissue: the three contours differ by noise alone, and that is not counted again.
  /// Tolerance: what is left is below the noise in the root mean square over 60 draws.
  @Test func redrawingDoesNotCountNoiseAgain() throws {
    let region = blob(on: grid)
    var random = SeededGenerator(seed: 77)
    let sd = [Float](repeating: 0.02, count: grid.count)
    var (left, noise) = (0.0, 0.0)
    for _ in 0..<60 {
      let values = (0..<grid.count).map { _ in Float(0.1 + 0.02 * normal(&random)) }
      let said = try uncertainty(region, values, sd: sd)
      left += pow(said.mean.redrawing?.value ?? .nan, 2) / 60
      noise += pow(said.mean.noise?.value ?? .nan, 2) / 60
    }
    #expect(left < 0.5 * noise, "\(left / noise)")
  }

  /// A region one voxel thin can't shrink, one in nothing can't grow; one that can do neither has no
  /// re-drawing and no total.
  @Test func thinRegionsAndEmptySurroundings() throws {
    let sd = [Float](repeating: 0, count: grid.count)
    let values = (0..<grid.count).map { Float($0 % grid.nx == 10 ? 0.04 : 0.1) }
    let line = (0..<grid.count).filter { $0 % grid.nx == 10 }
    let thin = Region(label: 1, name: "thin", grid: grid, voxels: line)
    // Only outwards: (4 + 2 x 10) / 3 - 4 = 4 points.
    let grown = try uncertainty(thin, values, sd: sd).mean.redrawing
    #expect(abs((grown?.value ?? 0) - 0.04) < 1e-7)
    let alone = values.indices.map { line.contains($0) ? values[$0] : .nan }
    #expect(try uncertainty(thin, alone, sd: sd).mean.redrawing == nil)
    #expect(try uncertainty(thin, alone, sd: sd).mean.total == nil)
    let strip = (0..<grid.count).filter { (8..<13).contains($0 % grid.nx) }
    let wide = Region(label: 1, name: "wide", grid: grid, voxels: strip)
    let inside = values.indices.map { strip.contains($0) ? values[$0] : .nan }
    // Only inwards: 8.8 to 8 %.
    let shrunk = try uncertainty(wide, inside, sd: sd).mean.redrawing
    #expect(abs((shrunk?.value ?? 0) - 0.008) < 1e-7)
  }

  /// What is excluded stays excluded in the redrawn regions.
  @Test func redrawingRespectsExclusions() throws {
    let strip = (0..<grid.count).filter { (8..<16).contains($0 % grid.nx) }
    let region = Region(label: 1, name: "strip", grid: grid, voxels: strip)
    let values = (0..<grid.count).map { Float($0 % grid.nx == 16 ? 0.9 : 0.05) }
    let rates = (0..<grid.count).map { Float($0 % grid.nx == 16 ? 500 : 40) }
    let result = try measure(
      RegionSet(grid: grid, regions: [region]), fatFraction: Volume(grid: grid, values: values),
      r2star: Volume(grid: grid, values: rates), quality: Volume(grid: grid, repeating: 0),
      options: MeasurementOptions(r2starMaximum: PerSecond(100)))
    #expect(result.regions[0].uncertainty.mean.redrawing?.value == 0)
    #expect(result.regions[0].uncertainty.mean.noise == nil)
  }

  /// Contours move across slices only where those are not over twice as thick as voxels are wide.
  @Test func contoursMoveAlongFineAxes() {
    func voxels(_ spacing: SIMD3<Double>) -> Int {
      let grid = upright(5, 5, 5, spacing: spacing)
      return Region(label: 1, name: "r", grid: grid, voxels: [62])
        .dilatedByOneVoxel(.finest(of: grid)).voxels.count
    }
    #expect(voxels(SIMD3(1.5, 1.5, 1.5)) == 7)
    #expect(voxels(SIMD3(1.5, 1.5, 3)) == 7)
    #expect(voxels(SIMD3(1.5, 1.5, 5)) == 5)
    #expect(voxels(SIMD3(5, 1.5, 1.5)) == 5)
  }

  /// A stated repeatability stands for noise and re-drawing; the ledger comes on top. Tolerance:
  /// rounding.
  @Test func totalsAddInSquares() {
    func points(_ value: Double) -> FatFraction { FatFraction(percent: value) }
    var parts = StandardUncertainty(noise: points(3), redrawing: points(4))
    #expect(abs((parts.total?.percent ?? 0) - 5) < 1e-12)
    parts.ledger = points(12)
    #expect(abs((parts.total?.percent ?? 0) - 13) < 1e-12)
    parts.repeatability = points(5)
    #expect(abs((parts.total?.percent ?? 0) - 13) < 1e-12)
    #expect(StandardUncertainty(noise: points(3)).total == nil)
    #expect(
      abs(RepeatabilityCoefficient(points(2.99)).withinSubject.percent - 1.0794) < 1e-4)
  }
}
