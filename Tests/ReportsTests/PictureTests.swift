import Foundation
import Pages
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct SlicePictureTests {
  private let grid = VoxelGrid(
    nx: 7, ny: 5, nz: 3, affine: Affine([-2, 0, 0], [0, 3, 0], [0, 0, 5], origin: [0, 0, 0]))

  /// The picture's pixels, decoded by a reader written from the standard, are the map's colours at the
  /// voxels that stand there: x and y of this grid both run against the screen.
  @Test func pixelsAreTheMaps() throws {
    let values = (0..<grid.count).map { $0 % 11 == 0 ? Float.nan : Float($0) }
    let view = MapView(
      title: "PDFF", values: Volume(grid: grid, values: values), factor: 1, colours: .viridis,
      window: 0...100, bar: nil)
    let plane = Plane(grid, normal: 2, index: 1)
    let frame = Frame(columns: 1..<6, rows: 0..<4)
    let picture = SlicePicture(plane: plane, frame: frame, title: "t", colour: view.colour)
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("picture.png")
    let address = try #require(
      picture.markup().source.firstMatch(of: /base64,([A-Za-z0-9+\/=]+)/)?.output.1)
    try #require(Data(base64Encoded: String(address))).write(to: file)
    let lines = try Tools.reference("png_pixels", [file.path]).split(separator: "\n")
    #expect(lines[0] == "5 4")
    for row in 0..<4 {
      for column in 0..<5 {
        // x runs to the patient's left already, the viewer's right; y runs to anterior, the top.
        let value = values[grid.index(column + 1, 4 - row, 1)]
        let expected = ColourMap.viridis.colour(Double(value), in: 0...100)
        let start = lines[row + 1].index(lines[row + 1].startIndex, offsetBy: 8 * column)
        let text = lines[row + 1][start..<lines[row + 1].index(start, offsetBy: 8)]
        let bytes: [UInt8] =
          expected.map { [$0.red, $0.green, $0.blue, 255] } ?? [0, 0, 0, 0]
        #expect(text == bytes.map { String(format: "%02x", $0) }.joined())
      }
    }
  }

  /// The path's runs are exactly the edges between a pixel of the set and one that is not.
  @Test func outlinesFollowThePixels() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<100 {
      let pixels = (0..<8).flatMap { y in (0..<8).map { SIMD2($0, y) } }
        .filter { _ in Bool.random(using: &random) }
      let inside = Set(pixels)
      var expected = Set<[Int]>()
      for p in pixels {
        if !inside.contains(p &- SIMD2(0, 1)) { expected.insert([0, p.x, p.y]) }
        if !inside.contains(p &+ SIMD2(0, 1)) { expected.insert([0, p.x, p.y + 1]) }
        if !inside.contains(p &- SIMD2(1, 0)) { expected.insert([1, p.x, p.y]) }
        if !inside.contains(p &+ SIMD2(1, 0)) { expected.insert([1, p.x + 1, p.y]) }
      }
      var drawn: [[Int]] = []
      let path = Outline.path(pixels, edge: SIMD2(2, 3))
      for run in path.matches(of: /M(\d+) (\d+)([HV])(\d+)/) {
        let (x, y, end) = (Int(run.1) ?? -1, Int(run.2) ?? -1, Int(run.4) ?? -1)
        if run.3 == "H" {
          for place in (x / 2)..<(end / 2) { drawn.append([0, place, y / 3]) }
        } else {
          for place in (y / 3)..<(end / 3) { drawn.append([1, x / 2, place]) }
        }
      }
      #expect(Set(drawn) == expected && drawn.count == expected.count)
    }
    #expect(Outline.path([], edge: SIMD2(1, 1)).isEmpty)
  }

  /// A region that goes on beyond the frame has no edge there; the scale bar fits and says its length.
  @Test func thePictureSaysWhereAndHowLarge() {
    let plane = Plane(grid, normal: 2, index: 0)
    let everything = (0..<grid.count).map { $0 }
    let picture = SlicePicture(
      plane: plane, frame: Frame(columns: 2..<5, rows: 1..<4), title: "t", colour: { _ in nil },
      outlines: [(everything, false)])
    let source = picture.markup().source
    #expect(source.contains(">R</text>") && source.contains(">A</text>"))
    #expect(source.contains(">2 mm</text>") || source.contains(">5 mm</text>"))
    // Only beyond the frame, which is 6 by 9 mm.
    let runs = source.matches(of: /M(-?\d+) (-?\d+)[HV]/)
    #expect(
      runs.allSatisfy { run in
        let (x, y) = (Int(run.1) ?? 0, Int(run.2) ?? 0)
        return x < 0 || y < 0 || x > 6 || y > 9
      })
  }
}
