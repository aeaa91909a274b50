import Documents
import Faults
import Foundation
import Statistics

extension SubtypeModel {
  /// What this version reads and writes.
  public static let schema = "pdff.subtype-model/1"
  private static let schemaPrefix = "pdff.subtype-model/"
  /// Largest file that is read, bytes.
  private static let largest = 64 << 20

  /// Reads a model file. Throws `SubtypeError`, placed in the file, where it is missing, no model, of
  /// a newer schema, or changed in any byte.
  public init(file path: String) throws(SubtypeError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SubtypeError(.modelMissing, file: path)
    }
    guard data.count <= Self.largest else { throw SubtypeError(.notAModel, file: path) }
    do {
      try self.init(bytes: Array(data))
    } catch {
      throw error.placed(in: path)
    }
  }

  /// - Parameter bytes: the whole file: canonical JSON, sealed, and a line feed.
  public init(bytes: [UInt8]) throws(SubtypeError) {
    guard let document = try? JSONValue(parsing: bytes),
      case .string(let schema)? = document["schema"], schema.hasPrefix(Self.schemaPrefix)
    else { throw SubtypeError(.notAModel) }
    if let number = Int(schema.dropFirst(Self.schemaPrefix.count)), number > 1 {
      throw SubtypeError(.modelNewer, schema)
    }
    guard schema == Self.schema else { throw SubtypeError(.notAModel, schema) }
    guard document.sealHolds, bytes == Self.bytes(of: document) else {
      throw SubtypeError(.modelDamaged)
    }
    try self.init(document: document)
  }

  /// The file of a sealed document.
  public static func bytes(of document: JSONValue) -> [UInt8] {
    Array((document.canonical() + "\n").utf8)
  }

  /// Writes the model's file, whole or not at all.
  public func write(to path: String) throws(OutputError) {
    try AtomicFile.write(path, Self.bytes(of: document))
  }

  /// - Parameter document: sealed; every value is checked for what a call needs.
  init(document: JSONValue) throws(SubtypeError) {
    do {
      reference = SubtypeModelReference(
        name: try document.text("name"), version: try document.text("version"),
        sha256: try document.text("sha256"), status: try document.word("status"))
      statistic = try document.word("statistic")
      isCalibrated = try document.flag("calibrated")
      usesBackground = try document.flag("background")
      ordinal = try LatentOrdinalModel(document.member("model"), background: usesBackground)
      let sets = try document.member("conformal")
      guarantee = try sets.word("kind")
      var models: [LatentOrdinalModel] = []
      var scores: [[[Double]]] = []
      for group in try sets.list("groups") {
        models.append(try LatentOrdinalModel(group.member("model"), background: usesBackground))
        let kept = try group.member("scores")
        scores.append(try Subtype.allCases.map { try kept.numbers($0.rawValue) })
      }
      groups = models
      let alpha = try sets.number("alpha")
      guard alpha > 0, alpha < 1, !models.isEmpty, scores.joined().joined().allSatisfy(\.isFinite)
      else { throw DocumentGap(key: "conformal") }
      conformal = ConformalSets(alpha: alpha, scores: scores)
      let range = try document.numbers("training_range_percent")
      guard range.count == 2, range[0] < range[1] else {
        throw DocumentGap(key: "training_range_percent")
      }
      trainingRange = range[0]...range[1]
      self.document = document
    } catch let gap as DocumentGap {
      throw SubtypeError(.modelInvalid, "'\(gap.key)'")
    } catch {
      throw SubtypeError(.modelInvalid)
    }
  }
}

extension LatentOrdinalModel {
  /// As `model` and each conformal group hold it; lengths in units of t = ln(1 + x / 1 %).
  var document: JSONValue {
    [
      "thresholds": .array(thresholds.map { .number($0) }), "slope": .number(slope),
      "background_slope": .finite(backgroundSlope),
      "population": [
        "mean": .number(density.mean), "background_slope": .finite(density.backgroundSlope),
        "sd": .number(density.standardDeviation),
      ],
    ]
  }

  init(_ document: JSONValue, background: Bool) throws(DocumentGap) {
    let thresholds = try document.numbers("thresholds")
    let population = try document.member("population")
    let deviation = try population.number("sd")
    guard thresholds.count == 2, thresholds[0] < thresholds[1] else {
      throw DocumentGap(key: "thresholds")
    }
    guard deviation > 0 else { throw DocumentGap(key: "sd") }
    self.init(
      thresholds: thresholds, slope: try document.number("slope"),
      backgroundSlope: background ? try document.number("background_slope") : nil,
      density: LatentDensity(
        mean: try population.number("mean"),
        backgroundSlope: background ? try population.number("background_slope") : nil,
        standardDeviation: deviation))
  }
}
