import Faults
import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

/// The alarm on maps in which regions were exchanged on purpose, with no other hint.
@Suite struct SwapAlarmTests {
  @Test(arguments: ["liver-3t", "steep-3t", "three-echo"])
  func silentWhereNothingIsExchanged(_ name: String) throws {
    let phantom = try make(try recipe(name, [80, 80, 12]))
    let maps = try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: .init())
    let check = try #require(maps.method.swapCheck)
    #expect(!maps.notices.contains { $0.code.hasPrefix("swap-") })
    // Body and two arms.
    #expect(check.regions >= 3)
    #expect(check.suspected == 0 && check.ambiguous == 0)
    #expect(try #require(check.worst) < 0.007)
    let flagged = maps.quality.values.count {
      !Quality(rawValue: $0).isDisjoint(with: [.swapSuspected, .ambiguous])
    }
    // Voxels of noise alone.
    #expect(Double(flagged) < 1e-3 * Double(phantom.tissue.count { $0 }), "\(flagged)")
  }

  @Test(arguments: ["liver-3t", "liver-1.5t", "uneven", "three-echo"])
  func findsAnExchangedLiver(_ name: String) throws {
    let phantom = try make(try recipe(name, [80, 80, 12]))
    let liver = phantom.truth.labels.values.indices.filter {
      phantom.truth.labels.values[$0] == UInt8(TissueClass.liver.rawValue)
    }
    var field = phantom.truth.fieldMap
    // Water taken for fat lies at a higher field.
    for i in liver { field.values[i] += Float(3.4 * phantom.imagingFrequency.megahertz) }
    let (regions, ofVoxel, _) = ComplexSeparation.judgeSwaps(
      fieldMap: field, r2star: phantom.truth.r2star, series: phantom.scan,
      frequency: phantom.imagingFrequency, conjugated: phantom.precession == "-",
      noiseSD: phantom.noiseSD, settings: .init())
    #expect(liver.count > 1000)
    func suspected(_ i: Int) -> Bool {
      ofVoxel.values[i] >= 0 && regions[Int(ofVoxel.values[i])].verdict == .suspected
    }
    let found = liver.count { suspected($0) }
    let elsewhere = ofVoxel.values.indices.count { suspected($0) } - found
    #expect(Double(found) > 0.95 * Double(liver.count), "\(found) of \(liver.count)")
    #expect(Double(elsewhere) < 0.1 * Double(liver.count), "\(elsewhere)")
  }

  /// Three echoes with fat in phase with water at each fit half of the islands of pure water or fat either
  /// way, and the alarm says so; of the others R2* tells.
  @Test func saysWhatThreeEchoesCannotDecide() {
    let simulation = SwapSimulation(
      SwapSimulation.inPhase, snr: 60, modelError: 0, seed: 3, pure: true)
    let outcomes = simulation.outcomes()
    #expect(outcomes.count > 40)
    #expect(outcomes.count { $0.verdict == .ambiguous } > outcomes.count / 3)
    #expect(!outcomes.contains { $0.verdict == .right && $0.isSwapped == true })
    #expect(!outcomes.contains { $0.verdict == .suspected && $0.isSwapped == false })
  }

  /// Of regions of 50 voxels and more that over 5 nats decide, those exchanged are found and the
  /// others are not suspected.
  @Test(arguments: SwapSimulation.protocols)
  func decidesLargeRegions(_ example: SwapSimulation.Case) throws {
    let table = Reliability(of: example)
    if Accuracy.isLong { print(table.row(example.name)) }
    #expect(table.large > 20)
    #expect(table.decidedSwapped > 3 && table.decidedRight > 3)
    #expect(Double(table.found) >= 0.95 * Double(table.decidedSwapped))
    #expect(Double(table.falseAlarms) < 0.02 * Double(table.decidedRight))
    // Three echoes decide rarely, more do mostly.
    if example.milliseconds.count > 3 {
      #expect(table.decidedSwapped + table.decidedRight > table.large * 8 / 10)
    }
  }

  /// Regions said to be exchanged with probability p are so in p of the cases.
  @Test func probabilitiesAreThoseOfSimulation() {
    var table = Reliability()
    for example in SwapSimulation.protocols {
      let one = Reliability(of: example)
      if Accuracy.isLong { print(one.reliabilityRow(example.name)) }
      one.expectCalibrated(within: 0.1, example.name)
      table.add(one)
    }
    if Accuracy.isLong { print(table.reliabilityRow("all")) }
    #expect(table.bins.reduce(0) { $0 + $1.count } > 500)
    table.expectCalibrated(within: 0.1, "all")
  }

  /// What three echoes say rests on what tissue is like: islands that are otherwise, and other echoes.
  @Test(arguments: SwapSimulation.threeEchoes)
  func threeEchoesElsewhere(_ example: SwapSimulation.Case) {
    let table = Reliability(of: example)
    if Accuracy.isLong {
      print(table.row(example.name))
      print(table.reliabilityRow(example.name))
    }
    #expect(table.decidedSwapped > 3 && table.decidedRight > 3)
    #expect(Double(table.found) >= 0.95 * Double(table.decidedSwapped))
    #expect(Double(table.falseAlarms) < 0.02 * Double(table.decidedRight))
    // Towards 0 and 1 small regions are judged too surely.
    table.expectCalibrated(within: 0.4, between: 0.05..<0.95, example.name)
  }

  /// Few ambiguous voxels are not warned of; what is says how much, and where to look.
  @Test func warningsSayWhere() throws {
    let grid = VoxelGrid(
      nx: 10, ny: 20, nz: 30, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    func notices(_ voxels: Int, gap: Double) -> [Notice] {
      SwapCheck([
        SwapRegion(voxels: 10_000 - voxels, place: 0, gap: 50),
        SwapRegion(voxels: voxels, place: grid.index(2, 3, 4), gap: gap),
      ]).notices(on: grid)
    }
    #expect(notices(90, gap: 0).isEmpty)
    let open = try #require(notices(250, gap: 0).first)
    #expect(open.code == "swap-ambiguous")
    #expect(open.message.contains("2.5 % of the voxels, 1 region of 250"))
    #expect(open.message.contains("column 3, row 4 of slice 5 of 30"))
    #expect(notices(90, gap: -9).map(\.code) == ["swap-suspected"])
    #expect(notices(19, gap: -9).isEmpty)
  }

  @Test func evidenceIsTheFormula() {
    let region = SwapRegion(voxels: 60, place: 0, gap: 2)
    #expect(abs(region.probability - 1 / (1 + exp(2.0))) < 1e-15)
    #expect(region.verdict == .ambiguous)
    var other = region
    other.gap = 5.1
    #expect(other.verdict == .right)
    other.gap = -5.1
    #expect(other.verdict == .suspected)
    // A border that looks like a swap's weighs half a nat a pair.
    other = region
    other.borderPairs = 20
    #expect(other.margin == -8)
    #expect(other.verdict == .suspected)
  }
}

