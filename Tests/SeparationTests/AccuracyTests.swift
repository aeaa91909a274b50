import Foundation
import Phantoms
import Separation
import TestSupport
import Testing
import Volumes

/// Errors of one region in percentage points.
struct RegionErrors: Decodable {
  var voxels: Int
  var medianAbs: Double
  var bias: Double
  var standardError: Double
  var missed20Percent: Double
}

/// What `floor.py` prints.
struct Floor: Decodable {
  struct Region: Decodable {
    var name: String
    var pdffPoints: RegionErrors
  }
  var allTissue: Region
  var regions: [Region]

  /// Writes the phantom and runs the floor on it.
  init(of phantom: Phantom) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("phantom").path
    try phantom.write(to: path)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Floor.self, from: Data(try Tools.reference("floor", [path]).utf8))
  }

  func region(_ name: String) -> RegionErrors? { regions.first { $0.name == name }?.pdffPoints }
}

/// A recipe separated in process, scored, beside its floor.
struct Accuracy {
  let phantom: Phantom
  let maps: SeparatedMaps
  let score: Score
  let floor: Floor

  /// `make check-long` takes every recipe at its own size.
  static let isLong = ProcessInfo.processInfo.environment["PDFF_LONG"] != nil

  init(_ name: String, shape: [Int] = [80, 80, 12]) throws {
    let own = try Recipe.named(name).shape
    let recipe = try recipe(name, Self.isLong ? own : shape)
    phantom = try make(recipe)
    maps = try separate(
      complex: phantom.scan, frequency: phantom.imagingFrequency, settings: SeparationSettings())
    score = try Phantoms.score(
      fatFraction: maps.fatFraction, r2star: maps.r2star, against: phantom.truth.scored)
    floor = try Floor(of: phantom)
    print(row)
  }

  /// A row of docs/accuracy.md: of the liver, then of all tissue.
  var row: String {
    func text(_ value: Double?, _ digits: Int = 2) -> String {
      String(format: "%.\(digits)f", value ?? .nan)
    }
    let liver = score[.liver]?.pdff
    let known = floor.region("liver")
    let shape = phantom.recipe.shape.map(String.init).joined(separator: "x")
    return "| \(phantom.recipe.name) | \(shape) | \(text(liver?.medianAbsolute)) | "
      + "\(text(known?.medianAbs)) | \(text(liver?.meanError)) | \(text(known?.bias)) | "
      + "\(text(score[.tumour]?.pdff.meanError)) | \(text(score.allTissue.missed20Percent, 3)) | "
      + "\(text(floor.allTissue.pdffPoints.missed20Percent, 3)) |"
  }
}

@Suite struct AccuracyTests {
  /// Recipes that the fit's model describes.
  static let matching = [
    "liver-3t", "liver-1.5t", "low-fat", "iron", "noise", "islands", "steep-3t", "uneven",
    "three-echo", "eight-echo", "reversed", "snr-300", "volume-a", "volume-b",
  ]

  @Test(arguments: matching)
  func errorsAreTheFloors(_ name: String) throws {
    let accuracy = try Accuracy(name)
    let (score, floor) = (accuracy.score, accuracy.floor)
    let liver = try #require(score[.liver])
    let known = try #require(floor.region("liver"))
    let median = try #require(liver.pdff.medianAbsolute)
    #expect(median <= 1.15 * known.medianAbs, "liver \(median), floor \(known.medianAbs)")
    // Points of the liver's mean error.
    let bias = try #require(liver.pdff.meanError)
    #expect(abs(bias - known.bias) < 0.1, "bias \(bias), floor \(known.bias)")
    // Percent of tissue.
    let swapped = score.allTissue.missed20Percent
    let least = floor.allTissue.pdffPoints.missed20Percent
    #expect(swapped < least + 0.1, "off by 20 points: \(swapped) %, floor \(least) %")
    if accuracy.phantom.recipe.snr >= 20 { #expect(score.allTissue.missing == 0) }
    let tumour = try #require(score[.tumour]?.pdff.meanError)
    let error = try #require(floor.region("tumour")).standardError
    #expect(abs(tumour) < max(0.3, 3 * error), "tumour \(tumour), standard error \(error)")
    #expect(accuracy.maps.method.precession == accuracy.phantom.precession)
    #expect(!accuracy.maps.notices.contains { $0.code == "bipolar-readout" })
    #expect(!accuracy.maps.notices.contains { $0.code == "phase-errors" })
  }

  /// Departures from the model: mean error of liver and of tumour in points that docs/accuracy.md
  /// states, and how far a run may lie from it.
  static let departing: [(name: String, liver: Double, tumour: Double, within: Double)] = [
    ("eddy", 0, 0.1, 0.3), ("bipolar", 0, -0.1, 0.3), ("fat-phase", -0.3, -0.3, 0.3),
    ("spectrum-mismatch", -0.4, -0.3, 0.3), ("two-r2star", -1.0, -0.5, 0.3),
    ("t1-weighted", 4.7, 3.0, 0.3),
    ("partial-volume", 0, -0.1, 0.3),
  ]

  @Test(arguments: departing)
  func departuresErrAsStated(
    _ stated: (name: String, liver: Double, tumour: Double, within: Double)
  ) throws {
    let accuracy = try Accuracy(stated.name)
    let liver = try #require(accuracy.score[.liver]?.pdff.meanError)
    let tumour = try #require(accuracy.score[.tumour]?.pdff.meanError)
    #expect(abs(liver - stated.liver) < stated.within, "liver \(liver)")
    #expect(abs(tumour - stated.tumour) < stated.within, "tumour \(tumour)")
    // Departures bias, they do not exchange fat and water.
    #expect(accuracy.score[.liver]?.missed20Percent ?? 100 < 0.1)
    let codes = accuracy.maps.notices.map(\.code)
    #expect(codes.contains("bipolar-readout") == (stated.name == "bipolar"), "\(codes)")
    #expect(codes.contains("phase-errors") == (stated.name == "eddy"), "\(codes)")
  }

  /// The eddy current's phase on the first echo moves the liver by less than half a point.
  @Test func eddyPhaseIsTakenOut() throws {
    var recipe = try recipe("eddy", [80, 80, 12])
    func liver(_ recipe: Recipe) throws -> [Float] {
      let phantom = try make(recipe)
      let maps = try separate(
        complex: phantom.scan, frequency: phantom.imagingFrequency,
        settings: SeparationSettings())
      return phantom.truth.labels.values.indices
        .filter { phantom.truth.labels.values[$0] == TissueClass.liver.rawValue }
        .map { 100 * maps.fatFraction.values[$0] }.sorted()
    }
    let with = try liver(recipe)
    recipe.departures.firstEchoPhaseRad = 0
    let without = try liver(recipe)
    let moved = with[with.count / 2] - without[without.count / 2]
    #expect(abs(moved) < 0.5, "\(moved)")
  }
}
