import Documents
import Faults
import Foundation
import Regions
import Scans
import Separation
import Volumes

/// Separates a scan by what it holds, and records with which options; tells `stages` the time of each
/// stage where it has several.
func separate(
  _ scan: consuming DixonScan, settings: SeparationSettings, stages: StageTimes? = nil
) throws(SeparationError) -> SeparatedMaps {
  let kind = scan.separationKind
  let frequency = scan.imagingFrequency ?? scan.fieldStrength.map(larmorFrequency)
  let field = scan.fieldStrength ?? scan.imagingFrequency.map(fieldStrength(at:))
  let notices = t1Notices(
    flipAngle: scan.flipAngle, repetitionTime: scan.repetitionTime, fieldStrength: field,
    contrast: scan.contrastState, correction: settings.t1Correction)
  let bias = T1Bias(
    flipAngle: scan.flipAngle, repetitionTime: scan.repetitionTime, fieldStrength: field,
    contrast: scan.contrastState, correction: settings.t1Correction)
  // The scan's memory goes along with its signal.
  var maps = try separate(
    (consume scan).signal, frequency: frequency, settings: settings, stages: stages)
  maps.method.options = AppliedOptions(settings, of: kind)
  maps.notices += notices
  maps.method.t1Bias = bias
  return maps
}

/// - Parameter frequency: the imaging frequency where it is known, else that of the field strength;
///   never a default.
private func separate(
  _ signal: consuming DixonScan.Signal, frequency: Hertz?, settings: SeparationSettings,
  stages: StageTimes?
) throws(SeparationError) -> SeparatedMaps {
  func known() throws(SeparationError) -> Hertz {
    guard let frequency else { throw SeparationError(.frequencyMissing) }
    return frequency
  }
  switch consume signal {
  case .complex(let series) where series.echoTimes.count == 2:
    return try separate(twoEchoes: series, frequency: known(), settings: settings)
  case .complex(let series):
    return try separate(
      complex: series, frequency: known(), settings: settings, stages: stages)
  case .magnitude(let series):
    return try separate(magnitude: series, frequency: known(), settings: settings)
  case .waterFat(let water, let fat):
    return try separate(water: water, fat: fat, settings: settings)
  case .twoPoint(let inPhase, let opposedPhase):
    return try separate(inPhase: inPhase, opposedPhase: opposedPhase, settings: settings)
  case .pdff(let map):
    return try separate(pdff: map, settings: settings)
  }
}

extension DixonScan {
  /// What T1 is told of a contrast agent.
  fileprivate var contrastState: ContrastState? {
    contrast == .none
      ? nil
      : ContrastState(
        isGadoxetate: contrast == .gadoxetate, timeSinceInjection: timeSinceContrast)
  }

  /// What options this scan's separation can use.
  fileprivate var separationKind: SeparationKind {
    switch signal {
    case .complex(let series): series.echoTimes.count == 2 ? .twoEchoes : .complexEchoes
    case .magnitude: .magnitudeEchoes
    case .waterFat, .twoPoint, .pdff: .images
    }
  }
}

extension SeparationOptions {
  /// What the flags ask of separation, on this scan. Files that are read for it join `files`.
  func settings(
    for scan: DixonScan, files: inout [SourceFile], notices: inout [Notice]
  ) throws -> SeparationSettings {
    var settings = SeparationSettings()
    if let fatSpectrum { settings.spectrum = try spectrum(fatSpectrum, files: &files) }
    settings.temperature = temperature
    settings.precession =
      switch precession {
      case .auto: .automatic
      case .positive: .positive
      case .negative: .negative
      }
    if let r2starMinimum { settings.r2starMinimum = r2starMinimum }
    if let r2starMaximum { settings.r2starMaximum = r2starMaximum }
    let idle = optionsWithoutEffect(on: scan.separationKind)
    if !idle.isEmpty {
      notices.append(
        Notice(SeparationNotice.optionsWithoutEffect, idle.joined(separator: ", ")))
    }
    if let within {
      var inside = [Bool](repeating: false, count: scan.grid.count)
      for mask in try readMasks(within, files: &files, notices: &notices) {
        let labels = try mask.resampled(onto: scan.grid).values
        for index in inside.indices where labels[index] != 0 { inside[index] = true }
      }
      settings.within = inside
      guard settings.within?.contains(true) == true else {
        throw SeparationError(.regionMismatch, "scan \(scan.grid.summary)", file: within)
      }
    }
    settings.t1Correction = try t1Correction.map { try completed($0, by: scan) }
    return settings
  }

  /// The flags that were given and that this kind of input has no use for.
  private func optionsWithoutEffect(on kind: SeparationKind) -> [String] {
    var idle: [String] = []
    if !kind.usesSpectrum {
      if fatSpectrum != nil { idle.append("--fat-spectrum") }
      if temperatureC != nil { idle.append("--temperature-c") }
    }
    if !kind.usesPrecession, precession != .auto { idle.append("--precession") }
    if !kind.fitsR2star {
      if r2starMinPerS != nil { idle.append("--r2star-min-per-s") }
      if r2starMaxPerS != nil { idle.append("--r2star-max-per-s") }
    }
    return idle
  }

  /// A spectrum by its name, else from a regular file.
  private func spectrum(_ name: String, files: inout [SourceFile]) throws(SeparationError)
    -> FatSpectrum
  {
    let isKnown = FatSpectrum.catalogue.contains { $0.name == name }
    var status = stat()
    guard !isKnown, stat(name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return try .named(name)
    }
    let most = 1 << 16
    guard status.st_size <= most, let data = FileManager.default.contents(atPath: name),
      let text = String(data: data, encoding: .utf8)
    else {
      throw SeparationError(
        .spectrumFileBad, "it is not a text of at most \(most) bytes", file: name)
    }
    let file = SourceFile(path: name, sha256: sha256Hex([UInt8](data)), role: .sidecar)
    files.append(file)
    return try .parse(text, name: file.name)
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

extension SeparatedMaps {
  /// What regions need to know of the noise; nil where the method tells nothing of it.
  var noise: MapNoise? {
    fatFractionSD.map {
      MapNoise(standardDeviation: $0, correlation: method.noiseCorrelation ?? .none)
    }
  }
}
