import Foundation
import Pages
import TestSupport
import Testing

@Suite struct PageTests {
  private let page = Page(title: "A <b> & c", kind: "report") { element("p") { "text" } }.html()

  @Test func thePageNeedsNothingButItself() {
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(page.contains("<title>A &lt;b&gt; &amp; c</title>"))
    #expect(!page.contains("<script") && !page.contains("://") && !page.contains("@import"))
    #expect(!page.contains("url("))
  }

  /// The policy names the very stylesheet: Python's hashlib over what stands between the tags.
  @Test func thePolicyKnowsTheStylesheet() throws {
    let start = try #require(page.firstRange(of: "<style>")).upperBound
    let end = try #require(page.firstRange(of: "</style>")).lowerBound
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("style.css")
    try Data(page[start..<end].utf8).write(to: file)
    let hash = try Tools.run(
      Tools.python,
      [
        "-c",
        "import base64,hashlib,sys;"
          + "print(base64.b64encode(hashlib.sha256(open(sys.argv[1],'rb').read()).digest()).decode())",
        file.path,
      ]
    ).output.trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(page.contains("style-src &#39;sha256-\(hash)&#39;"))
    #expect(page.contains("default-src &#39;none&#39;"))
  }

  @Test func aServersPageLinksItsStylesheet() {
    let page = Page(title: "t", styles: .linked("/style.css")) { "x" }.html()
    #expect(page.contains("<link rel=\"stylesheet\" href=\"/style.css\">"))
    #expect(!page.contains("Content-Security-Policy"))
  }

  /// WCAG 2.2: text 4.5 to 1 (1.4.3), what carries meaning without being text 3 to 1 (1.4.11), in light
  /// and in dark.
  @Test(arguments: [\ColourToken.light, \ColourToken.dark])
  func contrastsSuffice(colour: KeyPath<ColourToken, String> & Sendable) {
    func luminance(_ token: ColourToken) -> Double {
      let value = Int(token[keyPath: colour].dropFirst(), radix: 16) ?? 0
      return zip([16, 8, 0], [0.2126, 0.7152, 0.0722]).reduce(0) { sum, channel in
        let v = Double(value >> channel.0 & 255) / 255
        return sum + channel.1 * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4))
      }
    }
    func contrast(_ a: ColourToken, _ b: ColourToken) -> Double {
      let (x, y) = (luminance(a), luminance(b))
      return (max(x, y) + 0.05) / (min(x, y) + 0.05)
    }
    let texts: [ColourToken] = [.ink, .soft, .accent, .good, .caution, .bad] + ColourToken.series
    for text in texts {
      for ground in [ColourToken.page, .panel] { #expect(contrast(text, ground) >= 4.5) }
    }
    #expect(contrast(.good, .goodBack) >= 4.5)
    #expect(contrast(.caution, .cautionBack) >= 4.5)
    #expect(contrast(.bad, .badBack) >= 4.5)
    #expect(contrast(.edge, .page) >= 3 && contrast(.edge, .panel) >= 3)
  }

  @Test func aStandingHasAWordAndASymbol() {
    for standing in Standing.allCases {
      #expect(badge(standing, "words").source.contains("\(standing.symbol) </span>words"))
    }
    #expect(Set(Standing.allCases.map(\.symbol)).count == 4)
  }

  @Test func tablesHaveHeadsForReadersOfScreens() {
    var table = Table(caption: "c", [.text("a"), .number("b")])
    table.add("<x>", "1")
    let source = table.markup().source
    #expect(source.contains("<th scope=\"col\">a</th>"))
    #expect(source.contains("<th scope=\"row\">&lt;x&gt;</th><td class=\"number\">1</td>"))
  }
}
