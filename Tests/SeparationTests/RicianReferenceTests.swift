import Foundation
import Separation
import TestSupport
import Testing
import Volumes

/// Both optima of one voxel, and what its truth says of them.
struct TwoOptima {
  var fractions: (Double, Double)
  var costs: (Double, Double)

  /// Whether the likelier optimum is the one farther from the truth, and 20 points from the other.
  func isWrong(truth: Double) -> Bool {
    isWrong(likeliest, truth: truth)
  }

  var likeliest: Double { costs.0 <= costs.1 ? fractions.0 : fractions.1 }

  var leastCost: Double { min(costs.0, costs.1) }
}

/// The protocols that docs/accuracy.md lists for magnitudes.
let magnitudeProtocols: [(name: String, echoes: Echoes, tesla: Double)] = [
  ("3 T, 1.15 n", Echoes(milliseconds: evenly(6, from: 1.15, by: 1.15)), 3),
  ("3 T, 1.2 + 1.6 n", Echoes(milliseconds: evenly(6, from: 1.2, by: 1.6)), 3),
  ("1.5 T, 1.2 + 2.0 n", Echoes(milliseconds: evenly(6, from: 1.2, by: 2), tesla: 1.5), 1.5),
  ("3 T, 0.9 + 0.7 n", Echoes(milliseconds: evenly(6, from: 0.9, by: 0.7)), 3),
  ("3 T, uneven", Echoes(milliseconds: [1.1, 2.1, 3.4, 4.5, 6.1, 7.3]), 3),
  ("3 T, eight of 1.1 + 1.0 n", Echoes(milliseconds: evenly(8, from: 1.1, by: 1)), 3),
]

@Suite struct RicianReferenceTests {
  private struct Request: Encodable {
    var echoTimesS: [Double]
    var fieldStrengthT: Double
    var sigma: Double
    var magnitudes: [[Double]]
  }

