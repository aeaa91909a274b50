import TestSupport
import Testing
import Volumes

@Suite struct GzipTests {
  @Test func whatIsDeflatedInflatesToTheSame() throws {
    var generator = SeededGenerator(seed: 11)
    for count in [0, 1, 2, 3, 100, 65535, 65536, 300_000, 2_000_000] {
      let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let few = noise.map { $0 & 3 }
      for bytes in [noise, few, [UInt8](repeating: 9, count: count)] {
        let packed = bytes.withUnsafeBytes { Gzip.compress($0) }
        let back = try packed.withUnsafeBytes { try Gzip.decompress($0, limit: count) }
        #expect(back == bytes, "\(count) bytes")
        if count > 0 {
          let fault = try #require(throws: VolumesError.self) {
            try packed.withUnsafeBytes { try Gzip.decompress($0, limit: count - 1) }
          }
          #expect(fault.code == .tooLarge)
        }
      }
    }
  }

  /// No prefix of a stream passes for the whole.
  @Test func everyCutIsNoticed() throws {
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }
    let packed = bytes.withUnsafeBytes { Gzip.compress($0) }
    for length in 0..<packed.count {
      let fault = try #require(throws: VolumesError.self, "\(length)") {
        try packed[..<length].withUnsafeBytes { try Gzip.decompress($0, limit: 1 << 20) }
      }
      #expect(fault.code == .gzipTruncated, "\(length) of \(packed.count)")
    }
  }
}
