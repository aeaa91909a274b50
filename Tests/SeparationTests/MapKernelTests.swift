import Foundation
import KernelTypes
import Separation
import TestSupport
import Testing
import Volumes

/// The vector loop of the maps against the scalar form in double precision.
@Suite struct MapKernelTests {
  /// A block of fits with water and fat of random size and phase, and a covariance that can be.
  private static func block(seed: UInt64, inPhase: Bool, scale: Double) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    var rows = [Float](repeating: 0, count: FitRow.allCases.count * laneCount)
    for lane in 0..<laneCount {
      func put(_ row: FitRow, _ value: Double) {
        rows[row.rawValue * laneCount + lane] = Float(value)
      }
      let fraction = Double.random(in: 0...1, using: &generator)
      let phase = Double.random(in: 0..<(2 * .pi), using: &generator)
      let between = inPhase ? Double.random(in: -0.02...0.02, using: &generator) : 1
      let water = Complex(phase: phase) * ((1 - fraction) * scale)
      let fat = Complex(phase: phase + between) * (fraction * scale)
      put(.waterReal, water.re)
      put(.waterImaginary, water.im)
      put(.fatReal, fat.re)
      put(.fatImaginary, fat.im)
      put(.fieldMap, Double.random(in: -200...200, using: &generator))
      put(.r2star, Double.random(in: 0...900, using: &generator))
      put(.residual, Double.random(in: 0...0.04, using: &generator) * scale * scale)
      put(.converged, Double(lane % 2))
      let (c11, c22) = (
        Double.random(in: 0.5...3, using: &generator), Double.random(in: 0.5...3, using: &generator)
      )
      let cross =
        Complex(phase: Double.random(in: 0..<6, using: &generator))
        * (0.6 * (c11 * c22).squareRoot())
      put(.varianceWater, c11)
      put(.varianceFat, c22)
      put(.covarianceReal, cross.re)
      put(.covarianceImaginary, cross.im)
    }
    return rows
  }

  private static func plan(noise: Double) -> MapPlan {
    var plan = MapPlan()
    plan.noiseVariance = Float(noise * noise)
    plan.r2starMaximum = 800
    plan.poorResidual = Float(30 * noise * noise)
    plan.notConverged = 1
    plan.r2starAtBound = 2
    plan.phasesDiffer = 4
    plan.unmeasurable = 8
    plan.poorFit = 16
    return plan
  }

  /// Single precision: fractions to 2e-6, deviations to 1e-4 of themselves, over ten decades of scale.
  @Test(arguments: Kernels.available.map(\.name), [1e-5, 1, 1e5])
  func equalsTheScalarForm(_ name: String, _ scale: Double) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    let noise = 0.01 * scale
    for seed in 0..<40 {
      let fits = Self.block(seed: UInt64(seed), inPhase: seed % 2 == 0, scale: scale)
      var maps = [Float](repeating: 0, count: MapRow.allCases.count * laneCount)
      var bits = [Int32](repeating: 0, count: laneCount)
      kernels.fatFractions(fits, Self.plan(noise: noise), &maps, &bits)
      for lane in 0..<laneCount {
        func fit(_ row: FitRow) -> Double { Double(fits[row.rawValue * laneCount + lane]) }
        func map(_ row: MapRow) -> Double { Double(maps[row.rawValue * laneCount + lane]) }
        let water = SIMD2(fit(.waterReal), fit(.waterImaginary))
        let fat = SIMD2(fit(.fatReal), fit(.fatImaginary))
        let square = noise * noise
        let expected = VoxelFatFraction(
          water: water, fat: fat,
          covariance: (
            fit(.varianceWater) * square, fit(.varianceFat) * square,
            SIMD2(fit(.covarianceReal), fit(.covarianceImaginary)) * square
          ))
        #expect(abs(map(.fatFraction) - expected.value) < 2e-6)
        #expect(abs(map(.fatFractionSD) / expected.standardDeviation - 1) < 1e-4)
        #expect(abs(map(.water) / (water * water).sum().squareRoot() - 1) < 1e-6)
        #expect(abs(map(.fat) / (fat * fat).sum().squareRoot() - 1) < 1e-6)
        #expect(map(.fieldMap) == fit(.fieldMap) && map(.r2star) == fit(.r2star))
        let unexplained = fit(.residual) - 30 * square
        let poor = unexplained > 0.01 * ((water * water).sum() + (fat * fat).sum())
        let flags: [(Int32, Bool)] = [
          (1, lane % 2 == 0), (2, fit(.r2star) >= 800), (4, expected.phasesDiffer),
          (8, expected.standardDeviation >= 0.05), (16, poor),
        ]
        for (bit, isSet) in flags {
          #expect((bits[lane] & bit != 0) == isSet, "bit \(bit), seed \(seed), lane \(lane)")
        }
      }
    }
  }

  /// Nothing in a voxel gives no number, and no trap.
  @Test func emptyVoxelsSayNothing() {
    let fits = [Float](repeating: 0, count: FitRow.allCases.count * laneCount)
    var maps = [Float](repeating: 0, count: MapRow.allCases.count * laneCount)
    var bits = [Int32](repeating: 0, count: laneCount)
    Kernels.best.fatFractions(fits, Self.plan(noise: 1), &maps, &bits)
    #expect(bits.allSatisfy { $0 & 1 != 0 })
    #expect(maps[MapRow.water.rawValue * laneCount] == 0)
  }
}

