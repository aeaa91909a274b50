import Faults
import Foundation
import Regions
import Scans
import Separation
import Volumes

/// Separates a scan by what it holds.
func separate(_ scan: DixonScan, settings: SeparationSettings) throws(SeparationError)
  -> SeparatedMaps
{
  switch scan.signal {
  case .complex(let series) where series.echoTimes.count == 2:
    return try separate(twoEchoes: series, frequency: frequency(of: scan), settings: settings)
  case .complex(let series):
    return try separate(complex: series, frequency: frequency(of: scan), settings: settings)
  case .magnitude(let series):
    return try separate(magnitude: series, frequency: frequency(of: scan), settings: settings)
  case .waterFat(let water, let fat):
    return try separate(water: water, fat: fat, settings: settings)
  case .twoPoint(let inPhase, let opposedPhase):
    return try separate(inPhase: inPhase, opposedPhase: opposedPhase, settings: settings)
  case .pdff(let map):
    return try separate(pdff: map, settings: settings)
  }
}

/// The imaging frequency where it is known, else that of the field strength; never a default.
private func frequency(of scan: DixonScan) throws(SeparationError) -> Hertz {
  guard let frequency = scan.imagingFrequency ?? scan.fieldStrength.map(larmorFrequency) else {
    throw SeparationError(.frequencyMissing)
  }
  return frequency
}

extension SeparationOptions {
  /// What the flags ask of separation, on this scan. Files that are read for it join `files`.
  func settings(
    for scan: DixonScan, files: inout [SourceFile], notices: inout [Notice]
  ) throws -> SeparationSettings {
    var settings = SeparationSettings()
    if let fatSpectrum { settings.spectrum = try spectrum(fatSpectrum) }
    settings.temperature = temperature
    settings.precession =
      switch precession {
      case .auto: .automatic
      case .positive: .positive
      case .negative: .negative
      }
    if let r2starMaximum { settings.r2starMaximum = r2starMaximum }
    if let within {
      let mask = try readMask(within, files: &files, notices: &notices)
      settings.within = try mask.resampled(onto: scan.grid).values.map { $0 != 0 }
      guard settings.within?.contains(true) == true else {
        throw SeparationError(.regionMismatch, "scan \(scan.grid.summary)", file: within)
      }
    }
    settings.t1Correction = try t1Correction.map { try completed($0, by: scan) }
    return settings
  }

  /// A spectrum by its name, else from a file.
  private func spectrum(_ name: String) throws(SeparationError) -> FatSpectrum {
    let isKnown = FatSpectrum.catalogue.contains { $0.name == name }
    guard !isKnown, let data = FileManager.default.contents(atPath: name) else {
      return try .named(name)
    }
    let base = name.split(separator: "/").last.map(String.init) ?? name
    return try .parse(String(decoding: data.prefix(1 << 16), as: UTF8.self), name: base)
  }

  /// Flip angle and repetition time come from the flags, else from the sidecars.
  private func completed(
    _ asked: T1Correction, by scan: DixonScan
  ) throws(SeparationError) -> Separation.T1Correction {
    guard let flipAngle = asked.flipAngle ?? scan.flipAngle,
      let repetitionTime = asked.repetitionTime ?? scan.repetitionTime
    else { throw SeparationError(.optionsContradict) }
    return Separation.T1Correction(
      flipAngle: flipAngle, repetitionTime: repetitionTime, waterT1: asked.waterT1,
      fatT1: asked.fatT1)
  }
}
