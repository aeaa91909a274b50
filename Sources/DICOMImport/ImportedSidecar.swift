import Documents
import Foundation
import Scans

/// The sidecar of an imported image: what is listed here and nothing else.
struct ImportedSidecar {
  /// Keys of the converter's sidecar that say how the image was made, not of whom.
  private static let numbers: [String] = [
    "MagneticFieldStrength", "ImagingFrequency", "FlipAngle", "RepetitionTime",
    "RepetitionTimeExcitation", "SliceThickness", "SpacingBetweenSlices", "PixelBandwidth",
    "EchoTrainLength", "NumberOfAverages", "ParallelReductionFactorInPlane",
    "PartialFourier", "PercentPhaseFOV", "AcquisitionMatrixPE", "ReconMatrixPE",
  ]
  /// Words, kept where they name nobody.
  private static let words: [String] = [
    "MRAcquisitionType", "ScanningSequence", "SequenceVariant", "ScanOptions", "SequenceName",
    "PulseSequenceName", "ManufacturersModelName", "SoftwareVersions", "PatientPosition",
    "BodyPart",
    "ConversionSoftware", "ConversionSoftwareVersion",
  ]

  let shift: Int?

  func document(_ image: ConvertedVolume, file: DICOMFile, identifiers: Identifiers) -> JSONValue {
    let volume = image.volume
    var members: [String: JSONValue] = [:]
    for key in Self.numbers {
      if case .number(let number)? = image.sidecar[key] { members[key] = .number(number) }
    }
    for key in Self.words {
      if case .string(let text)? = image.sidecar[key], let kept = identifiers.cleared(text) {
        members[key] = .string(kept)
      }
    }
    members["Modality"] = "MR"
    if let time = volume.echoTimeMS, time > 0 { members["EchoTime"] = .number(time / 1000) }
    if let number = volume.frames.first?.echoNumber {
      members["EchoNumber"] = .number(Double(number))
    }
    members["ImageType"] = .array(imageType(volume, identifiers).map { .string($0) })
    members["SeriesNumber"] = volume.series.number.map { .number(Double($0)) }
    members["SeriesDescription"] = text(volume.series.description)
    members["ProtocolName"] = text(volume.series.protocolName)
    members["Manufacturer"] = Self.manufacturer(file, identifiers).map { .string($0) }
    members["Units"] = image.scaling.units.map { .string($0) }
    members["ValuesImportedAs"] = .string(image.scaling.words)
    moments(file, identifiers, into: &members)
    let protocolKeys = ["FlipAngle", "RepetitionTime"]
    let lacking = Self.lacks(file) + protocolKeys.filter { members[$0] == nil }
    if !lacking.isEmpty { members["ExportLacks"] = .array(lacking.map { .string($0) }) }
    if shift != nil { members["DatesShifted"] = true }
    return .object(members.compactMapValues { $0 })
  }

  private func text(_ value: String) -> JSONValue? { value.isEmpty ? nil : .string(value) }

  /// The role's own word goes along, for readers that know no more than ImageType.
  private func imageType(_ volume: DICOMVolume, _ identifiers: Identifiers) -> [String] {
    let word: [FileRole: String] = [
      .magnitude: "M", .phase: "P", .real: "REAL", .imaginary: "IMAGINARY", .water: "WATER",
      .fat: "FAT", .inPhase: "IN_PHASE", .opposedPhase: "OUT_PHASE", .pdff: "FAT_FRACTION",
    ]
    let own = (volume.frames.first?.imageType ?? []).prefix(2).compactMap(identifiers.cleared)
    return own + [word[volume.role]].compactMap { $0 }
  }

  /// Day and time, shifted where asked; the contrast agent, and how long before the scan it was given.
  private func moments(
    _ file: DICOMFile, _ identifiers: Identifiers, into members: inout [String: JSONValue]
  ) {
    let moment = AcquisitionMoment(file)
    if let day = moment?.day {
      let shown = day.adding(days: shift ?? 0)
      let clock = moment?.secondsOfDay.map { "T" + AcquisitionMoment.clock($0) } ?? ""
      members["AcquisitionDateTime"] = .string("\(shown)\(clock)")
    }
    guard let contrast = InjectedContrast(file) else { return }
    members["ContrastBolusIngredient"] = .string(
      identifiers.cleared(contrast.agent) ?? InjectedContrast.unnamed)
    if let given = contrast.secondsOfDay, let now = moment?.secondsOfDay {
      members["SecondsSinceContrast"] = .number(now - given)
    }
  }

  /// The maker by its usual name; others as written.
  private static func manufacturer(_ file: DICOMFile, _ identifiers: Identifiers) -> String? {
    guard let written = file.text(0x0008, 0x0070) else { return nil }
    let known = [
      ("siemens", "Siemens"), ("philips", "Philips"), ("ge ", "GE"), ("canon", "Canon"),
      ("toshiba", "Toshiba"), ("uih", "UIH"), ("united imaging", "UIH"), ("hitachi", "Hitachi"),
    ]
    let word = written.lowercased() + " "
    return known.first { word.hasPrefix($0.0) }?.1 ?? identifiers.cleared(written)
  }

  /// What an anonymiser took away that checks would need.
  private static func lacks(_ file: DICOMFile) -> [String] {
    var lacking: [String] = []
    if AcquisitionMoment(file)?.day == nil { lacking.append("AcquisitionDate") }
    if file.text(0x0008, 0x0070) == nil { lacking.append("Manufacturer") }
    if file.number(0x0018, 0x0087) == nil { lacking.append("MagneticFieldStrength") }
    return lacking
  }
}
