import CISAL
import Faults

/// Gzip (RFC 1952) in memory, through ISA-L.
public enum Gzip {
  /// Deflate codes 258 bytes in two bits at best: no stream decodes to more than this many bytes
  /// for each of its own.
  static let greatestRatio = 1032

  /// Whether the bytes begin as a gzip stream does.
  static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// All members of a stream, checked; refuses to decode to more than `limit` bytes.
  public static func decompress(
    _ bytes: UnsafeRawBufferPointer, limit: Int
  ) throws(VolumesError) -> [UInt8] {
    let stream = try GzipStream(bytes)
    var result: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = try stream.read(into: piece)
      if count == 0 { return result }
      guard count <= limit - result.count else {
        throw VolumesError(.tooLarge, "it decodes to more than \(limit) bytes")
      }
      result.append(contentsOf: piece[..<count])
    }
  }

  /// One member at ISA-L's level 1, modification time 0, no name.
  public static func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] { compress([bytes]) }

  /// The same of bytes that lie in several places.
  static func compress(_ parts: [UnsafeRawBufferPointer]) -> [UInt8] {
    // No input leads here: memory is out, or ISA-L rejects what it was given room for.
    guard let deflater = pdff_deflater_create() else {
      fatalError("no memory for ISA-L's state of 0.5 MB")
    }
    defer { pdff_deflater_free(deflater) }
    let piece = UnsafeMutablePointer<UInt8>.allocate(capacity: pieceLength)
    defer { piece.deallocate() }
    var empty: UInt8 = 0
    return withUnsafePointer(to: &empty) { nothing in
      var result: [UInt8] = []
      result.reserveCapacity(parts.reduce(64) { $0 + $1.count / 2 })
      for (place, part) in parts.enumerated() {
        let isLast = place == parts.count - 1
        var input = part.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? nothing
        var inputLeft = part.count
        while isLast || inputLeft > 0 {
          var output = piece
          var room = pieceLength
          let status = pdff_deflater_step(
            deflater, &input, &inputLeft, isLast ? 1 : 0, &output, &room)
          result.append(contentsOf: UnsafeBufferPointer(start: piece, count: pieceLength - room))
          switch status {
          case .member_end: return result
          case .more: continue
          default: fatalError("ISA-L does not deflate: \(status)")
          }
        }
      }
      return result
    }
  }

  private static let pieceLength = 1 << 18
}

/// A gzip stream read front to back: any number of members, each checked against its checksum and
/// its length.
///
/// The bytes must stay where they are as long as the stream lives.
final class GzipStream {
  private let inflater: OpaquePointer
  private var input: UnsafePointer<UInt8>
  private var inputLeft: Int
  private(set) var isAtEnd = false

  init(_ bytes: UnsafeRawBufferPointer) throws(VolumesError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw VolumesError(.gzipTruncated, "it is empty")
    }
    guard let inflater = pdff_inflater_create() else {
      throw VolumesError(.tooLarge, "no memory is left to inflate it")
    }
    self.inflater = inflater
    self.input = start.assumingMemoryBound(to: UInt8.self)
    self.inputLeft = bytes.count
  }

  deinit { pdff_inflater_free(inflater) }

  /// Fills `buffer`; fewer bytes than it holds come only at the end of the stream.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(VolumesError) -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    var output = start.assumingMemoryBound(to: UInt8.self)
    var room = buffer.count
    while room > 0 && !isAtEnd {
      let before = (inputLeft, room)
      switch pdff_inflater_step(inflater, &input, &inputLeft, &output, &room) {
      case .member_end: try finishMember()
      case .more:
        // Nothing taken and nothing given: the input is used up in the middle of a member.
        if before == (inputLeft, room) { throw VolumesError(.gzipTruncated) }
      case .wrong_checksum: throw VolumesError(.gzipChecksum)
      default: throw VolumesError(.gzipDamaged)
      }
    }
    return buffer.count - room
  }

  /// Goes on to the next member, or to the end; zeros after the last member are padding.
  private func finishMember() throws(VolumesError) {
    let rest = UnsafeRawBufferPointer(start: input, count: inputLeft)
    if Gzip.recognises(rest) {
      pdff_inflater_reset(inflater)
    } else if rest.allSatisfy({ $0 == 0 }) {
      isAtEnd = true
    } else {
      throw VolumesError(.gzipDamaged, "\(rest.count) bytes follow its end")
    }
  }
}