/// A reliability table, and what is found of large regions.
struct Reliability {
  struct Bin {
    var range: Range<Double>
    var count = 0
    var swapped = 0
    var sum = 0.0
    var meanProbability: Double { sum / Double(max(1, count)) }
    var share: Double { Double(swapped) / Double(max(1, count)) }
  }
  var bins = zip(edges, edges.dropFirst()).map { Bin(range: $0..<$1) }
  /// Regions of 50 voxels and more, those of them that are decided by more than 5 nats.
  var large = 0
  var decidedSwapped = 0
  var decidedRight = 0
  var found = 0
  var falseAlarms = 0
  /// Regions left out, since their map is neither the true nor the exchanged one.
  var neither = 0

  private static let edges = [0, 0.0067, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.9933, 1.0001]

  mutating func add(_ outcomes: [SwapSimulation.Outcome]) {
    for outcome in outcomes {
      guard let isSwapped = outcome.isSwapped else {
        neither += 1
        continue
      }
      if let b = bins.firstIndex(where: { $0.range.contains(outcome.probability) }) {
        bins[b].count += 1
        bins[b].sum += outcome.probability
        if isSwapped { bins[b].swapped += 1 }
      }
      guard outcome.voxels >= 50 else { continue }
      large += 1
      guard outcome.verdict != .ambiguous else { continue }
      let isSuspected = outcome.verdict == .suspected
      if isSwapped {
        decidedSwapped += 1
        if isSuspected { found += 1 }
      } else {
        decidedRight += 1
        if isSuspected { falseAlarms += 1 }
      }
    }
  }

  /// Share and probability of each bin differ by no more than three standard errors of the binomial,
  /// one region, and an excess, smaller towards 0 and 1.
  func expectCalibrated(
    within excess: Double, between bounds: Range<Double> = 0..<2, _ name: String
  ) {
    for bin in bins where bin.count >= 10 && bounds.contains(bin.meanProbability) {
      let (p, n) = (bin.meanProbability, Double(bin.count))
      let tolerance = 3 * (p * (1 - p) / n).squareRoot() + excess * 4 * p * (1 - p)
      #expect(
        abs(bin.share - p) < tolerance + 0.005 + 1 / n,
        "\(name): of \(bin.count) regions said \(p), were \(bin.share)")
    }
  }

  mutating func add(_ other: Reliability) {
    for b in bins.indices {
      bins[b].count += other.bins[b].count
      bins[b].swapped += other.bins[b].swapped
      bins[b].sum += other.bins[b].sum
    }
  }

  /// A row of docs/accuracy.md: probability said, share exchanged, and number of regions by bin.
  func reliabilityRow(_ name: String) -> String {
    let cells = bins.map {
      $0.count == 0
        ? "–" : String(format: "%.3f: %.3f (%d)", $0.meanProbability, $0.share, $0.count)
    }
    return "| \(name) | \(cells.joined(separator: " | ")) |"
  }

  /// A row of docs/accuracy.md: what is decided of large regions.
  func row(_ name: String) -> String {
    "| \(name) | \(large) | \(decidedSwapped + decidedRight) | \(found) of \(decidedSwapped) | "
      + "\(falseAlarms) of \(decidedRight) | \(neither) |"
  }
}

extension Reliability {
  /// A protocol at several SNRs, without and with a model error. Every simulation draws islands and
  /// noise of its own, which no constant of the alarm was chosen on.
  init(of example: SwapSimulation.Case) {
    let isLong = Accuracy.isLong
    var generator = SeededGenerator(
      seed: 20_261_128 + UInt64(example.milliseconds.reduce(0) { $0 + $1 * 1000 }))
    for snr in isLong ? [10.0, 15, 25, 40, 60] : [12, 40] {
      for modelError in isLong ? [0, 0.01] : [0.01] {
        for _ in 0..<(isLong ? 24 : 1) {
          add(
            SwapSimulation(example, snr: snr, modelError: modelError, seed: generator.next())
              .outcomes())
        }
      }
    }
  }
}
