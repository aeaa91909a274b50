import Faults
import Regions
import TestSupport
import Testing

/// Files of label names.
struct LabelNamesTests {
  private func read(_ text: String) throws -> [Int: String] {
    try LabelNames(bytes: Array(text.utf8), file: "p/names.tsv").names
  }

  @Test(arguments: [
    "1\ttumour\n2\tliver\n", "1\ttumour\r\n2\tliver", "\u{FEFF}1\ttumour\r2\tliver\r",
    "# made by hand\n\n 1 \t\"tumour\"\n2.0\tliver\tmore\n", "index\tname\n1\ttumour\n2\tliver\n",
    "label\tname\n1\ttumour\n2\tliver", "Index\tLabel\n1\ttumour\n2\tliver",
    "name\tcolor\tindex\ntumour\t#ff0000\t1\nliver\tn/a\t2\nn/a\tn/a\t3\n",
    "index\tname\n0\tbackground\n1\ttumour\n2\tliver\n2\tliver\n3\t\n",
    """
    ################################################
    # ITK-SnAP Label Description File
    ################################################
        0     0    0    0        0  0  0    "Clear Label"
        1   255    0    0        1  1  1    "tumour"
        2     0  255    0      0.5  1  0    "liver"
    """,
  ])
  func tablesAndSnapFilesSayTheSame(text: String) throws {
    #expect(try read(text) == [1: "tumour", 2: "liver"])
  }

  @Test func utf16IsRead() throws {
    let units = Array("1\ttumour é\n".utf16)
    let little: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let big: [UInt8] = [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    for bytes in [little, big] {
      #expect(try LabelNames(bytes: bytes).names == [1: "tumour é"])
    }
  }

  @Test func snapNamesMayHoldQuotationMarks() throws {
    #expect(try read("1 2 3 4 1 1 1 \"the \"left\" lesion\"") == [1: "the \"left\" lesion"])
  }

  @Test(arguments: [
    ("1 tumour\n", RegionsFault.namesLine), ("1,tumour\n", .namesLine), ("{}", .namesLine),
    ("1\ttumour\nx\tliver\n", .namesLine), ("1\ttumour\n2\n", .namesLine),
    ("1\ttumour\n-2\tliver\n", .namesLine), ("1\ta\n16777217\tliver\n", .namesLine),
    ("1\ta\n99999999999999999999\tliver\n", .namesLine), ("1\ta\n1.5\tb\n", .namesLine),
    ("1 2 3 4 1 1 1 \"a\"\n2\tliver\n", .namesLine),
    ("1\t\(String(repeating: "x", count: 201))\n", .namesLine),
    ("1\te\(String(repeating: "\u{301}", count: 300))\n", .namesLine),
    ("number one\tthing\n1\ta\n", .namesHeader), ("index\tcolour\n1\tred\n", .namesHeader),
    ("1\ttumour\n1\tliver\n", .namesContradict), ("", .namesEmpty), ("# nothing\n", .namesEmpty),
    ("0\tbackground\n", .namesEmpty), ("1\ttu\u{0}mour\n", .namesEncoding),
    ("1\ttu\u{202E}mour\n", .namesEncoding),
  ])
  func otherFilesAreRefused(text: String, code: RegionsFault) {
    let refused = #expect(throws: RegionsError.self) { try read(text) }
    #expect(refused?.code == code, "\(text.prefix(40))")
    #expect(refused?.file == "names.tsv")
    #expect(refused?.description.utf8.count ?? 0 < 1000)
  }

  @Test func otherBytesAreRefused() {
    for bytes: [UInt8] in [
      [0x31, 0x09, 0xE9, 0x0A], [0xFF, 0xFE, 0x31], [0xFF, 0xFE, 0x00, 0xD8],
      [0x1F, 0x8B, 0x08, 0x00],
    ] {
      let refused = #expect(throws: RegionsError.self) { try LabelNames(bytes: bytes) }
      #expect(refused?.code == .namesEncoding)
    }
    let large = #expect(throws: RegionsError.self) {
      try LabelNames(bytes: Array(repeating: 0x31, count: LabelNames.mostBytes + 1))
    }
    #expect(large?.code == .namesTooLarge)
  }

  /// Lines that are cut, doubled and sprinkled with bytes: read or refused, never a crash.
  @Test func damagedFilesAreReadOrRefused() {
    var generator = SeededGenerator(seed: 44)
    let good = Array("index\tname\n1\ttumour\n2\tliver é\n 3 1 2 3 1 1 1 \"x\"\n".utf8)
    let spice: [UInt8] = [0, 9, 10, 13, 32, 34, 35, 46, 48, 57, 0xC3, 0xEF, 0xBB, 0xFE, 0xFF]
    var read = 0
    for _ in 0..<3000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[at] = spice.randomElement(using: &generator) ?? 0
        case 1: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: at)
        default: bytes.removeSubrange(at...min(at + 3, bytes.count - 1))
        }
      }
      if (try? LabelNames(bytes: bytes)) != nil { read += 1 }
    }
    #expect(read > 0)
  }
}
