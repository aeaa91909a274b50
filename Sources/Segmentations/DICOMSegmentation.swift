import Documents
import Faults
import Foundation
import Programs
import Regions

/// DICOM segmentations (SEG), through dcmqi's `segimage2itkimage`, which turns one into NRRD files and
/// a list of its segments.
enum DICOMSegmentation {
  static let program = "segimage2itkimage"

  /// SOP classes: Segmentation Storage, Label Map Segmentation Storage (DICOM PS3.4 B.5).
  private static let classes = ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"]

  static func read(_ path: String, bytes: [UInt8]) throws -> MaskFile {
    guard try isSegmentation(bytes) else { throw SegmentationsError(.notSegmentation, file: path) }
    guard let program = ExternalProgram(named: program) else {
      throw SegmentationsError(.dcmqiMissing, file: path)
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("pdff-seg-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(at: folder) }
    let ending = try program.run([
      "--inputDICOM", path, "--outputDirectory", folder.path, "-p", "seg", "-t", "nrrd",
      "--mergeSegments",
    ])
    guard ending.isSuccess else {
      throw SegmentationsError(.dcmqiFailed, "it \(ending)", file: path)
    }
    do {
      return try collect(folder, of: path, bytes: bytes)
    } catch let error as SegmentationsError where error.code != .segmentTable {
      // What dcmqi wrote is no file of the user's.
      throw SegmentationsError(.dcmqiFailed, error.code.summary, file: path)
    }
  }

  /// Files `seg-1.nrrd`, `seg-2.nrrd`, ... on one grid, and names from `seg-meta.json`.
  private static func collect(_ folder: URL, of path: String, bytes: [UInt8]) throws -> MaskFile {
    let segments = try self.segments(folder.appendingPathComponent("seg-meta.json"), path)
    var layers: [MaskFile.Layer] = []
    var first: MaskFile?
    for (place, names) in segments.enumerated() {
      let file = folder.appendingPathComponent("seg-\(place + 1).nrrd").path
      let read = try MaskFile(nrrd: file, bytes: MaskFormat.bytes(file))
      if let first, !first.grid.coincides(with: read.grid) {
        throw SegmentationsError(.dcmqiFailed, "its layers lie on different grids", file: path)
      }
      first = first ?? read
      layers += read.layers.map { .init(values: $0.values, frames: 1, names: names) }
    }
    guard let first else { throw RegionsError(.maskEmpty, "it has no segment", file: path) }
    return MaskFile(
      path: path, grid: first.grid, layers: layers, isPlaced: first.isPlaced,
      sources: [(path, sha256Hex(bytes))])
  }

  /// Names by label, for each file.
  private static func segments(_ list: URL, _ path: String) throws -> [[Int: String]] {
    struct Meta: Decodable {
      struct Segment: Decodable {
        var labelID: Int
        var label: String?
        var description: String?

        enum CodingKeys: String, CodingKey {
          case labelID
          case label = "SegmentLabel"
          case description = "SegmentDescription"
        }
      }
      var segmentAttributes: [[Segment]]
    }
    guard let data = try? Data(contentsOf: list),
      let meta = try? JSONDecoder().decode(Meta.self, from: data)
    else {
      throw SegmentationsError(.dcmqiFailed, "it wrote no list of segments", file: path)
    }
    return meta.segmentAttributes.map { file in
      Dictionary(
        file.map { segment in
          let name = [segment.label, segment.description].lazy
            .compactMap { $0.flatMap(LabelNames.cleaned) }.first
          return (segment.labelID, name ?? "segment \(segment.labelID)")
        }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// Whether the file's meta information names a class of segmentations: tag (0002,0002), UI.
  private static func isSegmentation(_ bytes: [UInt8]) throws -> Bool {
    let start = bytes.prefix(4096)
    let tag: [UInt8] = [0x02, 0x00, 0x02, 0x00] + Array("UI".utf8)
    guard let at = start.firstRange(of: tag)?.upperBound, at + 2 <= start.endIndex else {
      return false
    }
    let length = Int(start[at]) | Int(start[at + 1]) << 8
    let value = start[(at + 2)...].prefix(length).prefix { $0 != 0 && $0 != 0x20 }
    return classes.contains(String(decoding: value, as: UTF8.self))
  }
}
