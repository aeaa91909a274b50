import Documents
import Foundation
import TestSupport
import Testing

@Suite struct DocumentTests {
  static let document: JSONValue = [
    "schema": "test/1", "list": [1, 2.5, nil, true, "a"], "nested": ["é": ["x": [], "y": [:]]],
    "many": [["a": 1], ["a": -0.0]],
  ]

  @Test func whatIsWrittenReadsBack() throws {
    #expect(try JSONValue(parsing: Self.document.canonical().utf8) == Self.document)
    #expect(try JSONValue(parsing: Self.document.pretty().utf8) == Self.document)
    #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF] + "{\"a\": 1}".utf8) == ["a": 1])
  }

  @Test func prettyIsReadable() {
    let value: JSONValue = ["b": [1, 2], "a": ["x": nil], "c": [["k": true]]]
    #expect(
      value.pretty() == """
        {
          "a": {
            "x": null
          },
          "b": [1, 2],
          "c": [
            {
              "k": true
            }
          ]
        }

        """)
  }

  @Test(arguments: [
    "", "{", "[1 2]", "{\"a\":}", "nul", "1 2", "{\"a\":1e999}", "\"\u{01}\"", "NaN",
  ])
  func brokenTextIsRefused(text: String) {
    #expect(throws: JSONError(.malformed)) { try JSONValue(parsing: text.utf8) }
  }

  @Test func deepNestingIsRefusedAndDoesNotCrash() {
    let text = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    #expect(throws: JSONError(.malformed)) { try JSONValue(parsing: text.utf8) }
  }

  @Test func sealCoversEverythingButItself() {
    let sealed = Self.document.sealed()
    #expect(sealed["sha256"] == .string(sha256Hex(Self.document.canonical().utf8)))
    #expect(sealed.sealed() == sealed)
    #expect(sealed.sealHolds)
    #expect(!Self.document.sealHolds)
    guard case .object(var members) = sealed else { return }
    members["schema"] = "test/2"
    #expect(!JSONValue.object(members).sealHolds)
  }

  /// Python's json and hashlib find the same hash in the pretty file.
  @Test func pythonVerifiesTheSeal() throws {
    let folder = try Tools.scratchFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("document.json")
    try Self.document.sealed().pretty().write(to: file, atomically: false, encoding: .utf8)
    #expect(try Tools.reference("verify_seal", [file.path]) == "sealed\n")
  }

  /// FIPS 180-4 examples as published by NIST, and the million letters.
  @Test func hashAsPublished() {
    #expect(
      sha256Hex("abc".utf8) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sha256Hex("".utf8) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      sha256Hex(repeatElement(UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}
