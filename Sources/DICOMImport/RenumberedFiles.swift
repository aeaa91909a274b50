import Foundation

/// Numbers for the files of a volume whose own do not rise or fall with the slices' places: dcm2niix sorts
/// by them, and makes a wrong volume of some orders (anonymisers deal them out anew).
struct RenumberedFiles {
  private var numbers: [Int: Int] = [:]

  /// - Parameter volumes: one volume of classic files; others are left as they are.
  init(_ volumes: [DICOMVolume], files: [DICOMFile]) {
    guard volumes.count == 1, let frames = volumes.first?.frames, frames.count > 1,
      Set(frames.map(\.file)).count == frames.count
    else { return }
    let heights = VolumePlace.heights(frames)
    let order = frames.indices.sorted { heights[$0] < heights[$1] }
    let own = order.map { files[frames[$0].file].number(0x0020, 0x0013) ?? 0 }
    let steps = zip(own.dropFirst(), own).map { $0 - $1 }
    guard !steps.allSatisfy({ $0 > 0 }), !steps.allSatisfy({ $0 < 0 }) else { return }
    for (place, index) in order.enumerated() { numbers[frames[index].file] = place + 1 }
  }

  /// The file's bytes with its new number in the place of the old one; nil where it keeps its own, or
  /// where there is no room for the new.
  func data(of index: Int, _ file: DICOMFile) -> Data? {
    guard let number = numbers[index],
      case .value(let range, _)? = file.root.elements[DICOMTag(0x0020, 0x0013)]
    else { return nil }
    let digits = Array(String(number).utf8)
    guard digits.count <= range.count else { return nil }
    var data = Data(file.bytes.data)
    let padded = digits + [UInt8](repeating: 32, count: range.count - digits.count)
    let start = data.startIndex + range.lowerBound
    data.replaceSubrange(start..<start + range.count, with: padded)
    return data
  }
}
