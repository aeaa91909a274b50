import Calibration
import Documents
import Trial

/// What the registry keeps of a `measurement.json`: no file's name, since those hold people's names.
struct SealedMeasurement {
  /// The document's own seal.
  let sha256: String
  let acquiredOn: CalendarDay?
  let datesShifted: Bool
  let afterTACE: Bool
  let set: [Subtype]
  let model: SubtypeModelReference
  /// SHA-256 of the ledger's file that corrected the lesion, if one did.
  let ledgerSHA256: String?
  /// What the call rests on, and how it was measured: see `details`.
  let details: [String: JSONValue]

  private static let schema = "pdff.measurement/1"

  /// Throws `measurement-invalid`, `measurement-changed`, `measurement-without-call`.
  init(_ bytes: [UInt8]) throws {
    guard let document = try? JSONValue(parsing: bytes) else {
      throw RegistryError(.measurementInvalid, "it is not JSON")
    }
    guard document.text("schema") == Self.schema else {
      throw RegistryError(.measurementInvalid, "its schema is not \(Self.schema)")
    }
    guard document.sealHolds, let sha256 = document.text("sha256") else {
      throw RegistryError(.measurementChanged)
    }
    guard let call = document["subtype"], call != .null else {
      throw RegistryError(.measurementWithoutCall)
    }
    self.sha256 = sha256
    acquiredOn = document.day("acquired_on")
    datesShifted = document.flag("dates_shifted") ?? true
    afterTACE = document.flag("after_tace") ?? false
    set = try Self.set(call)
    model = try Self.model(call["model"] ?? .null)
    let fed = call["fed"] ?? .null
    let region = Self.region(document["rois"], fed.integer("label"))
    ledgerSHA256 = region["calibrated_pdff_percent"]?["ledger"]?.text("sha256")
    if fed.flag("calibrated") == true, ledgerSHA256 == nil {
      throw RegistryError(.measurementInvalid, "the lesion's ledger is missing")
    }
    details = Self.details(document, call, fed, region)
  }

  private static func set(_ call: JSONValue) throws -> [Subtype] {
    guard case .array(let names)? = call["set"] else {
      throw RegistryError(.measurementInvalid, "the call has no set")
    }
    let set = names.compactMap { name -> Subtype? in
      if case .string(let text) = name { Subtype(rawValue: text) } else { nil }
    }
    let word = set.count == 1 ? set[0].rawValue : "indeterminate"
    guard set.count == names.count, set == set.sorted(), Set(set).count == set.count,
      call.text("call") == word, call.text("arm") == Arm(set).rawValue
    else { throw RegistryError(.measurementInvalid, "call, set and arm contradict each other") }
    return set
  }

  private static func model(_ model: JSONValue) throws -> SubtypeModelReference {
    guard let name = model.text("name"), let version = model.text("version"),
      let sha256 = model.text("sha256"),
      let status = model.text("status").flatMap({ ModelStatus(rawValue: $0) })
    else { throw RegistryError(.measurementInvalid, "the model is not named") }
    return SubtypeModelReference(name: name, version: version, sha256: sha256, status: status)
  }

  private static func region(_ regions: JSONValue?, _ label: Int?) -> JSONValue {
    guard case .array(let regions)? = regions, let label else { return .null }
    return regions.first { $0.integer("label") == label } ?? .null
  }

  /// Numbers and words by which the measurement can be judged and exported.
  private static func details(
    _ document: JSONValue, _ call: JSONValue, _ fed: JSONValue, _ region: JSONValue
  ) -> [String: JSONValue] {
    let ledger = region["calibrated_pdff_percent"]?["ledger"] ?? .null
    var codes: [JSONValue] = []
    if case .array(let warnings)? = document["warnings"] {
      codes = warnings.compactMap { $0["code"] }
    }
    return [
      "pdff_percent": fed["pdff_percent"] ?? .null,
      "standard_uncertainty": fed["standard_uncertainty"] ?? .null,
      "calibrated": fed["calibrated"] ?? .null,
      "background_pdff_percent": fed["background_pdff_percent"] ?? .null,
      "r2star_per_s": region["r2star_per_s"]?["mean"] ?? .null,
      "field_strength_t": document["input"]?["field_strength_t"] ?? .null,
      "scanner": ledger["scanner"] ?? .null, "protocol": ledger["protocol"] ?? .null,
      "kind": document["input"]?["kind"] ?? .null,
      "probabilities": call["probabilities"] ?? .null, "reasons": call["reasons"] ?? .array([]),
      "warnings": .array(codes), "software": document["method"]?["version"] ?? .null,
    ]
  }
}