  /// Voxelwise, the share on the wrong optimum is at most 1.1 times that of SciPy's two-start fit of
  /// the same voxels, and no likelihood is missed.
  @Test(arguments: Accuracy.isLong ? Array(magnitudeProtocols.indices) : [0, 2, 3])
  func choicesAreNoWorseThanSciPys(_ index: Int) throws {
    let (name, echoes, tesla) = magnitudeProtocols[index]
    let count = Accuracy.isLong ? 1000 : 80
    var random = SeededGenerator(seed: 41 + UInt64(index))
    for snr in Accuracy.isLong ? [12.0, 30, 40, 60] : [12, 30] {
      let sigma = 1000 / snr
      let truths = (0..<count).map { _ in Double.random(in: 0...1, using: &random) }
      let magnitudes = truths.map { pdff -> [Double] in
        let r2star = Double.random(in: 20...120, using: &random)
        return echoes.signal(Voxel(pdff: pdff, r2star: r2star, psi: 0)).map {
          ($0 + random.noise(sigma)).magnitude
        }
      }
      let known = try scipy(
        Request(
          echoTimesS: echoes.times, fieldStrengthT: tesla, sigma: sigma, magnitudes: magnitudes)
      )
      let ours = magnitudes.map { fit($0, echoes, sigma: sigma) }
      let (wrong, wrongKnown) = wrongChoices(ours, known, truths)
      let missed = zip(ours, known).filter { $0.leastCost > $1.leastCost + 0.01 }
      if Accuracy.isLong {
        let percent = 100 / Double(count)
        print(
          "| \(name) | \(Int(snr)) | \(String(format: "%.2f", Double(wrong) * percent)) | "
            + "\(String(format: "%.2f", Double(wrongKnown) * percent)) |")
      }
      #expect(
        Double(wrong) <= 1.1 * Double(wrongKnown), "\(name), SNR \(snr): \(wrong), \(wrongKnown)")
      // Voxels whose likelihood lies more than 0.01 nats below SciPy's.
      #expect(missed.count <= count / 100, "\(name), SNR \(snr): \(missed)")
    }
  }

  /// Medians over 8,000 voxels of one PDFF, decided by the whole separation. Points.
  @Test func mediansAreUnbiasedAtSNR30() throws {
    let echoes = magnitudeProtocols[0].echoes
    let percents = [2.0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    let (side, edge) = (20, 2)
    let (width, depth) = (side + 2 * edge, (side + edge) * percents.count + edge)
    let grid = VoxelGrid(
      nx: width, ny: width, nz: depth,
      affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
    var random = SeededGenerator(seed: 17)
    var magnitude = [Float](repeating: 0, count: grid.count * echoes.times.count)
    var block = [Int?](repeating: nil, count: grid.count)
    for i in 0..<grid.count {
      let (x, y, z) = (i % width, i / width % width, i / (width * width))
      let place = z / (side + edge)
      let inside = [x, y].allSatisfy { $0 >= edge && $0 < edge + side }
      block[i] = inside && z % (side + edge) >= edge && place < percents.count ? place : nil
      let signal = block[i].map {
        echoes.signal(Voxel(pdff: percents[$0] / 100, r2star: 45, psi: 0))
      }
      for k in echoes.times.indices {
        let clean = signal?[k] ?? Complex(0)
        magnitude[k * grid.count + i] = Float((clean + random.noise(1000 / 30)).magnitude)
      }
    }
    let maps = try separate(
      magnitude: MagnitudeSeries(
        grid: grid, echoTimes: echoes.times.map { Seconds($0) }, magnitude: magnitude),
      frequency: larmorFrequency(at: Tesla(3)), settings: SeparationSettings())
    for (place, percent) in percents.enumerated() {
      let values = block.indices.filter { block[$0] == place }
        .map { 100 * Double(maps.fatFraction.values[$0]) }.sorted()
      let bias = values[values.count / 2] - percent
      if Accuracy.isLong { print("| \(Int(percent)) | \(String(format: "%.2f", bias)) |") }
      #expect(values.count == 8000 && abs(bias) < 0.3, "\(percent) %: \(bias)")
    }
  }

  /// How many likeliest optima of the one and of the other fit lie over 20 points from the optimum
  /// that is nearest to the truth, whichever fit found it.
  private func wrongChoices(_ a: [TwoOptima], _ b: [TwoOptima], _ truths: [Double]) -> (Int, Int) {
    var wrong = (0, 0)
    for ((a, b), truth) in zip(zip(a, b), truths) {
      let all = [a.fractions.0, a.fractions.1, b.fractions.0, b.fractions.1]
      let right = all.min { abs($0 - truth) < abs($1 - truth) }!
      wrong.0 += abs(a.likeliest - right) > 0.2 ? 1 : 0
      wrong.1 += abs(b.likeliest - right) > 0.2 ? 1 : 0
    }
    return wrong
  }

  private func scipy(_ request: Request) throws -> [TwoOptima] {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("magnitudes.json")
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    try encoder.encode(request).write(to: file)
    let output = try Tools.reference("rician", [file.path])
    return try JSONDecoder().decode([[Double]].self, from: Data(output.utf8)).map {
      TwoOptima(fractions: ($0[0], $0[2]), costs: ($0[1], $0[3]))
    }
  }

  private func fit(_ magnitudes: [Double], _ echoes: Echoes, sigma: Double) -> TwoOptima {
    let both = twoFits(magnitudes.map { Float($0) }, FlatProtocol(echoes.plan), sigma: sigma)
    return TwoOptima(
      fractions: (both[0].fraction, both[1].fraction), costs: (both[0].cost, both[1].cost))
  }
}

/// The fits from the water-rich and from the fat-rich start.
func twoFits(_ magnitudes: [Float], _ plan: FlatProtocol, sigma: Double) -> [RicianFit] {
  [false, true].map { fatRich in
    magnitudes.withUnsafeBufferPointer {
      RicianFit($0, plan, sigma: sigma, fatRich: fatRich, r2starMaximum: 1500)
    }
  }
}

extension SeededGenerator {
  /// Complex noise, `sd` a channel (Box and Muller).
  mutating func noise(_ sd: Double) -> Complex {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return Complex(phase: 2 * .pi * Double.random(in: 0..<1, using: &self)) * (sd * radius)
  }
}
