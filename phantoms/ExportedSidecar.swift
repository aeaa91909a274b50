import Documents
import Volumes

extension Phantom {
  /// The date that every phantom was "acquired" on: fixed, so that output is the same to the byte.
  static let acquired = "2026-01-15T09:00:00.000000"

  /// The sidecar of an image, with the keys that dcm2niix writes.
  ///
  /// - Parameters:
  ///   - kind: what follows ORIGINAL, PRIMARY in `ImageType`.
  ///   - echo: index of the echo; nil for an image of all echoes.
  func sidecar(_ kind: [String], echo: Int?, units: String? = nil) -> JSONValue {
    let flip = recipe.departures.flipDeg
    var keys: [String: JSONValue] = [
      "Modality": "MR",
      "MRAcquisitionType": "3D",
      "Manufacturer": .string(manufacturer),
      "ManufacturersModelName": "digital phantom",
      "SeriesDescription": .string(recipe.name),
      "MagneticFieldStrength": .number(recipe.fieldStrengthT),
      "ImagingFrequency": .number((imagingFrequency.megahertz * 1e6).rounded() / 1e6),
      // Three degrees stand for "no T1 weighting", which no real scan has.
      "FlipAngle": .number(flip > 0 ? flip : 3),
      "RepetitionTime": .number(recipe.departures.repetitionTimeMs / 1000),
      "ImageType": .array((["ORIGINAL", "PRIMARY"] + kind).map { .string($0) }),
      "AcquisitionDateTime": .string(Self.acquired),
      "SeriesNumber": 5,
    ]
    let times = scan.echoTimes.map { JSONValue.number($0.value) }
    if let echo {
      keys["EchoNumber"] = .number(Double(echo + 1))
      keys["EchoTime"] = times[echo]
    } else if recipe.export.style == .complex {
      keys["EchoTime"] = .array(times)
    }
    if let units { keys["Units"] = .string(units) }
    return .object(keys)
  }

  private var manufacturer: String {
    switch recipe.export.style {
    case .siemens, .magnitude, .twoPoint, .vendorMaps: "Siemens"
    case .realImaginary: "GE MEDICAL SYSTEMS"
    case .radians, .complex: "Philips"
    }
  }
}
