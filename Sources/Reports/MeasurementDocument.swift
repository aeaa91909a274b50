import Documents
import Faults
import Regions
import Scans
import Volumes

extension Measurement {
  /// The document `pdff.measurement/1` with its seal; its keys are described in docs/measurement.md.
  public func document() -> JSONValue {
    let content: JSONValue = [
      "schema": "pdff.measurement/1",
      "acquired_on": .text(scan.acquiredOn),
      "dates_shifted": .bool(scan.datesShifted),
      "after_tace": .bool(afterTACE),
      "input": input,
      "method": methodUsed,
      "rois": .array(regions.map(\.document)),
      "subtype": nil,
      "warnings": .array(
        notices.map { ["code": .string($0.code), "message": .string($0.message)] }),
      "quality_bits": Measurement.qualityBits,
      "outputs": .array(outputs.map(\.document)),
    ]
    return content.sealed()
  }

  private var input: JSONValue {
    [
      "kind": .string(scan.kind.rawValue),
      "files": .array(
        (scan.files + regionFiles).map {
          [
            "name": .string($0.name), "sha256": .string($0.sha256),
            "role": .string($0.role.rawValue),
          ]
        }),
      "echo_times_s": .array(scan.echoTimes.map { .number($0.value) }),
      "field_strength_t": .finite(scan.fieldStrength?.value),
      "imaging_frequency_hz": .finite(scan.imagingFrequency?.value),
      "manufacturer": .text(scan.manufacturer),
    ]
  }

  private var methodUsed: JSONValue {
    [
      "name": .string(method.name),
      "fat_spectrum": .text(method.fatSpectrum),
      "version": .string(Software.version),
      "precession": .text(method.precession),
      "noise_sd": .finite(method.noiseSD),
      "instruction_set": .text(method.instructionSet),
    ]
  }

  /// What each bit of `quality.nii.gz` means.
  private static var qualityBits: JSONValue {
    .array(
      Quality.catalogue.map { entry in
        [
          "value": .number(Double(entry.bit.rawValue)), "name": .string(entry.name),
          "meaning": .string(entry.meaning),
        ]
      })
  }
}

extension OutputFile {
  fileprivate var document: JSONValue {
    [
      "name": .string(name), "sha256": .string(sha256), "unit": .string(unit),
      "meaning": .string(meaning),
    ]
  }
}

extension JSONValue {
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
