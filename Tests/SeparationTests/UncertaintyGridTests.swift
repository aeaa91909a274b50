import Foundation
import Separation
import Testing
import Volumes

/// A protocol by the name that docs/accuracy.md gives it.
struct NamedEchoes: Sendable, CustomTestStringConvertible {
  let name: String
  let echoes: Echoes
  let tesla: Double
  var testDescription: String { name }

  init(_ name: String, first: Double, step: Double, tesla: Double) {
    self.name = name
    self.tesla = tesla
    echoes = Echoes(milliseconds: evenly(6, from: first, by: step), tesla: tesla)
  }
}

/// `PDFFsd` over the whole range: z-scores of (PDFF - truth) / PDFFsd, vial by vial, through noise
/// estimate, search, field map and fit.
@Suite struct UncertaintyGridTests {
  static let isLong = ProcessInfo.processInfo.environment["PDFF_LONG"] != nil

  /// 4032 voxels of every vial, or 1008.
  static let slices = isLong ? 28 : 7

  static let named = [
    NamedEchoes("3 T, 1.15 n", first: 1.15, step: 1.15, tesla: 3),
    NamedEchoes("1.5 T, 1.2 + 2.0 n", first: 1.2, step: 2, tesla: 1.5),
    NamedEchoes("3 T, 1.2 + 1.0 n", first: 1.2, step: 1, tesla: 3),
  ]

  /// One vial's outcome.
  struct Outcome {
    var cell: Vials.Cell
    /// Cramér-Rao bound on PDFF, points.
    var bound: Double
    /// Robust standard deviations of z: 1.4826 MAD, and half of what lies between the quantiles
    /// 15.87 % and 84.13 %.
    var deviation: Double
    var quantiles: Double
    var median: Double
    /// Share of voxels with the bit `unmeasurable` or without a value.
    var flagged: Double
  }

  /// Standard deviation of PDFF by the Cramér-Rao bound, points: numeric Jacobian, and the gradient
  /// of F / (W + F) along the common phase.
  static func bound(_ echoes: Echoes, _ cell: Vials.Cell, snr: Double) -> Double {
    let f = cell.percent / 100
    let voxel = Voxel(pdff: f, r2star: cell.rate, psi: 0, density: 1, phase: 0)
    let c = echoes.covariance(voxel)
    let variance = f * f * c[0][0] + (1 - f) * (1 - f) * c[2][2] - 2 * f * (1 - f) * c[0][2]
    return 100 * variance.squareRoot() / snr
  }

  static func outcomes(_ named: NamedEchoes, snr: Double) throws -> [Outcome] {
    let vials = Vials(
      echoes: named.echoes, tesla: named.tesla, snr: snr, slices: slices,
      seed: UInt64(snr))
    let maps = try separate(
      complex: vials.series, frequency: vials.frequency, settings: SeparationSettings())
    let sd = try #require(maps.fatFractionSD)
    let members = vials.members()
    return Vials.cells.map { cell in
      let voxels = members[cell] ?? []
      let z = voxels.map {
        (Double(maps.fatFraction.values[$0]) - cell.percent / 100) / Double(sd.values[$0])
      }.filter(\.isFinite).sorted()
      func quantile(_ sorted: [Double], _ share: Double) -> Double {
        sorted.isEmpty ? .nan : sorted[Int(share * Double(sorted.count - 1))]
      }
      let median = quantile(z, 0.5)
      let away = z.map { abs($0 - median) }.sorted()
      let flagged = voxels.count {
        let bits = Quality(rawValue: maps.quality.values[$0])
        return bits.contains(.unmeasurable) || maps.fatFraction.values[$0].isNaN
      }
      return Outcome(
        cell: cell, bound: bound(named.echoes, cell, snr: snr),
        deviation: 1.4826 * quantile(away, 0.5),
        quantiles: (quantile(z, 0.8413) - quantile(z, 0.1587)) / 2, median: median,
        flagged: Double(flagged) / Double(voxels.count))
    }
  }

  /// Points of bound up to which a voxel counts as measurable.
  static let measurable = 5.0

  @Test(arguments: named, isLong ? [10.0, 15, 25, 40, 100] : [10, 100])
  func zScoresAreStandard(_ named: NamedEchoes, _ snr: Double) throws {
    let outcomes = try Self.outcomes(named, snr: snr)
    // 0.1, and what the number of voxels leaves open in a short run: three standard errors of a
    // standard deviation by MAD (1.17 / sqrt(n)) and by these quantiles (1.06 / sqrt(n)).
    let voxels = Double(Vials.edge * Vials.edge * Self.slices)
    let slack = Self.isLong ? 0 : 3 / voxels.squareRoot()
    for o in outcomes where o.bound < Self.measurable {
      let what = "\(named.name), SNR \(snr), \(o.cell), bound \(o.bound)"
      #expect(abs(o.deviation - 1) < 0.1 + 1.17 * slack, "\(what): MAD \(o.deviation)")
      #expect(abs(o.quantiles - 1) < 0.1 + 1.06 * slack, "\(what): quantiles \(o.quantiles)")
      // A voxel's own bound is measured with noise: near 5 points either side is flagged.
      if o.bound < 4 { #expect(o.flagged < 0.1, "\(what): \(o.flagged) flagged") }
    }
    for o in outcomes where o.bound > 1.5 * Self.measurable {
      let what = "\(named.name), SNR \(snr), \(o.cell), bound \(o.bound)"
      #expect(o.flagged > 0.95, "\(what): \(o.flagged) flagged")
    }
    if Self.isLong { print(Self.row(named, snr, outcomes)) }
  }

  /// A row of docs/accuracy.md.
  static func row(_ named: NamedEchoes, _ snr: Double, _ outcomes: [Outcome]) -> String {
    func range(_ values: [Double]) -> String {
      String(format: "%.2f...%.2f", values.min() ?? .nan, values.max() ?? .nan)
    }
    let below = outcomes.filter { $0.bound < measurable }
    let above = outcomes.filter { $0.bound > 1.5 * measurable }
    let least = above.map(\.flagged).min().map { String(format: "%.1f", 100 * $0) } ?? "-"
    return "| \(named.name) | \(Int(snr)) | \(below.count) of \(outcomes.count) | "
      + "\(range(below.map(\.deviation))) | \(range(below.map(\.quantiles))) | "
      + "\(above.count) | \(least) |"
  }
}
