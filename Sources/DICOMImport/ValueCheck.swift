import Faults
import Foundation
import Scans

/// What became of a volume's values on their way through the converter.
struct ValueScaling: Sendable {
  /// What the image is to be multiplied by, and what to be added, so that it holds `meaning`.
  var factor = 1.0
  var offset = 0.0
  /// "as displayed", "Philips' precise values", ...
  var words: String
  /// Whether the values are Philips' precise ones, comparable from image to image.
  var isPrecise = false
  /// Units of the values, where the files state them.
  var units: String?
  /// Whether the values were compared with the DICOM files'.
  var isVerified = true
}

/// Compares converted values with those of the DICOM files: converters differ in how they treat
/// Philips' slopes, and some are wrong where slopes vary from slice to slice.
struct ValueCheck {
  private let volume: DICOMVolume
  /// Of each slice, in the converted image's order.
  private let displayed: [StoredValues]
  private let precise: [StoredValues]
  private let isKnown: Bool

  /// - Parameter frames: the volume's, in the converted image's order of slices.
  init(_ volume: DICOMVolume, _ frames: [DICOMFrame], files: [DICOMFile]) {
    self.volume = volume
    let stored = frames.compactMap { files[$0.file].storedValues($0) }
    isKnown = stored.count == frames.count
    displayed = zip(stored, frames).map { $0.scaled($1.slope ?? 1, $1.intercept) }
    precise = zip(displayed, frames).map { $0.scaled(1 / $1.displayFactor, 0) }
  }

  /// Whether slices are scaled each by itself, which converters get wrong.
  var slopesVary: Bool {
    let frames = volume.frames
    return !Self.isUniform(frames.map { $0.slope ?? 1 }) || !Self.isUniform(frames.map(\.intercept))
      || !Self.isUniform(frames.map(\.displayFactor))
  }

  /// Slice by slice: an image whose slices are out of order is not the same.
  private func agree(_ converted: [StoredValues], _ own: [StoredValues]) -> Bool {
    let scale = converted.map(\.magnitude).max() ?? 0
    return converted.count == own.count
      && zip(converted, own).allSatisfy { $0.agrees(with: $1, scale: scale) }
  }

  /// What the converted values are, and how they become displayed ones.
  ///
  /// - Parameter usesPrecise: what the converter's sidecar says, for files whose pixels are compressed.
  /// - Throws: `dicom-values-differ`.
  func scaling(of converted: [StoredValues], usesPrecise: Bool) throws(DICOMImportError)
    -> ValueScaling
  {
    let factors = volume.frames.map(\.displayFactor)
    let isOne = Self.isUniform(factors)
    let (isDisplayed, isPrecise) =
      isKnown
      ? (agree(converted, displayed), agree(converted, precise))
      : (!usesPrecise, usesPrecise && isOne)
    guard isDisplayed || isPrecise else {
      let slopes = Self.isUniform(volume.frames.map { $0.slope ?? 1 }) && isOne
      throw DICOMImportError(
        .valuesDiffer,
        volume.words + (slopes ? "" : ", whose slopes vary from slice to slice"))
    }
    var result = ValueScaling(words: "as displayed", isVerified: isKnown)
    if !isDisplayed {
      guard isOne || !volume.isMap else {
        throw DICOMImportError(.valuesDiffer, "Philips' slopes vary from slice to slice")
      }
      result.words = "Philips' precise values"
      result.isPrecise = true
      if volume.isMap, let factor = factors.first {
        result.factor = factor
        result.words =
          "Philips' precise values, turned back to displayed ones: times \(short(factor))"
      }
    }
    if volume.isMap { try state(&result) }
    return result
  }

  /// Units that the files state, and the real-world values where those are others than the displayed.
  private func state(_ result: inout ValueScaling) throws(DICOMImportError) {
    guard let first = volume.frames.first else { return }
    if let mapping = first.mapping, let units = Self.units(mapping.unit) {
      result.units = units
      let isDisplay = volume.frames.allSatisfy { frame in
        frame.mapping.map {
          abs($0.slope - (frame.slope ?? 1)) <= 1e-6 * abs($0.slope)
            && abs($0.intercept - frame.intercept) <= 1e-6 * max(1, abs($0.intercept))
        } ?? false
      }
      if isDisplay { return }
      let isUniform = volume.frames.allSatisfy {
        $0.mapping == mapping && $0.slope == first.slope && $0.intercept == first.intercept
      }
      let slope = first.slope ?? 1
      guard isUniform, slope != 0 else {
        throw DICOMImportError(.valuesDiffer, "real-world slopes vary from slice to slice")
      }
      let ratio = mapping.slope / slope
      result.factor *= ratio
      result.offset = mapping.intercept - ratio * first.intercept
      result.words += ", times \(short(ratio)) to real-world values"
    } else if let type = first.rescaleType, let units = Self.units(type) {
      result.units = units
    }
  }

  /// UCUM's and plain words of units.
  private static func units(_ word: String) -> String? {
    switch word.lowercased() {
    case "%", "percent", "pct", "[%]": "percent"
    case "1", "{fraction}", "{ratio}", "fraction": "fraction"
    case "[ppth]", "permille", "{permille}", "10*-3": "permille"
    case "rad", "mrad", "deg": word.lowercased()
    default: nil
    }
  }

  private static func isUniform(_ values: [Double]) -> Bool {
    guard let first = values.first else { return true }
    return values.allSatisfy { abs($0 - first) <= 1e-6 * abs(first) }
  }

  private func short(_ value: Double) -> String { String(format: "%.6g", value) }
}

extension DICOMVolume {
  /// Whether the values mean something by themselves: phase and maps. Echoes are known up to a factor.
  var isMap: Bool { role == .phase || role == .pdff }
}

extension DICOMFile {
  /// The sums of a frame's stored values; nil where they are compressed, or of 32 bits.
  func storedValues(_ frame: DICOMFrame) -> StoredValues? {
    guard let start = frame.pixelStart else { return nil }
    let count = frame.rows * frame.columns
    let isSigned = number(0x0028, 0x0103) == 1
    return bytes.data.withUnsafeBytes { raw -> StoredValues? in
      func sums<Value: BinaryInteger>(_ type: Value.Type) -> StoredValues? {
        let part = raw[start..<start + count * MemoryLayout<Value>.size]
        // Pixels may begin at an odd place: only then are they copied.
        if UInt(bitPattern: part.base.baseAddress.map { $0 + start })
          % UInt(MemoryLayout<Value>.alignment) == 0
        {
          return StoredValues(UnsafeRawBufferPointer(rebasing: part).bindMemory(to: Value.self))
        }
        let copied = [UInt8](part)
        return copied.withUnsafeBytes { StoredValues($0.bindMemory(to: Value.self)) }
      }
      switch ((number(0x0028, 0x0100) ?? 0).whole, isSigned) {
      case (16, true): return sums(Int16.self)
      case (16, false): return sums(UInt16.self)
      case (8, false): return sums(UInt8.self)
      default: return nil
      }
    }
  }
}