/// The costs that the field map's inference sums, against their formulas in double precision.
@Suite struct FieldCostTests {
  static let count = 64

  @Test(arguments: Kernels.available.map(\.name))
  func ownCostsEqualTheFormula(_ name: String) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    var generator = SeededGenerator(seed: 11)
    let search = tables(protocols[2], noise: 3, modelError: 0.02).search
    let plan = EvidencePlan()
    var candidates = [Float](repeating: 0, count: Self.count * 12)
    var energies = [Float](repeating: 0, count: Self.count)
    for i in 0..<Self.count {
      energies[i] = Float.random(in: 10...1e6, using: &generator)
      for k in 0..<4 { candidates[i * 12 + 4 + k] = Float.random(in: 0...80, using: &generator) }
      if i % 5 == 0 { candidates[i * 12 + 7] = 1e5 }
    }
    let phases = (0..<Self.count * 4).map { _ in Float.random(in: 0...9, using: &generator) }
    var own = phases
    for block in 0..<(Self.count / laneCount) {
      kernels.ownCosts(block, candidates, energies, search, plan, &own)
    }
    for i in 0..<Self.count {
      let costs = (0..<4).map { Double(candidates[i * 12 + 4 + $0] + phases[i * 4 + $0]) }
      let best = costs.min() ?? 0
      let energy = Double(energies[i])
      let variance = 9 + 0.0004 * energy / 6
      let share = 2 * best * variance / energy
      for k in 0..<4 {
        let nats = (4 + 12) / 2 * log((2 + costs[k]) / (2 + best))
        let expected = costs[k] > 9e4 ? 1e4 : min(12, nats) / (1 + share / 0.002)
        // Single precision of a logarithm, times eight.
        #expect(abs(Double(own[i * 4 + k]) - expected) < 1e-5 * max(1, expected))
      }
    }
  }

  /// Against the distance from the cone by its angle.
  @Test(arguments: Kernels.available.map(\.name))
  func phaseCostsEqualTheFormula(_ name: String) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    var generator = SeededGenerator(seed: 13)
    let search = tables(protocols[2], noise: 3, modelError: 0.02).search
    let plan = EvidencePlan()
    let rows = FitRow.allCases.count * laneCount
    var fits = (0..<candidateCount * rows).map { _ in
      Float.random(in: -40...40, using: &generator)
    }
    for k in 0..<candidateCount {
      for row in [FitRow.varianceWater, .varianceFat] {
        for lane in 0..<laneCount {
          fits[k * rows + row.rawValue * laneCount + lane] = Float.random(
            in: 0.5...9, using: &generator)
        }
      }
      // Pure water.
      fits[k * rows + FitRow.fatReal.rawValue * laneCount] = 0
      fits[k * rows + FitRow.fatImaginary.rawValue * laneCount] = 0
    }
    let energies = (0..<laneCount).map { _ in Float.random(in: 10...1e5, using: &generator) }
    var costs = [Float](repeating: -1, count: laneCount * candidateCount)
    costs.withUnsafeMutableBufferPointer { costs in
      guard let costs = costs.baseAddress else { return }
      for k in 0..<candidateCount {
        kernels.phaseCosts(Array(fits[(k * rows)...]), energies, search, plan, costs + k)
      }
    }
    var isFree = 0
    for k in 0..<candidateCount {
      for lane in 0..<laneCount {
        func row(_ row: FitRow) -> Double {
          Double(fits[k * rows + row.rawValue * laneCount + lane])
        }
        let w = SIMD2(row(.waterReal), row(.waterImaginary))
        let f = SIMD2(row(.fatReal), row(.fatImaginary))
        let isWater = (w * w).sum() > (f * f).sum()
        let lesser = (isWater ? f * f : w * w).sum().squareRoot()
        let angle = abs(atan2(f.y * w.x - f.x * w.y, (f * w).sum()))
        let beyond = max(0, min(angle - Double(plan.phaseAngle), .pi / 2))
        let variance =
          (isWater ? row(.varianceFat) : row(.varianceWater))
          * (9 + 0.0004 * Double(energies[lane]) / 6)
        let expected = pow(lesser * sin(beyond), 2) / variance
        if expected == 0 { isFree += 1 }
        let cost = Double(costs[lane * candidateCount + k])
        #expect(abs(cost - expected) < 1e-4 * max(1, expected), "lane \(lane), candidate \(k)")
      }
    }
    #expect(isFree > candidateCount && isFree < laneCount * candidateCount / 2)
  }

  @Test(arguments: Kernels.available.map(\.name))
  func pairWeightsEqualTheFormula(_ name: String) throws {
    let kernels = try #require(Kernels.available.first { $0.name == name })
    var generator = SeededGenerator(seed: 12)
    var plan = EvidencePlan()
    plan.fullBrightness = 500
    plan.closeness = [0.75, 1, 0.25]
    let brightness = (0..<Self.count).map { _ in
      Float(exp(Double.random(in: 4...8, using: &generator)))
    }
    // A chain along x and along z: the last has no neighbour, and there are none along y.
    var neighbours = [Int32](repeating: -1, count: Self.count * 6)
    for i in 0..<(Self.count - 1) {
      neighbours[i * 6 + 1] = Int32(i + 1)
      neighbours[i * 6 + 5] = Int32(i + 1)
    }
    var contrast = [Float](repeating: 0, count: Self.count)
    for block in 0..<(Self.count / laneCount) {
      kernels.contrasts(block, brightness, plan, &contrast)
    }
    var weights = [Float](repeating: -1, count: Self.count * 3)
    kernels.pairWeights(0..<Self.count, neighbours, brightness, contrast, plan, &weights)
    for i in 0..<(Self.count - 1) {
      let (a, b) = (Double(brightness[i]), Double(brightness[i + 1]))
      let contrast = log(a / b) / 2 / 0.3
      let expected = min(1, min(a, b) / 500) * exp(-contrast * contrast / 2)
      #expect(abs(Double(weights[i * 3]) - 0.75 * expected) < 3e-6, "voxel \(i)")
      #expect(abs(Double(weights[i * 3 + 2]) - 0.25 * expected) < 3e-6, "voxel \(i)")
    }
  }
}
