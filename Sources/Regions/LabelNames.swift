import Faults

/// Names of labels, from a table (TSV, BIDS `dseg.tsv`) or an ITK-SNAP label file.
public struct LabelNames: Sendable, Equatable {
  /// Name of each label; labels are 1...2^24.
  public let names: [Int: String]

  /// The largest file, bytes.
  public static let mostBytes = 1 << 18
  /// The longest name, characters.
  public static let longestName = 200

  public init(_ names: [Int: String]) { self.names = names }

  /// A name that came with an image, fit to be shown: trimmed, without control characters or marks of
  /// direction, at most `longestName` characters; nil where nothing is left.
  public static func cleaned(_ name: String) -> String? {
    var shown = String.UnicodeScalarView()
    for scalar in name.unicodeScalars.prefix(longestName) {
      shown.append(LabelText.isControl(scalar) ? " " : scalar)
    }
    let bare = LabelText.trimmed(String(shown)[...])
    return bare.isEmpty ? nil : String(bare)
  }

  /// Reads names from a file's bytes: UTF-8, or UTF-16 with a byte-order mark.
  ///
  /// Lines that are empty or begin with `#` say nothing, nor does label 0 or the name `n/a`.
  /// The first line that says something decides the format:
  /// - ITK-SNAP: `index red green blue alpha visible mesh "name"`;
  /// - a table with tabs: label, name; or any columns under a header that names both, for example
  ///   BIDS' `index`, `name`.
  public init(bytes: [UInt8], file: String? = nil) throws(RegionsError) {
    guard bytes.count <= Self.mostBytes else {
      throw RegionsError(.namesTooLarge, "\(bytes.count) bytes", file: file)
    }
    guard let text = LabelText.decode(bytes) else {
      throw RegionsError(.namesEncoding, file: file)
    }
    var layout: LabelLine.Layout?
    var names: [Int: String] = [:]
    for (number, line) in LabelText.lines(of: text) {
      let found: (label: Int, name: String)?
      do throws(LabelLine.Problem) {
        if let layout {
          found = try LabelLine.read(line, layout)
        } else {
          let (first, isHeader) = try LabelLine.layout(of: line)
          layout = first
          found = isHeader ? nil : try LabelLine.read(line, first)
        }
      } catch {
        throw RegionsError(error.code, "line \(number): \(error.words)", file: file)
      }
      guard let found else { continue }
      if let earlier = names[found.label], earlier != found.name {
        throw RegionsError(
          .namesContradict,
          "line \(number): label \(found.label) is \"\(earlier)\" and \"\(found.name)\"",
          file: file)
      }
      names[found.label] = found.name
    }
    guard !names.isEmpty else { throw RegionsError(.namesEmpty, file: file) }
    self.names = names
  }
}

/// Text of a file of names.
enum LabelText {
  /// UTF-8 with or without a byte-order mark, UTF-16 with one; nil where it is neither or binary.
  static func decode(_ bytes: [UInt8]) -> String? {
    let text: String?
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      text = String(validating: bytes.dropFirst(3), as: UTF8.self)
    } else if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      guard bytes.count % 2 == 0 else { return nil }
      let low = bytes[0] == 0xFF ? 0 : 1
      let units = stride(from: 2, to: bytes.count, by: 2).map { at in
        UInt16(bytes[at + low]) | UInt16(bytes[at + 1 - low]) << 8
      }
      text = String(validating: units, as: UTF16.self)
    } else {
      text = String(validating: bytes, as: UTF8.self)
    }
    guard let text, !text.unicodeScalars.contains(where: { isControl($0) }) else { return nil }
    return text
  }

  /// Control characters other than tab and line ends, and the bidirectional overrides, which would
  /// let a name change how the text around it reads.
  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Lines that say something, trimmed of blanks at the ends, with their numbers from 1.
  static func lines(of text: String) -> [(number: Int, line: Substring)] {
    var result: [(number: Int, line: Substring)] = []
    // "\r\n" is one Character, and a newline.
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let bare = trimmed(line)
      if !bare.isEmpty, bare.first != "#" { result.append((index + 1, line)) }
    }
    return result
  }

  static func trimmed(_ text: Substring) -> Substring {
    var rest = text
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return rest
  }
}
