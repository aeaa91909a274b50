import Documents
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// What is written, nibabel reads: the same values exactly, the same affine to 1e-6 mm.
@Suite struct NIfTIWriterTests {
  /// A rotated, left-handed grid whose numbers are exact in single precision where that matters.
  private static let oblique = Affine(
    SIMD3(-1.2, 0.9, 0), SIMD3(0.9, 1.2, 0), SIMD3(0, 0, 5), origin: SIMD3(90.5, -120.25, 30.75))
  private static let sheared = Affine(
    SIMD3(1.5, 0, 0), SIMD3(0.25, 1.5, 0), SIMD3(0, 0, 5), origin: SIMD3(1, 2, 3))

  private struct Written {
    let name: String
    let shape: String
    let datatype: NIfTIDatatype
    var affine = oblique
    var real: [Float]
    var imaginary: [Float]?
    var options = NIfTIWriter.Options()
    var version = 1
  }

  private static func files() -> [Written] {
    var generator = SeededGenerator(seed: 3)
    func integers(_ range: ClosedRange<Int>, _ count: Int) -> [Float] {
      (0..<count).map { _ in Float(Int.random(in: range, using: &generator)) }
    }
    func reals(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float.random(in: -1000...1000, using: &generator) }
    }
    var map = reals(120)
    map[0] = .nan
    map[119] = 0
    let phase = NIfTIWriter.Options(
      description: "Größe µ " + String(repeating: "x", count: 80),
      scaling: NIfTIScaling(slope: 2, intercept: -4096))
    return [
      Written(name: "map.nii.gz", shape: "6x5x4", datatype: .float32, real: map),
      Written(name: "map.nii", shape: "6x5x4", datatype: .float32, affine: sheared, real: map),
      Written(
        name: "bits.nii.gz", shape: "6x5x4", datatype: .uint16, real: integers(0...65535, 120)),
      Written(name: "mask.nii.gz", shape: "6x5x4", datatype: .uint8, real: integers(0...1, 120)),
      Written(
        name: "labels.nii.gz", shape: "6x5x4", datatype: .int32,
        real: integers(-(1 << 24)...(1 << 24), 120)),
      Written(
        name: "signed.nii.gz", shape: "6x5x4", datatype: .int8, real: integers(-128...127, 120)),
      Written(
        name: "long.nii.gz", shape: "6x5x4", datatype: .int64,
        real: integers(-(1 << 24)...(1 << 24), 120)),
      Written(
        name: "unsigned.nii.gz", shape: "6x5x4", datatype: .uint32,
        real: integers(0...(1 << 24), 120)),
      Written(
        name: "ulong.nii.gz", shape: "6x5x4", datatype: .uint64, real: integers(0...(1 << 24), 120)),
      Written(
        name: "double.nii.gz", shape: "6x5x4x3", datatype: .float64, real: reals(360)),
      Written(
        name: "complex.nii.gz", shape: "6x5x4x3", datatype: .complex64, real: reals(360),
        imaginary: reals(360)),
      Written(
        name: "complex128.nii", shape: "6x5x4x3", datatype: .complex128, real: reals(360),
        imaginary: reals(360)),
      Written(
        name: "phase.nii.gz", shape: "6x5x4x2", datatype: .int16,
        real: integers(-2048...2047, 240).map { 2 * $0 }, options: phase),
      Written(
        name: "wide.nii.gz", shape: "33000x2x1", datatype: .float32, real: reals(66000),
        version: 2),
    ]
  }

  @Test func nibabelReadsWhatIsWritten() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = Self.files()
    for file in files { try write(file, to: folder) }
    let listed = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(listed.sorted() == files.map(\.name).sorted(), "nothing else is left behind")
    let lines = try Tools.reference("nifti_read", [folder.path]).split(separator: "\n")
    #expect(lines.count == files.count)
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      let file = try #require(files.first { $0.name == fields.first })
      try check(file, fields, folder)
    }
  }

  private func grid(_ file: Written) -> (VoxelGrid, frames: Int) {
    let shape = file.shape.split(separator: "x").compactMap { Int($0) }
    let grid = VoxelGrid(nx: shape[0], ny: shape[1], nz: shape[2], affine: file.affine)
    return (grid, shape.count > 3 ? shape[3] : 1)
  }

  private func write(_ file: Written, to folder: URL) throws {
    let path = folder.appendingPathComponent(file.name).path
    let (grid, frames) = grid(file)
    // The plain calls, where they do.
    switch file.name {
    case "map.nii.gz": try NIfTIWriter.write(Volume(grid: grid, values: file.real), to: path)
    case "bits.nii.gz":
      try NIfTIWriter.write(Volume(grid: grid, values: file.real.map { UInt16($0) }), to: path)
    case "mask.nii.gz":
      try NIfTIWriter.write(Volume(grid: grid, values: file.real.map { UInt8($0) }), to: path)
    default:
      try NIfTIWriter.write(
        grid: grid, frames: frames, real: file.real, imaginary: file.imaginary, as: file.datatype,
        to: path, file.options)
    }
  }

  private func check(_ file: Written, _ fields: [String], _ folder: URL) throws {
    let comment = Comment(rawValue: file.name)
    try #require(fields.count == 12, comment)
    #expect(fields[1] == file.shape, comment)
    #expect(fields[2] == file.datatype.name, comment)
    let rows = fields[3].split(separator: " ").compactMap { Double($0) }
    #expect(distance(file.affine, rows) < 1e-6, comment)
    #expect(fields[4] == "1", comment)
    #expect(fields[5] == (file.affine == Self.sheared ? "0" : "1"), comment)
    if fields[6] != "-" {
      let rows = fields[6].split(separator: " ").compactMap { Double($0) }
      // A quaternion in single precision, times 5 mm.
      #expect(distance(file.affine, rows) < 2e-6, comment)
    }
    #expect(fields[7] == "mm sec", comment)
    let text = file.options.description
    #expect(text.hasPrefix(fields[8]) && fields[8].utf8.count == min(text.utf8.count, 79), comment)
    #expect(fields[9] == (file.version == 1 ? "348" : "540"), comment)
    let path = folder.appendingPathComponent(file.name).path
    let data = try Data(contentsOf: URL(fileURLWithPath: path + ".f32"))
    let truth = file.real + (file.imaginary ?? [])
    #expect(data.elementsEqual(truth.withUnsafeBytes { Data($0) }), comment)
    let image = try NIfTIImage.read(path)
    #expect((image.real + (image.imaginary ?? [])).elementsEqual(truth) { bits($0) == bits($1) })
    #expect(image.grid.coincides(with: grid(file).0, tolerance: 1e-6), comment)
  }

  private func bits(_ value: Float) -> UInt32 { value.isNaN ? 0x7FC0_0000 : value.bitPattern }

  @Test func theSameInputGivesTheSameBytes() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a.nii.gz", "b.nii.gz"].map { folder.appendingPathComponent($0).path }
    let grid = VoxelGrid(nx: 50, ny: 40, nz: 30, affine: Self.oblique)
    let map = Volume<Float>(grid: grid, values: (0..<60000).map { Float($0 % 977) })
    for path in paths { try NIfTIWriter.write(map, to: path) }
    let bytes = try paths.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(bytes[0] == bytes[1])
    #expect(Array(bytes[0][4..<8]) == [0, 0, 0, 0], "gzip's modification time")
  }

  @Test func whatDoesNotFitIsRefusedAndLeavesNothing() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let grid = VoxelGrid(nx: 1, ny: 1, nz: 1, affine: Self.oblique)
    let path = folder.appendingPathComponent("x.nii").path
    let misfits: [(Float, NIfTIDatatype)] = [
      (.nan, .int16), (40000, .int16), (-1, .uint16), (256, .uint8), (.infinity, .int64),
      (1e19, .int64), (-129, .int8),
    ]
    for (value, datatype) in misfits {
      let fault = try #require(throws: VolumesError.self) {
        try NIfTIWriter.write(grid: grid, real: [value], as: datatype, to: path)
      }
      #expect(fault.code == .unstorable && fault.file == "x.nii")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func unwritablePlacesAreSaid() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let grid = VoxelGrid(nx: 1, ny: 1, nz: 1, affine: Self.oblique)
    let taken = folder.appendingPathComponent("taken.nii")
    try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
    for path in [folder.appendingPathComponent("none/x.nii").path, taken.path] {
      let fault = try #require(throws: VolumesError.self) {
        try NIfTIWriter.write(Volume<Float>(grid: grid, repeating: 1), to: path)
      }
      #expect(fault.code == .unwritable && fault.exit == .cannotCreate)
      #expect(!fault.description.contains(folder.path))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["taken.nii"])
  }
}
