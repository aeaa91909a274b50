import Faults
import Regions

/// The segments that 3D Slicer lists in a `.seg.nrrd`: keys `SegmentN_Name`, `SegmentN_LayerN`, ...
///
/// Slicer's developer guide, "Segmentation labelmap file format": a segment is the voxels of one value
/// in one layer. Files from before 2020 have neither key: there layer N is segment N, and every value
/// that is not 0 belongs to it. `Segmentation_ReferenceImageExtentOffset` is of no use here: origin
/// and directions place the voxels that are stored.
struct SegmentTable {
  struct Segment: Equatable {
    let layer: Int
    let label: Int
    let name: String
  }

  /// In the order of their numbers; empty where the file is a plain label image.
  let segments: [Segment]

  /// - Parameters:
  ///   - pairs: the file's key/value pairs.
  ///   - layers: how many the file has.
  init(_ pairs: [String: String], layers: Int, file: String) throws(SegmentationsError) {
    let representation =
      pairs["Segmentation_SourceRepresentation"] ?? pairs["Segmentation_MasterRepresentation"] ?? ""
    guard !representation.lowercased().contains("fractional") else {
      throw SegmentationsError(.fractional, file: file)
    }
    var numbers: Set<Int> = []
    for key in pairs.keys {
      if let match = key.wholeMatch(of: /Segment([0-9]{1,5})_(?:ID|Name|LabelValue|Layer)/),
        let number = Int(match.1)
      {
        numbers.insert(number)
      }
    }
    var segments: [Segment] = []
    for (place, number) in numbers.sorted().enumerated() {
      func value(_ key: String) -> String? { pairs["Segment\(number)_\(key)"] }
      let layer = value("Layer").map { Int($0) ?? -1 } ?? (layers > 1 ? place : 0)
      let label = value("LabelValue").map { Int($0) ?? -1 } ?? 1
      guard (0..<layers).contains(layer), (1...Int(LabelImage.highestLabel)).contains(label) else {
        throw SegmentationsError(
          .segmentTable, "segment \(number) is label \(label) of layer \(layer) of \(layers)",
          file: file)
      }
      let name = LabelNames.cleaned(value("Name") ?? value("ID") ?? "") ?? "segment \(number + 1)"
      if let other = segments.first(where: { $0.layer == layer && $0.label == label }) {
        throw SegmentationsError(
          .segmentTable, "label \(label) of layer \(layer) is \"\(other.name)\" and \"\(name)\"",
          file: file)
      }
      segments.append(Segment(layer: layer, label: label, name: name))
    }
    self.segments = segments
  }

  /// Names by label of one layer.
  func names(ofLayer layer: Int) -> [Int: String] {
    Dictionary(
      segments.filter { $0.layer == layer }.map { ($0.label, $0.name) },
      uniquingKeysWith: { first, _ in first })
  }
}
