import Calibration
import Documents
import Faults
import Regions
import Scans
import Separation
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
      "rois": .array(regions.map { $0.document(calibration, t1Bias: method.t1Bias) }),
      "subtype": lesionCall?.document ?? .null,
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
      "fat_spectrum_peaks": peaks,
      "temperature_c": .finite(method.options?.temperature?.value),
      "r2star_min_per_s": .finite(method.options?.r2starMinimum?.value),
      "r2star_max_per_s": .finite(method.options?.r2starMaximum?.value),
      "t1_correction": t1Correction,
      "within_voxels": .finite(method.options?.voxelsWithin.map(Double.init)),
      "noise_correlation": method.noiseCorrelation.map(document) ?? .null,
      "swap_alarm": method.swapCheck.map(document) ?? .null,
    ]
  }

  private var peaks: JSONValue {
    guard let peaks = method.options?.peaks else { return nil }
    return .array(
      peaks.map { ["shift_ppm": .number($0.shift.value), "amplitude": .number($0.amplitude)] })
  }

  private var t1Correction: JSONValue {
    guard let correction = method.options?.t1Correction else { return nil }
    // 5 degrees went to radians, and shall come back as 5.
    let degrees = (correction.flipAngle.value * 180 / .pi * 1e9).rounded() / 1e9
    return [
      "flip_angle_deg": .number(degrees),
      "repetition_time_ms": .number(correction.repetitionTime.milliseconds),
      "water_t1_ms": .number(correction.waterT1.milliseconds),
      "fat_t1_ms": .number(correction.fatT1.milliseconds),
    ]
  }

  private func document(_ correlation: NoiseCorrelation) -> JSONValue {
    func axis(_ index: Int) -> JSONValue { .array(correlation.axes[index].map { .number($0) }) }
    return ["x": axis(0), "y": axis(1), "z": axis(2)]
  }

  private func document(_ check: SwapCheck) -> JSONValue {
    [
      "regions": .number(Double(check.regions)),
      "voxels": .number(Double(check.voxels)),
      "suspected": .number(Double(check.suspected)),
      "suspected_voxels": .number(Double(check.suspectedVoxels)),
      "ambiguous": .number(Double(check.ambiguous)),
      "ambiguous_voxels": .number(Double(check.ambiguousVoxels)),
      "worst_probability": .finite(check.worst),
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
