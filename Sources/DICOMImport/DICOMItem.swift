/// One data set of DICOM, or one item of a sequence: elements by their tag.
///
/// Values stay where they lie in the file; only the structure is kept.
struct DICOMItem: Sendable {
  enum Element: Sendable {
    /// Where the value lies, and its two-letter type ("" where the file does not say it).
    case value(Range<Int>, type: String)
    case items([DICOMItem])
  }

  var elements: [DICOMTag: Element] = [:]

  func items(_ tag: DICOMTag) -> [DICOMItem] {
    if case .items(let items)? = elements[tag] { return items }
    return []
  }

  /// The element of a private block, wherever the block was put: (group, creator's block, element).
  func privateTag(_ group: UInt16, creator: String, _ element: UInt8, in bytes: DICOMBytes)
    -> DICOMTag?
  {
    for block in UInt16(0x10)...0xFF {
      let place = DICOMTag(group, block)
      guard case .value? = elements[place] else { continue }
      if bytes.text(self, place)?.hasPrefix(creator) == true {
        return DICOMTag(group, block << 8 | UInt16(element))
      }
    }
    return nil
  }
}

/// (group, element).
struct DICOMTag: Hashable, Sendable {
  let group: UInt16
  let element: UInt16

  init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }
}

/// Reads a data set's structure (PS3.5, chapters 7 and A.4): explicit or implicit types, little
/// endian. Damaged input ends the reading, it never traps.
struct DICOMParser {
  typealias Trouble = DICOMFile.Trouble

  private let bytes: UnsafeRawBufferPointer
  private let isExplicit: Bool
  /// Where the pixels begin, for the outermost data set.
  private(set) var pixels: Range<Int>?
  /// Pixels in fragments are compressed.
  private(set) var pixelsAreCompressed = false

  private static let deepest = 16
  private static let undefined = 0xFFFF_FFFF
  private static let item = DICOMTag(0xFFFE, 0xE000)
  private static let endOfItem = DICOMTag(0xFFFE, 0xE00D)
  private static let endOfSequence = DICOMTag(0xFFFE, 0xE0DD)
  private static let longTypes: Set<String> = [
    "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV",
  ]
  /// Sequences that are looked into; implicit files do not say which elements are.
  private static let sequences: Set<DICOMTag> = [
    DICOMTag(0x5200, 0x9229), DICOMTag(0x5200, 0x9230), DICOMTag(0x0018, 0x9112),
    DICOMTag(0x0018, 0x9114), DICOMTag(0x0018, 0x9226), DICOMTag(0x0020, 0x9111),
    DICOMTag(0x0020, 0x9113), DICOMTag(0x0020, 0x9116), DICOMTag(0x0028, 0x9110),
    DICOMTag(0x0028, 0x9145), DICOMTag(0x0040, 0x9096), DICOMTag(0x0040, 0x08EA),
    DICOMTag(0x0018, 0x0012), DICOMTag(0x0018, 0x9340), DICOMTag(0x0018, 0x9117),
    DICOMTag(0x0018, 0x9341), DICOMTag(0x2005, 0x140F),
  ]

  init(_ bytes: UnsafeRawBufferPointer, isExplicit: Bool) {
    self.bytes = bytes
    self.isExplicit = isExplicit
  }

  /// The outermost data set, up to its pixels.
  mutating func dataSet(from start: Int, until stop: (DICOMTag) -> Bool = { _ in false })
    throws(Trouble) -> (DICOMItem, end: Int)
  {
    var place = start
    let found = try dataSet(
      &place, end: bytes.count, depth: 0, isExplicit: isExplicit, stop: stop)
    return (found, place)
  }

  private mutating func dataSet(
    _ place: inout Int, end: Int, depth: Int, isExplicit: Bool, stop: (DICOMTag) -> Bool
  ) throws(Trouble) -> DICOMItem {
    guard depth <= Self.deepest else { throw .damaged }
    var found = DICOMItem()
    while place + 8 <= end {
      let tag = try tag(at: place)
      if tag == Self.endOfItem {
        place += 8
        return found
      }
      if stop(tag) { return found }
      let (type, length, header) = try elementHead(at: place, tag, isExplicit)
      place += header
      if tag == DICOMTag(0x7FE0, 0x0010), depth == 0 {
        pixelsAreCompressed = length == Self.undefined
        guard pixelsAreCompressed || length <= end - place else { throw .cutShort }
        pixels = place..<(pixelsAreCompressed ? try endOfFragments(from: place) : place + length)
        return found
      }
      let isSequence =
        type == "SQ" || length == Self.undefined || (type.isEmpty && Self.sequences.contains(tag))
      if isSequence {
        // An unknown type of undefined length is written implicitly (PS3.5, 6.2.2).
        let inner = isExplicit && type != "UN"
        found.elements[tag] = .items(
          try items(&place, length: length, limit: end, depth: depth, isExplicit: inner))
      } else {
        guard length <= end - place else { throw end == bytes.count ? .cutShort : .damaged }
        found.elements[tag] = .value(place..<place + length, type: type)
        place += length
      }
    }
    return found
  }

  private mutating func items(
    _ place: inout Int, length: Int, limit: Int, depth: Int, isExplicit: Bool
  ) throws(Trouble) -> [DICOMItem] {
    let isOpen = length == Self.undefined
    guard isOpen || length <= limit - place else { throw .damaged }
    let end = isOpen ? limit : place + length
    var found: [DICOMItem] = []
    while place + 8 <= end {
      let tag = try tag(at: place)
      let itemLength = try long(at: place + 4)
      place += 8
      if tag == Self.endOfSequence { return found }
      guard tag == Self.item else { throw .damaged }
      let isOpenItem = itemLength == Self.undefined
      guard isOpenItem || itemLength <= end - place else { throw .damaged }
      let itemEnd = isOpenItem ? end : place + itemLength
      found.append(
        try dataSet(
          &place, end: itemEnd, depth: depth + 1, isExplicit: isExplicit, stop: { _ in false }))
      if !isOpenItem { place = itemEnd }
    }
    place = end
    return found
  }

  /// Compressed pixels are fragments, with an end of their own (PS3.5, A.4).
  private func endOfFragments(from start: Int) throws(Trouble) -> Int {
    var place = start
    while place + 8 <= bytes.count {
      let (tag, length) = (try tag(at: place), try long(at: place + 4))
      place += 8
      if tag == Self.endOfSequence { return place }
      guard tag == Self.item, length != Self.undefined else { throw .damaged }
      place += length
    }
    throw .cutShort
  }

  private func elementHead(
    at place: Int, _ tag: DICOMTag, _ isExplicit: Bool
  ) throws(Trouble) -> (type: String, length: Int, header: Int) {
    guard isExplicit, tag.group != 0xFFFE else { return ("", try long(at: place + 4), 8) }
    let letters = [bytes[place + 4], bytes[place + 5]]
    guard letters.allSatisfy({ (65...90).contains($0) }) else { throw .damaged }
    let type = String(decoding: letters, as: UTF8.self)
    if Self.longTypes.contains(type) { return (type, try long(at: place + 8), 12) }
    return (type, Int(try short(at: place + 6)), 8)
  }

  private func tag(at place: Int) throws(Trouble) -> DICOMTag {
    DICOMTag(try short(at: place), try short(at: place + 2))
  }

  private func short(at place: Int) throws(Trouble) -> UInt16 {
    guard place >= 0, place + 2 <= bytes.count else { throw .damaged }
    return UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt16.self))
  }

  private func long(at place: Int) throws(Trouble) -> Int {
    guard place >= 0, place + 4 <= bytes.count else { throw .damaged }
    return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
  }
}
