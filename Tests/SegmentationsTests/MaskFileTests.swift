import Faults
import Foundation
import Regions
import Segmentations
import TestSupport
import Testing
import Volumes

/// Files of masks against what `Tests/reference/segmentations.py` wrote, and SimpleITK read again.
struct MaskFileTests {
  struct Case: Decodable {
    let file: String
    let grid: ReferenceGrid
    let names: [[String: String]]
  }

  private func withFiles(_ body: (URL, [Case]) throws -> Void) throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try Tools.reference("segmentations", [folder.path])
    let data = try Data(contentsOf: folder.appendingPathComponent("cases.json"))
    try body(folder, try JSONDecoder().decode([Case].self, from: data))
  }

  /// Little-endian int32, x fastest.
  private func labels(_ url: URL) throws -> [Int32] {
    let bytes = [UInt8](try Data(contentsOf: url))
    return stride(from: 0, to: bytes.count, by: 4).map { at in
      Int32(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) })
    }
  }

  /// Values and names exact; places to a hundredth of a micrometre.
  @Test func everyKindOfNRRDReadsAsSimpleITKReadsIt() throws {
    try withFiles { folder, cases in
      #expect(cases.count == 10)
      for one in cases {
        let mask = try MaskFile.read(folder.appendingPathComponent(one.file).path)
        #expect(mask.isPlaced)
        let expected = one.grid.grid
        #expect([mask.grid.nx, mask.grid.ny, mask.grid.nz] == one.grid.shape, "\(one.file)")
        for corner in [SIMD3(0.0, 0, 0), SIMD3(12.0, 10, 4), SIMD3(12.0, 0, 4)] {
          let off = (mask.grid.affine.apply(corner) - expected.affine.apply(corner)).length
          #expect(off < 1e-8, "\(one.file)")
        }
        let images = try mask.labelImages()
        #expect(images.count == one.names.count, "\(one.file)")
        for (number, image) in images.enumerated() {
          let raw = try labels(folder.appendingPathComponent("\(one.file).\(number).raw"))
          #expect(image.labels.values == raw, "\(one.file) layer \(number)")
          let names = Dictionary(uniqueKeysWithValues: image.names.map { ("\($0)", $1) })
          #expect(names == one.names[number], "\(one.file) layer \(number)")
        }
      }
    }
  }

  @Test func segmentsWithoutVoxelsAreSaid() throws {
    try withFiles { folder, _ in
      let mask = try MaskFile.read(folder.appendingPathComponent("sparse.seg.nrrd").path)
      #expect(mask.notices.map(\.code) == ["segment-empty"])
      #expect(mask.notices.first?.message.contains("\"Vessel\"") == true)
    }
  }

  /// Names arrive at the regions, whose numbers stay apart where layers use the same one.
  @Test func namesArriveAtTheRegions() throws {
    try withFiles { folder, _ in
      for (file, names) in [
        ("gzip.seg.nrrd", ["Tumour", "Leber, groß"]), ("layers.seg.nrrd", ["Tumour", "Liver"]),
        ("old.seg.nrrd", ["first", "second"]),
      ] {
        let mask = try MaskFile.read(folder.appendingPathComponent(file).path)
        let set = try RegionSet(try mask.labelImages(), on: mask.grid)
        #expect(set.regions.map(\.name) == names)
        #expect(set.regions.map(\.label) == [1, 2])
        #expect(try set.region(.name(names[1])).label == 2)
        #expect(try set.region(.name(names[0].uppercased())).label == 1)
      }
    }
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let spoil: @Sendable (Data) -> Data
    var testDescription: String { name }

    static func replacing(_ name: String, _ code: String, _ old: String, _ new: String) -> Bad {
      Bad(name: name, code: code) { data in
        guard let range = data.range(of: Data(old.utf8)) else { return Data() }
        var data = data
        data.replaceSubrange(range, with: Data(new.utf8))
        return data
      }
    }
  }

  static let bad: [Bad] = [
    Bad(name: "cut", code: "nrrd-damaged") { $0.dropLast(60) },
    Bad(name: "cut in the header", code: "nrrd-damaged") { $0.prefix(80) },
    .replacing("detached", "nrrd-detached", "encoding: raw", "encoding: raw\ndata file: other.raw"),
    .replacing("huge", "nrrd-too-large", "sizes: 13 11 5", "sizes: 99999 99999 99"),
    .replacing("negative", "nrrd-damaged", "sizes: 13 11 5", "sizes: 13 -11 5"),
    .replacing("longer than the file", "nrrd-damaged", "sizes: 13 11 5", "sizes: 130 11 5"),
    .replacing("not a patient's space", "nrrd-space", "left-posterior-superior", "scanner-xyz"),
    .replacing("a colour", "nrrd-damaged", "domain domain domain", "RGB-color domain domain"),
    .replacing(
      "fractional", "segmentation-fractional", "Binary labelmap", "Fractional labelmap"),
    .replacing(
      "a layer too many", "segmentation-segments", "Segment0_Layer:=0", "Segment0_Layer:=3"),
    .replacing("one label twice", "segmentation-segments", "LabelValue:=2", "LabelValue:=1"),
    .replacing("no label", "segmentation-segments", "LabelValue:=2", "LabelValue:=-2"),
    .replacing("unknown type", "nrrd-damaged", "unsigned char", "unsigned chair"),
  ]

  @Test(arguments: bad) func damagedFilesAreRefused(bad: Bad) throws {
    try withFiles { folder, _ in
      let file = folder.appendingPathComponent("raw.seg.nrrd")
      try bad.spoil(try Data(contentsOf: file)).write(to: file)
      do {
        _ = try MaskFile.read(file.path).labelImages()
        Issue.record("it was read")
      } catch let error as any UserFacingError {
        #expect(error.codeName == bad.code, "\(error)")
        #expect(!"\(error)".contains(folder.path))
      }
    }
  }

  /// Any byte changed: read or refused, never a crash.
  @Test func changedBytesNeverCrash() throws {
    try withFiles { folder, _ in
      var random = SeededGenerator(seed: 82)
      for name in ["raw.seg.nrrd", "gzip.seg.nrrd", "text.nrrd", "bzip2.nrrd"] {
        let whole = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
        let file = folder.appendingPathComponent("changed.nrrd")
        var refused = 0
        for _ in 0..<(Tools.isLong ? 20_000 : 150) {
          var bytes = whole
          for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 8..<min(bytes.count, 900), using: &random)
            bytes[at] = UInt8.random(in: .min ... .max, using: &random)
          }
          try Data(bytes).write(to: file)
          do { _ = try MaskFile.read(file.path).labelImages() } catch { refused += 1 }
        }
        #expect(refused > 0)
      }
    }
  }

  @Test func filesThatAreNoneAreLeftToTheReaderOfNIfTI() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(throws: VolumesError.self) { try MaskFile.read(folder.path + "/no.seg.nrrd") }
    let file = folder.appendingPathComponent("series.dcm")
    var bytes = Data(count: 128)
    bytes.append(Data("DICM".utf8))
    try bytes.write(to: file)
    do {
      _ = try MaskFile.read(file.path)
      Issue.record("it was read")
    } catch let error as SegmentationsError {
      #expect(error.code == .notSegmentation)
    }
  }

  /// `Tests/reference/dicom-seg/make.py` made the segmentation; dcmqi reads it, where there is one.
  @Test func aDICOMSegmentationIsReadThroughDcmqi() throws {
    let path = Tools.root.appendingPathComponent("Tests/reference/dicom-seg/seg.dcm").path
    do {
      let mask = try MaskFile.read(path)
      let set = try RegionSet(try mask.labelImages(), on: mask.grid)
      #expect(set.regions.map(\.name) == ["Tumour", "Liver"])
      #expect(set.regions.map(\.voxels.count) == [40, 576])
      // DICOM's first voxel is at (-20, -10, 10) mm in LPS.
      #expect((mask.grid.affine.origin - SIMD3(20, 10, 10)).length < 1e-6)
    } catch let error as SegmentationsError where error.code == .dcmqiMissing {
      #expect(error.exit == .unavailable)
      print("skipped: dcmqi is not installed, the DICOM segmentation was not read")
    }
  }
}
