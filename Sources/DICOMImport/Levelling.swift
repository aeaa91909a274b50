import Faults
import Scans

/// Brings a scan's echoes to one scale. Philips scales every image by itself: displayed values of two
/// echoes cannot be compared, their precise values (displayed / (rescale slope x scale slope)) can.
///
/// - Throws: `dicom-values-differ` where echoes differ by a factor that also varies from slice to slice;
///   a factor of a slice that all echoes share is harmless, since every voxel is fitted by itself.
func levelled(_ images: [ConvertedVolume]) throws -> [ConvertedVolume] {
  let echoes = images.filter { $0.volume.role.isEcho && $0.volume.role != .phase }
  guard let reference = echoes.first.map(\.divisors) else { return images }
  return try images.map { image in
    guard image.volume.role.isEcho, image.volume.role != .phase else { return image }
    let own = image.divisors
    let ratios = zip(reference, own).map { $0 / $1 }
    guard own.count == reference.count, let ratio = ratios.first,
      ratios.allSatisfy({ abs($0 - ratio) <= 1e-4 * ratio })
    else {
      throw DICOMImportError(
        .valuesDiffer, "the echoes' slopes vary from slice to slice, each in its own way")
    }
    guard abs(ratio - 1) > 1e-6 else { return image }
    var stored = try ConvertedImage(image.path)
    stored.scale(ratio, 0)
    try stored.save()
    return image
  }
}

extension ConvertedVolume {
  /// For each slice, in order of place, what makes precise values of the converted ones.
  fileprivate var divisors: [Double] {
    let frames = volume.frames.sorted { $0.position.lexicographicallyPrecedes($1.position) }
    return frames.map { scaling.isPrecise ? 1 : $0.displayFactor }
  }
}
