import Documents
import Faults
import Volumes

extension Sidecar {
  /// A sidecar's largest size in bytes, and its deepest nesting.
  static let largestSize = 4 << 20
  static let deepestNesting = 32

  /// Reads a sidecar's bytes.
  ///
  /// Bytes that are not UTF-8 (old exports carry Latin-1 names) do not hinder; keys that are not
  /// ours are not looked at. `null` counts as absent.
  /// - Throws: `sidecar-too-large`, `sidecar-too-deep`, `sidecar-duplicate-key` (of a key that is
  ///   read here), `sidecar-not-json`, `sidecar-wrong-type`.
  public static func parse(bytes: [UInt8]) throws(ScansError) -> Sidecar {
    guard bytes.count <= largestSize else {
      throw ScansError(.sidecarTooLarge, "\(bytes.count) bytes")
    }
    let outline = JSONOutline(bytes)
    guard outline.depth <= deepestNesting else { throw ScansError(.sidecarTooDeep) }
    if let key = outline.duplicateKey, readKeys.contains(key) {
      throw ScansError(.sidecarDuplicateKey, key)
    }
    let document: JSONValue
    do {
      document = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self).utf8)
    } catch {
      throw ScansError(.sidecarNotJSON, error.detail)
    }
    guard case .object(let members) = document else {
      throw ScansError(.sidecarNotJSON, "the document is not an object")
    }
    return try SidecarMembers(members).sidecar()
  }

  /// The keys that are read.
  static let readKeys: Set<String> = [
    "EchoTime", "EchoTimes", "ImagingFrequency", "MagneticFieldStrength", "ImageType", "Units",
    "Manufacturer", "PhilipsRescaleSlope", "PhilipsRescaleIntercept", "PhilipsScaleSlope",
    "UsePhilipsFloatNotDisplayScaling", "RescaleSlope", "RescaleIntercept", "FlipAngle",
    "RepetitionTime", "RepetitionTimeExcitation", "ContrastBolusIngredient",
    "ContrastBolusAgent", "AcquisitionDate", "AcquisitionDateTime",
    "AcquisitionTime", "DatesShifted", "SeriesNumber", "SeriesDescription", "ProtocolName",
    "SeriesInstanceUID", "SecondsSinceContrast", "ValuesImportedAs", "ExportLacks",
  ]
}

/// Typed access to the members of a sidecar.
private struct SidecarMembers {
  let members: [String: JSONValue]
  init(_ members: [String: JSONValue]) { self.members = members }

  func sidecar() throws(ScansError) -> Sidecar {
    var sidecar = Sidecar()
    sidecar.echoTimes = try numbers("EchoTime").map { Seconds($0) }
    if sidecar.echoTimes.isEmpty {
      sidecar.echoTimes = try numbers("EchoTimes").map { Seconds($0) }
    }
    sidecar.imagingFrequency = try number("ImagingFrequency").map { Hertz(megahertz: $0) }
    sidecar.fieldStrength = try number("MagneticFieldStrength").map { Tesla($0) }
    sidecar.imageType = try texts("ImageType").map { $0.uppercased() }
    sidecar.units = try text("Units")
    sidecar.manufacturer = try text("Manufacturer")
    sidecar.philipsRescaleSlope = try number("PhilipsRescaleSlope")
    sidecar.philipsScaleSlope = try number("PhilipsScaleSlope")
    sidecar.philipsRescaleIntercept = try number("PhilipsRescaleIntercept")
    sidecar.usesPhilipsFloat = try flag("UsePhilipsFloatNotDisplayScaling")
    sidecar.rescaleSlope = try number("RescaleSlope")
    sidecar.rescaleIntercept = try number("RescaleIntercept")
    sidecar.flipAngle = try number("FlipAngle").map { Radians(degrees: $0) }
    sidecar.repetitionTime = try number("RepetitionTime").map { Seconds($0) }
    if let excitation = try number("RepetitionTimeExcitation") {
      sidecar.repetitionTime = Seconds(excitation)
    }
    sidecar.contrast = try contrast()
    sidecar.timeSinceContrast = try number("SecondsSinceContrast").map { Seconds($0) }
    sidecar.valuesImportedAs = try text("ValuesImportedAs")
    sidecar.exportLacks = try texts("ExportLacks")
    try dates(&sidecar)
    sidecar.seriesNumber = try number("SeriesNumber").flatMap { Int(exactly: $0) }
    sidecar.seriesDescription = try text("SeriesDescription")
    sidecar.protocolName = try text("ProtocolName")
    sidecar.seriesInstanceUID = try text("SeriesInstanceUID")
    return sidecar
  }

  private func contrast() throws(ScansError) -> ContrastAgent? {
    let said = try texts("ContrastBolusIngredient") + texts("ContrastBolusAgent")
    return said.isEmpty ? nil : ContrastAgent(said)
  }

  private func dates(_ sidecar: inout Sidecar) throws(ScansError) {
    let moment = try text("AcquisitionDateTime")
    sidecar.acquisitionDate = moment.map { String($0.prefix { $0 != "T" && $0 != " " }) }
    if let date = try text("AcquisitionDate") { sidecar.acquisitionDate = date }
    sidecar.acquisitionTime = try text("AcquisitionTime")
    sidecar.datesShifted = try flag("DatesShifted")
  }

  private func wrong(_ key: String, _ expected: String) -> ScansError {
    ScansError(.sidecarWrongType, "\(key) is not \(expected)")
  }

  private func present(_ key: String) -> JSONValue? {
    guard let value = members[key], value != .null else { return nil }
    return value
  }

  private func number(_ key: String) throws(ScansError) -> Double? {
    guard let value = present(key) else { return nil }
    guard case .number(let number) = value, number.isFinite else { throw wrong(key, "a number") }
    return number
  }

  private func numbers(_ key: String) throws(ScansError) -> [Double] {
    guard let value = present(key) else { return [] }
    guard case .array(let elements) = value else { return [try number(key)].compactMap { $0 } }
    var found: [Double] = []
    for element in elements {
      guard case .number(let number) = element, number.isFinite else {
        throw wrong(key, "a number or a list of numbers")
      }
      found.append(number)
    }
    return found
  }

  /// Numbers are taken as text too: converters write protocol names without quotes.
  private func text(_ key: String) throws(ScansError) -> String? {
    switch present(key) {
    case nil: return nil
    case .string(let text): return text
    case .number(let number): return "\(number)"
    default: throw wrong(key, "text")
    }
  }

  private func texts(_ key: String) throws(ScansError) -> [String] {
    guard let value = present(key) else { return [] }
    if case .string(let text) = value { return text.split(separator: "\\").map(String.init) }
    guard case .array(let elements) = value else { throw wrong(key, "a list of texts") }
    var found: [String] = []
    for element in elements {
      guard case .string(let text) = element else { throw wrong(key, "a list of texts") }
      found.append(text)
    }
    return found
  }

  private func flag(_ key: String) throws(ScansError) -> Bool? {
    switch present(key) {
    case nil: return nil
    case .bool(let flag): return flag
    case .number(0): return false
    case .number(1): return true
    default: throw wrong(key, "true or false")
    }
  }
}
