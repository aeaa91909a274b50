import Documents
import Faults
import Foundation
import Scans
import Volumes

/// A volume as an image, with what the converter said of it.
struct ConvertedVolume: Sendable {
  let volume: DICOMVolume
  let path: String
  let scaling: ValueScaling
  /// The converter's sidecar.
  let sidecar: JSONValue
}

/// Converts volumes with dcm2niix, each by itself: so it cannot stack or split what does not belong
/// together. An enhanced file, which holds several, is converted whole and its images are told apart.
struct Conversion {
  let converter: Dcm2niix
  let folder: DICOMFolder
  /// A folder of our own for links and images.
  let work: String

  /// What goes through the converter at once.
  private struct Batch: Sendable {
    var files: [Int]
    var volumes: [DICOMVolume]
  }

  /// - Throws: `dicom-conversion-failed`, `dicom-values-differ`, `dcm2niix-missing`.
  func run(_ volumes: [DICOMVolume]) throws -> [ConvertedVolume] {
    let batches = batches(volumes)
    return try concurrentMap(batches.count) { try convert(batches[$0], number: $0) }.flatMap { $0 }
  }

  private func batches(_ volumes: [DICOMVolume]) -> [Batch] {
    var whole: [Int: Batch] = [:]
    var found: [Batch] = []
    for volume in volumes {
      let files = Array(Set(volume.frames.map(\.file))).sorted()
      if let first = files.first, folder.files[first].isMultiFrame, files.count == 1 {
        whole[first, default: Batch(files: files, volumes: [])].volumes.append(volume)
      } else {
        found.append(Batch(files: files, volumes: [volume]))
      }
    }
    return found + whole.sorted { $0.key < $1.key }.map(\.value)
  }

  private func convert(_ batch: Batch, number: Int) throws -> [ConvertedVolume] {
    if batch.files.contains(where: { folder.files[$0].isLossy }) {
      throw DICOMImportError(.lossy, batch.volumes.first?.words ?? "")
    }
    let (input, output) = ("\(work)/in-\(number)", "\(work)/out-\(number)")
    let manager = FileManager.default
    for place in [input, output] {
      try manager.createDirectory(atPath: place, withIntermediateDirectories: true)
    }
    let numbered = RenumberedFiles(batch.volumes, files: folder.files)
    for (index, file) in batch.files.enumerated() {
      let path = "\(input)/\(index).dcm"
      if let data = numbered.data(of: file, folder.files[file]) {
        try data.write(to: URL(fileURLWithPath: path))
        continue
      }
      try manager.createSymbolicLink(
        atPath: path,
        withDestinationPath: URL(fileURLWithPath: folder.files[file].path).standardizedFileURL.path)
    }
    let series = batch.volumes.first?.series.number
    try converter.convert(input, to: output, series: series)
    let stems = try manager.contentsOfDirectory(atPath: output).filter { $0.hasSuffix(".nii") }
      .map { String($0.dropLast(4)) }.sorted()
    return try batch.volumes.map { volume in
      let isAlone = batch.volumes.count == 1
      if let stem = Self.stem(of: volume, among: stems, in: output, isAlone: isAlone) {
        let place = "\(output)/\(stem)"
        return try finish(
          volume, ConvertedImage(place + ".nii"), sidecar: Self.sidecar(place + ".json"))
      }
      throw DICOMImportError(
        .conversionFailed,
        "\(volume.words): dcm2niix made \(stems.count) images of "
          + "\(batch.volumes.count == 1 ? "one volume" : "\(batch.volumes.count) volumes")")
    }
  }

  /// Which of the images holds a volume: the only one, or the one of its echo time and part.
  private static func stem(
    of volume: DICOMVolume, among stems: [String], in output: String, isAlone: Bool
  ) -> String? {
    var fitting = stems
    if !isAlone {
      let endings: [(String, FileRole)] = [
        ("_ph", .phase), ("_imaginary", .imaginary), ("_real", .real),
      ]
      fitting = stems.filter { stem in
        let part = endings.first { stem.contains($0.0) }?.1
        let expected = endings.contains { $0.1 == volume.role } ? volume.role : nil
        guard part == expected, let time = sidecar("\(output)/\(stem).json")["EchoTime"],
          case .number(let seconds) = time
        else { return false }
        return abs(seconds * 1e6 - Double(volume.microseconds)) < 2
      }
    }
    return fitting.count == 1 ? fitting.first : nil
  }

  private func finish(
    _ volume: DICOMVolume, _ converted: ConvertedImage, sidecar: JSONValue
  ) throws -> ConvertedVolume {
    var image = converted
    guard image.frames == 1, let values = image.slices else {
      throw DICOMImportError(
        .conversionFailed, "\(volume.words): it comes \(image.frames) times")
    }
    guard let frames = PlaceCheck(image).frames(of: volume) else {
      throw DICOMImportError(
        .conversionFailed, "\(volume.words): its slices do not lie where the files say")
    }
    let check = ValueCheck(volume, frames, files: folder.files)
    let usesPrecise = sidecar["UsePhilipsFloatNotDisplayScaling"] == 1
    var scaling: ValueScaling
    do {
      scaling = try check.scaling(of: values, usesPrecise: usesPrecise)
    } catch {
      // What the converter places rightly and scales wrongly takes its values from the files.
      let own = OwnValues(frames: frames, files: folder.files)
      guard check.slopesVary, let values = own.values(isMap: volume.isMap, along: image.affine)
      else { throw error }
      try image.replace(values)
      scaling = try check.scaling(of: image.slices ?? [], usesPrecise: usesPrecise)
      scaling.words += ", taken from the files, since dcm2niix scaled them otherwise"
    }
    image.clear()
    image.scale(scaling.factor, scaling.offset)
    try image.save()
    return ConvertedVolume(volume: volume, path: image.path, scaling: scaling, sidecar: sidecar)
  }

  private static func sidecar(_ path: String) -> JSONValue {
    guard let data = FileManager.default.contents(atPath: path),
      let value = try? JSONValue(parsing: String(decoding: data, as: UTF8.self).utf8)
    else { return .object([:]) }
    return value
  }
}
