import Documents
import Foundation
import TestSupport
import Testing
import Volumes

@testable import Worklist

@Suite struct ViewerTests {
  /// Columns of x, y, z: straight, turned, mirrored and oblique.
  static let directions: [[[Double]]] = [
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[-1, 0, 0], [0, -1, 0], [0, 0, 1]],
    [[0, 2, 0], [0, 0, -3], [1, 0, 0]], [[0, 0, 1.5], [-1, 0, 0], [0, -1, 0]],
    [[0.9, 0.3, 0.1], [-0.3, 0.9, 0.2], [-0.03, -0.21, 2.9]],
    [[0.2, -0.95, 0.1], [0.1, 0.15, -0.98], [-0.96, -0.2, -0.1]],
  ]

  @Test(arguments: directions) func slicesLieAsNibabelTurnsThem(_ columns: [[Double]]) throws {
    let shape = [4, 5, 6]
    let vectors = columns.map { SIMD3($0[0], $0[1], $0[2]) }
    let grid = VoxelGrid(
      nx: 4, ny: 5, nz: 6,
      affine: Affine(vectors[0], vectors[1], vectors[2], origin: [-10, 7, 3]))
    let volume = Volume(grid: grid, values: (0..<grid.count).map { Float($0) })
    let rows = (0..<3).map { row in columns.map { $0[row] } + [0] } + [[0, 0, 0, 1]]
    let given = try JSONSerialization.data(withJSONObject: ["shape": shape, "affine": rows])
    let printed = try Tools.reference(
      "screen_axes", [String(decoding: given, as: UTF8.self)])
    let reference = try JSONDecoder().decode([String: [Float]].self, from: Data(printed.utf8))
    for plane in Plane.allCases {
      let slice = try #require(ScreenSlice(volume, ScreenAxes(grid), plane, 2))
      #expect(slice.values == reference[plane.rawValue], "\(plane)")
    }
    #expect(ScreenSlice(volume, ScreenAxes(grid), .axial, 6) == nil)
    #expect(ScreenSlice(volume, ScreenAxes(grid), .axial, -1) == nil)
  }

  @Test func sliceTravelsAsLittleEndianFloats() throws {
    let grid = VoxelGrid(
      nx: 1, ny: 1, nz: 2, affine: Affine([-1, 0, 0], [0, -1, 0], [0, 0, -1], origin: [0, 0, 0]))
    let volume = Volume(grid: grid, values: [Float.nan, 1.5])
    let slice = try #require(ScreenSlice(volume, ScreenAxes(grid), .coronal, 0))
    #expect((slice.width, slice.height) == (1, 2))
    #expect(slice.bytes == [0, 0, 0xC0, 0x7F, 0, 0, 0xC0, 0x3F])
  }

  @Test func mapsAreFoundByTheirSealAndHeldToTheirHashes() throws {
    try inScratch { root, _ in
      let folder = root.appendingPathComponent("case/out")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let map = folder.appendingPathComponent("PDFFmap.nii.gz").path
      let grid = VoxelGrid(
        nx: 2, ny: 2, nz: 2, affine: Affine([1, 0, 0], [0, 1, 0], [0, 0, 1], origin: [0, 0, 0]))
      try NIfTIWriter.write(
        Volume(grid: grid, repeating: Float(7)), to: map, .init(description: ""))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: map))
      let document = JSONValue.object([
        "outputs": [
          [
            "name": "PDFFmap.nii.gz", "sha256": .string(sha256Hex(Array(bytes))), "unit": "percent",
          ],
          ["name": "../../etc/passwd.nii.gz", "sha256": "0", "unit": ""],
        ],
        "input": ["files": []],
      ]).sealed()
      let path = folder.appendingPathComponent("measurement.json").path
      try AtomicFile.write(path, Array(document.canonical().utf8))
      guard case .string(let seal)? = document["sha256"] else { throw CancellationError() }
      let library = MapLibrary(root.path)
      #expect(library.maps(seal: String(repeating: "0", count: 64)) == nil)
      let maps = try #require(library.maps(seal: seal))
      #expect(maps.maps.keys.sorted() == ["PDFFmap"])
      let file = try #require(maps.maps["PDFFmap"])
      #expect(try library.volume(file).values == Array(repeating: 7, count: 8))
      // Another map in its place is not shown; nor is a document that was edited.
      try NIfTIWriter.write(
        Volume(grid: grid, repeating: Float(8)), to: map, .init(description: ""))
      let error = #expect(throws: WorklistError.self) {
        _ = try MapLibrary(root.path).volume(file)
      }
      #expect(error?.code == .mapsDiffer)
      let edited = document.canonical().replacing("percent", with: "permille")
      try AtomicFile.write(path, Array(edited.utf8))
      #expect(library.maps(seal: seal) == nil)
    }
  }
}
