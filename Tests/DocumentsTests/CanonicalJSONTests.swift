import Documents
import Foundation
import TestSupport
import Testing

@Suite struct CanonicalJSONTests {
  /// RFC 8785 appendix B: doubles by their bits, and what ECMAScript writes for them.
  static let published: [(bits: UInt64, text: String)] = [
    (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"), (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x7fff_ffff_ffff_ffff, "null"), (0x7ff0_0000_0000_0000, "null"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
  ]

  @Test(arguments: published) func numbersAsPublished(bits: UInt64, text: String) {
    #expect(JSONValue.number(Double(bitPattern: bits)).canonical() == text)
  }

  /// Exact against a Python script that lays out `repr`'s shortest digits by ECMAScript's rules:
  /// random bits, and whole numbers and decimals around every border of the layout.
  @Test func numbersAsPythonWritesThem() throws {
    var random = SeededGenerator(seed: 8785)
    var values = (0..<20_000).map { _ in Double(bitPattern: random.next()) }
    for exponent in -8...23 {
      for _ in 0..<200 {
        values.append(Double.random(in: 1..<10, using: &random) * pow(10, Double(exponent)))
        values.append((values[values.count - 1] * 1000).rounded() / 1000)
        values.append(values[values.count - 1].rounded())
      }
    }
    values = values.filter(\.isFinite)
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("bits.txt")
    try values.map { String($0.bitPattern, radix: 16) }.joined(separator: "\n")
      .write(to: file, atomically: false, encoding: .utf8)
    let expected = try Tools.reference("ecmascript_numbers", [file.path]).split(separator: "\n")
    #expect(expected.count == values.count)
    for (value, text) in zip(values, expected) {
      #expect(JSONValue.number(value).canonical() == text)
    }
  }

  /// The example of RFC 8785 section 3.2.3.
  @Test func keysByUTF16CodeUnits() {
    let document: JSONValue = [
      "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet",
      "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Umlaut",
    ]
    #expect(
      document.canonical()
        == "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Umlaut\""
        + ",\"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\""
        + ",\"\u{fb33}\":\"Hebrew Letter Dalet\"}")
  }

  /// The example of RFC 8785 section 3.2.2.
  @Test func serialisationAsPublished() throws {
    let text = """
      {"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],\
      "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}
      """
    #expect(
      try JSONValue(parsing: text.utf8).canonical() == """
        {"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],\
        "string":"\u{20ac}$\\u000f\\nA'B\\"\\\\\\\\\\"/"}
        """)
  }

  @Test func controlCharactersAreEscapedAndNothingElse() {
    let text = String(String.UnicodeScalarView((0..<0x21).map { Unicode.Scalar(UInt8($0)) }))
    #expect(
      JSONValue.string(text + "\u{7f}\u{2028}").canonical() == """
        "\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\
        \\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\
        \\u001d\\u001e\\u001f \u{7f}\u{2028}"
        """)
  }
}
