import Documents
import Foundation
import TestSupport
import Testing
import Volumes

/// Every kind of NIfTI file that nibabel writes, read to what nibabel reads from it.
///
/// Voxels are equal to nibabel's double-precision values rounded to Float, bit by bit; affines to
/// within 1e-6 mm (libnifti and nibabel both work in double precision on the same fields).
@Suite struct NIfTIVariantTests {
  @Test func everyVariantReadsAsNibabelReadsIt() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = try Tools.reference("nifti_variants", [folder.path]).split(separator: "\n")
    #expect(lines.count > 250)
    for line in lines {
      let expected = try #require(Variant(line), "\(line)")
      let path = folder.appendingPathComponent(expected.name).path
      let image = try NIfTIImage.read(path)
      expected.check(image.header, "\(expected.name)")
      expected.check(try NIfTIHeader.read(path), "\(expected.name), header alone")
      try checkValues(image, expected, URL(fileURLWithPath: path + ".f32"))
      try checkSources(image, path)
      if path.contains(".img") {
        let header = try #require(image.sources.first?.path)
        let twin = try NIfTIImage.read(header)
        let isEqual = twin.real == image.real && twin.sources.map(\.path) == [header, path]
        #expect(isEqual, "\(expected.name) by its header")
      }
    }
  }

  private func checkValues(_ image: NIfTIImage, _ expected: Variant, _ file: URL) throws {
    let data = try Data(contentsOf: file)
    let values = image.real + (image.imaginary ?? [])
    #expect(data.count == 4 * values.count, "\(expected.name)")
    guard data.count == 4 * values.count else { return }
    var wrong = 0
    var nonFinite = 0
    data.withUnsafeBytes { raw in
      for (index, value) in values.enumerated() {
        let truth = raw.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
        if value != truth && !(value.isNaN && truth.isNaN) { wrong += 1 }
        if !truth.isFinite { nonFinite += 1 }
      }
    }
    #expect(wrong == 0, "\(expected.name)")
    #expect(image.nonFiniteCount == nonFinite, "\(expected.name)")
    if image.scaling == nil, let range = image.storedRange {
      let finite = values.filter(\.isFinite)
      #expect(Float(range.lowerBound) == finite.min(), "\(expected.name)")
      #expect(Float(range.upperBound) == finite.max(), "\(expected.name)")
    }
  }

  private func checkSources(_ image: NIfTIImage, _ path: String) throws {
    #expect(image.sources.count == (image.header.isSingleFile ? 1 : 2))
    #expect(image.sources.contains { $0.path == path })
    for source in image.sources {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: source.path))
      #expect(source.sha256 == sha256Hex([UInt8](bytes)))
    }
  }

  @Test func missingFilesAndOtherNamesAreSaid() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let cases: [(name: String, code: VolumesFault)] = [
      ("none.nii", .missing), ("none.nii.gz", .missing), ("none.img", .missing),
      ("none.hdr.gz", .missing), ("none.dcm", .unknownName), ("none", .unknownName),
      ("none.nii/none.nii", .missing), ("folder.nii", .unreadable), ("alone.hdr", .pairIncomplete),
      ("alone2.img", .pairIncomplete),
    ]
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("folder.nii"), withIntermediateDirectories: true)
    for name in ["alone.hdr", "alone2.img"] {
      try Data(count: 348).write(to: folder.appendingPathComponent(name))
    }
    for (name, code) in cases {
      let path = folder.appendingPathComponent(name).path
      let fault = try #require(throws: VolumesError.self, "\(name)") { try NIfTIImage.read(path) }
      #expect(fault.code == code, "\(name)")
      #expect(fault.file == name.split(separator: "/").last.map(String.init))
      #expect(!fault.description.contains(folder.path))
      #expect(throws: fault) { try NIfTIHeader.read(path) }
    }
  }
}

/// One line of `nifti_variants.py`.
private struct Variant {
  let name: String
  let shape: [Int]
  let datatype: String
  let source: String
  let code: Int
  let affine: [Double]
  let other: [Double]?
  let version: Int
  let isSwapped: Bool

  init?(_ line: Substring) {
    let fields = line.split(separator: "\t").map(String.init)
    guard fields.count == 12, let code = Int(fields[7]), let version = Int(fields[10]) else {
      return nil
    }
    name = fields[0]
    shape = fields[1...4].compactMap { Int($0) }
    datatype = fields[5]
    source = fields[6]
    self.code = code
    affine = fields[8].split(separator: " ").compactMap { Double($0) }
    other = fields[9] == "-" ? nil : fields[9].split(separator: " ").compactMap { Double($0) }
    self.version = version
    isSwapped = fields[11] == "1"
    guard shape.count == 4, affine.count == 12, other == nil || other?.count == 12 else {
      return nil
    }
  }

  func check(_ header: NIfTIHeader, _ comment: Comment) {
    #expect([header.grid.nx, header.grid.ny, header.grid.nz, header.frames] == shape, comment)
    #expect(header.datatype.name == datatype, comment)
    #expect(header.orientation.source.rawValue == source, comment)
    #expect(header.orientation.code == code, comment)
    #expect(header.version == version, comment)
    #expect(header.isSwapped == isSwapped, comment)
    #expect(distance(header.grid.affine, affine) < 1e-6, comment)
    #expect((header.disagreeing == nil) == (other == nil), comment)
    if let mine = header.disagreeing?.affine, let other {
      #expect(distance(mine, other) < 1e-6, comment)
    }
  }
}

/// Greatest difference of any element, mm; `rows` as nibabel prints them.
func distance(_ affine: Affine, _ rows: [Double]) -> Double {
  let (x, y, z) = affine.columns
  let o = affine.origin
  let mine = [x.x, y.x, z.x, o.x, x.y, y.y, z.y, o.y, x.z, y.z, z.z, o.z]
  return zip(mine, rows).map { abs($0 - $1) }.max() ?? .infinity
}
