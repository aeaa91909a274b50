import Pages
import Testing

@Suite struct MarkupTests {
  /// Whatever a text holds, it opens no tag, closes no attribute and starts no entity.
  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "a & b",
    "&lt;", "</style></title></textarea>", "\u{0}<b>", "]]>", "<!--",
  ])
  func textStaysText(text: String) {
    let source = element("p", ["title": text]) { text }.source
    #expect(source.filter { $0 == "<" }.count == 2)
    #expect(source.filter { $0 == ">" }.count == 2)
    #expect(source.filter { $0 == "\"" }.count == 2)
    #expect(!source.contains("'"))
    #expect(!source.contains("\u{0}"))
  }

  @Test func interpolatedTextIsEscapedAndMarkupKept() {
    let name = "<i>"
    let line: Markup = "a < b, \(name), \(element("b") { name }), \(5)"
    #expect(line.source == "a &lt; b, &lt;i&gt;, <b>&lt;i&gt;</b>, 5")
  }

  @Test(arguments: [
    ("javascript:alert(1)", "#"), (" java\nscript:alert(1)", "#"), ("\u{1}JavaScript:x", "#"),
    ("data:text/html,x", "#"), ("vbscript:x", "#"), ("/participants/7?a=b:c", nil),
    ("https://example.org/", nil), ("a.html#b:c", nil), ("data:image/png;base64,AA==", nil),
  ])
  func addressesLeadToNoScript(address: String, becomes: String?) {
    let source = element("a", ["href": address]) { "x" }.source
    #expect(source == "<a href=\"\(becomes ?? address)\">x</a>")
  }

  /// Marks that turn the direction of text let a name pose as another.
  @Test func directionMarksAreShownAsReplaced() {
    #expect(Markup("a\u{202E}b\u{2066}").source == "a\u{FFFD}b\u{FFFD}")
  }

  @Test func builderTakesConditionsAndLoops() {
    let list = element("ul") {
      for place in 1...2 { element("li") { "item \(place)" } }
      if zeros(3).isEmpty { "none" } else { "some" }
    }
    #expect(list.source == "<ul><li>item 1</li><li>item 2</li>some</ul>")
  }

  private func zeros(_ count: Int) -> [Int] { Array(repeating: 0, count: count) }

  @Test func attributesAreLeftOutWhereThereIsNone() {
    #expect(element("input", ["required": "", "value": nil]).source == "<input required=\"\">")
  }

  @Test(arguments: [
    (1.25, 1, "1.3"), (-0.04, 1, "0.0"), (-2.5, 0, "\u{2212}3"), (.nan, 2, "–"), (1e20, 0, "–"),
    (0.05, 2, "0.05"),
  ])
  func numbersAreWrittenWithTheirDecimals(value: Double, decimals: Int, text: String) {
    #expect(number(value, decimals) == text)
  }
}
