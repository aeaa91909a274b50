import Documents
import Foundation
import Pages
import TestSupport
import Testing

@Suite struct PictureTests {
  private func hexadecimal(_ colour: Colour?) -> String {
    guard let colour else { return "00000000" }
    return [colour.red, colour.green, colour.blue, 255].map {
      String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
    }.joined()
  }

  /// Every pixel as a decoder written from the standard reads it, exactly; with and without gaps, with
  /// few and with many colours.
  @Test(arguments: [(1, 1, 2), (7, 5, 3), (64, 33, 256), (300, 200, 5000)])
  func pixelsSurviveEncoding(width: Int, height: Int, colours: Int) throws {
    var random = SeededGenerator(seed: 11)
    let palette = (0..<colours).map { _ in
      Colour(
        red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random),
        blue: .random(in: 0...255, using: &random))
    }
    var image = PNGImage(width: width, height: height)
    var expected = "\(width) \(height)\n"
    for row in 0..<height {
      for column in 0..<width {
        let colour = (column + row) % 4 == 3 ? nil : palette.randomElement(using: &random)
        image[column, row] = colour
        #expect(image[column, row] == colour)
        expected += hexadecimal(colour)
      }
      expected += "\n"
    }
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("picture.png").path
    try AtomicFile.write(path, image.encoded())
    #expect(try Tools.reference("png_pixels", [path]) == expected)
  }

  /// SHA-256 of what Tests/reference/colour_maps.py prints with matplotlib 3.11.2.
  @Test(arguments: [
    (
      "viridis",
      "1afca015c94365d81782cad09030555f9fbd4ce51fd9a2f5722d58daaa568a65"
    ),
    (
      "cividis",
      "5d35db7331591abd16568c69bca956bdfcdd2b9e50d1f4c57eccbbeaf3e02dab"
    ),
  ])
  func tablesAreMatplotlibs(name: String, hash: String) {
    let map = name == "viridis" ? ColourMap.viridis : .cividis
    let text = map.colours.map { hexadecimal($0).dropLast(2) }.joined() + "\n"
    #expect(map.colours.count == 256)
    #expect(sha256Hex(text.utf8) == hash, "\(name)")
  }

  /// CIE L* rises over every 16 colours by the mean step, within half of it: equal differences of a map
  /// look about equally large. (A rainbow map's lightness falls in places.)
  @Test(arguments: ["viridis", "cividis"])
  func lightnessRisesEvenly(name: String) {
    let map = name == "viridis" ? ColourMap.viridis : .cividis
    let lightness = map.colours.map { colour -> Double in
      func linear(_ value: UInt8) -> Double {
        let v = Double(value) / 255
        return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
      }
      let y =
        0.2126 * linear(colour.red) + 0.7152 * linear(colour.green)
        + 0.0722 * linear(colour.blue)
      return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y
    }
    let steps = stride(from: 16, to: 256, by: 16).map { lightness[$0] - lightness[$0 - 16] }
    let mean = steps.reduce(0, +) / Double(steps.count)
    #expect(steps.allSatisfy { abs($0 - mean) < 0.5 * mean })
  }

  @Test func valuesBeyondTheWindowKeepTheEndsColours() {
    let map = ColourMap.viridis
    #expect(map.colour(-5, in: 0...10) == map.colours[0])
    #expect(map.colour(50, in: 0...10) == map.colours[255])
    #expect(map.colour(5, in: 0...10) == map.colours[128])
    #expect(map.colour(.infinity, in: 0...10) == map.colours[255])
    #expect(map.colour(.nan, in: 0...10) == nil)
    #expect(map.colour(3, in: 3...3) == map.colours[128])
  }

  @Test func theBarSaysWhereItIsOpen() {
    let bar = ColourBar(.viridis, window: 0...20, label: "PDFF (%)", isOpenAbove: true).markup()
    #expect(bar.source.contains(">≥20<") && bar.source.contains(">0<"))
    #expect(bar.source.contains("PDFF (%)"))
    // Long numbers stay inside the picture: they end at its edge.
    let long = ColourBar(.cividis, window: 0...1000, label: "R2* (1/s)", isOpenAbove: true)
      .markup(width: 220)
    #expect(long.source.contains("x=\"220\" y=\"26\" text-anchor=\"end\""))
    #expect(bar.source.contains("text-anchor=\"middle\""))
  }
}
